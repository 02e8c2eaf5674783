// Zero-knowledge proofs, made non-interactive by hashing. Three shapes serve every proof of the
// specification: knowledge of a secret key, equality of two logarithms, and a disjunction of "this
// ciphertext encrypts zero". The caller builds the prefix of what is hashed, which names the use and
// covers the statement. Making a proof returns it; verifying one returns nothing and throws.

import { ProtocolError } from "./errors.mjs";
import { add, hashToScalar, mod, mul, mulBase, Point, parseScalar, sub } from "./group.mjs";
import * as json from "./jsontext.mjs";

/** @typedef {import("./jsontext.mjs").Json} Json */
/** @typedef {() => bigint} RandomScalar where secrets come from: uniform below q at each call */

/**
 * A challenge and a response (section "Common structures").
 * @typedef {{ challenge: bigint, response: bigint }} Proof
 */

/**
 * What the prover knows of a ciphertext: its randomness and the number it encrypts.
 * @typedef {{ randomness: bigint, number: number }} Opening
 */

/**
 * @param {Proof} proof
 * @returns {Json}
 */
export function proofToJson({ challenge, response }) {
  return { challenge: challenge.toString(), response: response.toString() };
}

/**
 * @param {Json} value
 * @returns {Proof}
 */
export function proofFromJson(value) {
  const { challenge, response } = json.fields(value, ["challenge", "response"]);
  return { challenge: parseScalar(challenge), response: parseScalar(response) };
}

/** An ElGamal pair: g^r and y^r g^m in the specification's writing. */
export class Ciphertext {
  /**
   * @param {Point} alpha
   * @param {Point} beta
   */
  constructor(alpha, beta) {
    this.alpha = alpha;
    this.beta = beta;
  }

  /**
   * The points are claims until a proof about them verifies, or `validated` is called.
   * @param {Json} value
   * @returns {Ciphertext}
   */
  static fromJson(value) {
    const { alpha, beta } = json.fields(value, ["alpha", "beta"]);
    return new Ciphertext(Point.claim(alpha), Point.claim(beta));
  }

  /** @returns {Json} */
  toJson() {
    return { alpha: this.alpha.hex(), beta: this.beta.hex() };
  }

  /** @returns {this} itself, once both points were found to be members of the group */
  validated() {
    this.alpha.validated();
    this.beta.validated();
    return this;
  }

  /** @returns {string} the form in which hashes take it */
  hashed() {
    return `${this.alpha.hex()},${this.beta.hex()}`;
  }

  /**
   * @param {Ciphertext} other
   * @returns {Ciphertext} an encryption of the sum
   */
  add(other) {
    return new Ciphertext(add(this.alpha, other.alpha), add(this.beta, other.beta));
  }

  /**
   * @param {Ciphertext} other
   * @returns {Ciphertext} an encryption of the difference
   */
  sub(other) {
    return new Ciphertext(sub(this.alpha, other.alpha), sub(this.beta, other.beta));
  }

  /**
   * @param {Point} amount
   * @returns {Ciphertext} an encryption of what is left after taking the number whose multiple it is
   */
  minus(amount) {
    return new Ciphertext(this.alpha, sub(this.beta, amount));
  }
}

/**
 * @param {Point} multiple of the base, by the response
 * @param {Proof} proof
 * @param {Point} image
 * @returns {string}
 */
function commitment(multiple, proof, image) {
  return add(multiple, mul(image, proof.challenge)).hex();
}

/**
 * @param {string} code
 * @param {string} hashed
 * @param {bigint} challenge
 */
function checkChallenge(code, hashed, challenge) {
  if (hashToScalar(hashed) !== challenge) {
    throw new ProtocolError(code, "The proof does not hold for what it is about.");
  }
}

/**
 * Proves knowledge of `secret`; the hash is over `prefix` and the commitment.
 * @param {string} prefix
 * @param {bigint} secret
 * @param {RandomScalar} randomScalar
 * @returns {Proof}
 */
export function proveKnowledge(prefix, secret, randomScalar) {
  const nonce = randomScalar();
  const challenge = hashToScalar(prefix + mulBase(nonce).hex());
  return { challenge, response: mod(nonce - secret * challenge) };
}

/**
 * @param {string} code of the error unless `proof` shows knowledge of the secret of `publicKey`
 * @param {string} prefix
 * @param {Point} publicKey
 * @param {Proof} proof
 */
export function verifyKnowledge(code, prefix, publicKey, proof) {
  const hashed = prefix + commitment(mulBase(proof.response), proof, publicKey);
  checkChallenge(code, hashed, proof.challenge);
}

/**
 * Proves that one `secret` gives both a public key and its multiple of `base`.
 * @param {string} prefix
 * @param {Point} base
 * @param {bigint} secret
 * @param {RandomScalar} randomScalar
 * @returns {Proof}
 */
export function proveEquality(prefix, base, secret, randomScalar) {
  const nonce = randomScalar();
  const challenge = hashToScalar(`${prefix}${mulBase(nonce).hex()},${mul(base, nonce).hex()}`);
  return { challenge, response: mod(nonce - secret * challenge) };
}

/**
 * @param {string} code of the error unless `image` is to `base` what `publicKey` is to the generator
 * @param {string} prefix
 * @param {Point} publicKey
 * @param {[base: Point, image: Point]} pair
 * @param {Proof} proof
 */
export function verifyEquality(code, prefix, publicKey, [base, image], proof) {
  const first = commitment(mulBase(proof.response), proof, publicKey);
  const second = commitment(mul(base, proof.response), proof, image);
  checkChallenge(code, `${prefix}${first},${second}`, proof.challenge);
}

/**
 * Proves that one of the ciphertexts behind `openings` encrypts zero, without saying which: sections
 * "Proofs of interval membership" and "Proofs of possibly-blank votes". Random numbers are drawn in
 * this order: a challenge and a response for each other ciphertext as they come, then the nonce of
 * the true one.
 * @param {string} prefix
 * @param {Point} key
 * @param {Opening[]} openings
 * @param {number} truth the position of one that encrypts zero
 * @param {RandomScalar} randomScalar
 * @returns {Proof[]}
 */
export function proveDisjunction(prefix, key, openings, truth, randomScalar) {
  /** @type {Proof[]} */
  const proofs = [];
  /** @type {string[]} */
  const commitments = [];
  openings.forEach((opening, index) => {
    if (index === truth) return;
    proofs[index] = { challenge: randomScalar(), response: randomScalar() };
    commitments[index] = simulated(key, opening, proofs[index]);
  });
  const others = proofs.reduce((sum, { challenge }) => sum + challenge, 0n);
  const nonce = randomScalar();
  commitments[truth] = `${mulBase(nonce).hex()},${mul(key, nonce).hex()}`;
  const challenge = mod(hashToScalar(prefix + commitments.join(",")) - others);
  proofs[truth] = { challenge, response: mod(nonce - openings[truth].randomness * challenge) };
  return proofs;
}

/**
 * The commitments that the verifier will compute, from what the prover knows: cheaper.
 * @param {Point} key
 * @param {Opening} opening
 * @param {Proof} proof
 * @returns {string}
 */
function simulated(key, { randomness, number }, { challenge, response }) {
  const exponent = mod(response + randomness * challenge);
  const shift = mulBase(BigInt(number) * challenge);
  return `${mulBase(exponent).hex()},${add(mul(key, exponent), shift).hex()}`;
}

/**
 * @param {string} code of the error unless `proofs` shows that one of `branches` encrypts zero
 * @param {string} prefix
 * @param {Point} key
 * @param {Ciphertext[]} branches
 * @param {Proof[]} proofs one for each branch
 */
export function verifyDisjunction(code, prefix, key, branches, proofs) {
  const commitments = branches.flatMap(({ alpha, beta }, index) => [
    commitment(mulBase(proofs[index].response), proofs[index], alpha),
    commitment(mul(key, proofs[index].response), proofs[index], beta),
  ]);
  const challenge = mod(proofs.reduce((sum, proof) => sum + proof.challenge, 0n));
  checkChallenge(code, prefix + commitments.join(","), challenge);
}
