// Threshold groups of trustees, as they stand in an election's `trustees` after their key generation:
// enough for anybody to check that each member's key comes from the polynomials that the members
// signed (specification, "Messages specific to threshold decryption support").

import { toUtf8 } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { add, GROUP, IDENTITY, mul, Point, Q, total } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { proofFromJson, verifyKnowledge } from "./proofs.mjs";
import { publicKeyFromJson } from "./trustee_key.mjs";

/** @typedef {import("./jsontext.mjs").Json} Json */

/**
 * A verified group of trustees of whom `threshold` must come together.
 * @typedef {{ threshold: number, publicKey: Point, verificationKeys: Point[] }} ThresholdParameters
 */

const MAX_MESSAGE_BYTES = 2 ** 20;

/**
 * @param {Point} key
 * @param {string} message
 * @param {Json} signature
 */
function verifySignature(key, message, signature) {
  const proof = proofFromJson(signature);
  verifyKnowledge("trustee-signature", `sigmsg|${message}|`, key, proof);
}

/**
 * A message and its Schnorr signature (section "Signing").
 * @param {Json} value
 * @returns {{ message: string, content: Json, signature: Json }}
 */
function signedFromJson(value) {
  const found = json.fields(value, ["message", "signature"]);
  const message = json.text(found.message);
  const content = json.parse(toUtf8(message), MAX_MESSAGE_BYTES);
  return { message, content, signature: found.signature };
}

/**
 * Section "Certificates".
 * @param {Json} value
 * @param {{ size: number, threshold: number, index: number }} place where it stands
 * @returns {Point} the key with which its owner signs
 */
function verifyCertificate(value, { size, threshold, index }) {
  const { message, content, signature } = signedFromJson(value);
  const found = json.fields(content, ["context", "verification", "encryption"]);
  const context = json.fields(found.context, ["group", "size", "threshold", "index"]);
  if (context.group !== GROUP) {
    throw new ProtocolError("group-not-supported", "The certificate is for another group.");
  }
  const verification = Point.fromHex(found.verification);
  const encryption = Point.fromHex(found.encryption);
  if (context.size !== size || context.threshold !== threshold || context.index !== index) {
    throw new ProtocolError(
      "trustee-certificate",
      "A certificate is for another group of trustees.",
    );
  }
  if (verification.isIdentity() || encryption.isIdentity()) {
    throw new ProtocolError("key-is-neutral", "A certificate's key hides nothing.");
  }
  verifySignature(verification, message, signature);
  return verification;
}

/**
 * Section "Polynomials".
 * @param {Json} value
 * @param {Point} key of the member whose polynomial it is
 * @param {Json} certs all certificates, which the member has signed with its coefficients
 * @param {Json} signature
 * @param {number} threshold
 * @returns {Point[]} A_0 … A_t
 */
function verifyPolynomial(value, key, certs, signature, threshold) {
  const signed = signedFromJson(value);
  verifySignature(key, signed.message, signed.signature);
  const { coefexps } = json.fields(signed.content, ["coefexps"]);
  const points = json.array(coefexps).map(Point.fromHex);
  if (points.length !== threshold) {
    throw new ProtocolError("threshold-shape", "A polynomial is not of the group's degree.");
  }
  verifySignature(key, `certs_sig|${json.stringify({ certs, coefexps })}`, signature);
  return points;
}

/**
 * @param {Point[]} coefficients
 * @param {number} index
 * @returns {Point} the image of the polynomial at `index`, by Horner's rule
 */
function evaluate(coefficients, index) {
  return coefficients.reduceRight(
    (image, coefficient) => add(mul(image, BigInt(index)), coefficient),
    IDENTITY,
  );
}

/**
 * Reads and verifies `threshold_parameters`.
 * @param {Json} value
 * @returns {ThresholdParameters}
 */
export function thresholdFromJson(value) {
  const names = ["threshold", "certs", "coefexps", "signatures", "verification_keys"];
  const found = json.fields(value, names);
  const threshold = json.integer(found.threshold);
  const [certs, coefexps, signatures, keys] = names.slice(1).map((name) => json.array(found[name]));
  const size = certs.length;
  const fits = [coefexps, signatures, keys].every((list) => list.length === size);
  if (!fits || threshold < 1 || threshold > size) {
    throw new ProtocolError("threshold-shape", "The group's lists do not fit each other.");
  }
  const signers = certs.map((cert, i) =>
    verifyCertificate(cert, { size, threshold, index: i + 1 }),
  );
  const polynomials = coefexps.map((item, i) =>
    verifyPolynomial(item, signers[i], certs, signatures[i], threshold),
  );
  const summed = polynomials[0].map((_, power) => total(polynomials.map((row) => row[power])));
  const verificationKeys = keys.map((item, i) => {
    const { publicKey, signature } = publicKeyFromJson(item);
    if (!publicKey.equals(evaluate(summed, i + 1))) {
      throw new ProtocolError("trustee-key", "A key does not follow from the polynomials.");
    }
    if (signature === null) {
      throw new ProtocolError("trustee-signature", "A member did not sign its key.");
    }
    verifyKnowledge("trustee-signature", `sigmsg|${publicKey.hex()}|`, signers[i], signature);
    return publicKey;
  });
  return { threshold, publicKey: summed[0], verificationKeys };
}

/**
 * @param {number[]} indices
 * @returns {Map<number, bigint>} the coefficients, modulo q, that give a polynomial's value at 0 from
 *   those at `indices`
 */
export function lagrange(indices) {
  return new Map(
    indices.map((index) => {
      const others = indices.filter((other) => other !== index);
      const numerator = others.reduce((product, other) => (product * BigInt(other)) % Q, 1n);
      const denominator = others.reduce(
        (product, other) => (product * (Q + BigInt(other - index))) % Q,
        1n,
      );
      return [index, (numerator * inverse(denominator)) % Q];
    }),
  );
}

/**
 * @param {bigint} value
 * @returns {bigint} its inverse modulo q, by Fermat's little theorem
 */
function inverse(value) {
  let result = 1n;
  let square = value % Q;
  for (let exponent = Q - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % Q;
    square = (square * square) % Q;
  }
  return result;
}
