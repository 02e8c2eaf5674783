// Adding ballots up and decrypting the sums (specification, sections "Encrypted tally", "Partial
// decryptions" and "Election result"). Browsers check a result; finding the sums is the service's work.

import { width } from "./answer.mjs";
import { ProtocolError } from "./errors.mjs";
import { hashHex, parseHash } from "./fingerprint.mjs";
import { mul, mulBase, Point, randomScalar as random, sub } from "./group.mjs";
import * as json from "./jsontext.mjs";
import {
  Ciphertext,
  proofFromJson,
  proofToJson,
  proveEquality,
  verifyEquality,
} from "./proofs.mjs";
import { ciphertextsOf, Sums } from "./sums.mjs";

/** @typedef {import("./election.mjs").Election} Election */
/** @typedef {import("./setup.mjs").Setup} Setup */
/** @typedef {import("./ballot.mjs").Ballot} Ballot */
/** @typedef {{ num_tallied: number, total_weight: number, encrypted_tally: string }} SizedTally */
/** @typedef {{ owner: number, payload: string }} Owned whose partial decryption, from 1, and its hash */

const MAX_TALLY_BYTES = 16 * 2 ** 20;
const MAX_REFERENCE_BYTES = 256;

/**
 * @param {Election} election
 * @returns {number} the number of ciphertexts of a ballot
 */
export function ballotWidth(election) {
  return election.questions.reduce((sum, question) => sum + width(question), 0);
}

/** The homomorphic sum of the last ballot of each credential. Ballots must have been verified. */
export class Accumulator {
  /** @type {Map<string, Uint8Array>} */
  #last = new Map();

  /** @param {Setup} setup */
  constructor(setup) {
    this.setup = setup;
    this.sums = new Sums(ballotWidth(setup.election));
  }

  /**
   * Counts a ballot, instead of its credential's earlier one.
   * @param {Ballot} ballot
   */
  add(ballot) {
    const weight = this.setup.weightOf(ballot.credential);
    const key = ballot.credential.hex();
    const replaced = this.#last.get(key);
    if (replaced !== undefined) this.sums.subtract(replaced, weight);
    const points = ciphertextsOf(ballot);
    this.sums.add(points, weight);
    this.#last.set(key, points);
  }

  /** @returns {Uint8Array} the file `encrypted_tally` */
  encryptedTally() {
    return encryptedTally(this.setup.election, this.sums);
  }

  /** @returns {Uint8Array} the file `sized_encrypted_tally`, which refers to `encryptedTally()` */
  sized() {
    return sizedTally(this.sums, this.encryptedTally());
  }
}

/**
 * @param {Election} election
 * @param {Sums} sums
 * @returns {Uint8Array} the file `encrypted_tally`
 */
export function encryptedTally(election, sums) {
  const ciphertexts = sums.weighted().map((ciphertext) => ciphertext.toJson());
  return json.encode(election.questions.map((question) => ciphertexts.splice(0, width(question))));
}

/**
 * @param {Sums} sums
 * @param {Uint8Array} tally
 * @returns {Uint8Array} the payload of an EncryptedTally event
 */
export function sizedTally(sums, tally) {
  return json.encode({
    num_tallied: sums.count,
    total_weight: json.weightToJson(sums.totalWeight),
    encrypted_tally: hashHex(tally),
  });
}

/**
 * @param {Uint8Array} data
 * @returns {SizedTally}
 */
export function parseSizedTally(data) {
  const names = ["num_tallied", "total_weight", "encrypted_tally"];
  const found = json.fields(json.parse(data, MAX_REFERENCE_BYTES), names);
  return {
    num_tallied: json.integer(found.num_tallied),
    total_weight: json.weight(found.total_weight),
    encrypted_tally: parseHash(found.encrypted_tally),
  };
}

/**
 * @param {Uint8Array} data the payload of a PartialDecryption event
 * @returns {Owned}
 */
export function parseOwned(data) {
  const found = json.fields(json.parse(data, MAX_REFERENCE_BYTES), ["owner", "payload"]);
  return { owner: json.integer(found.owner), payload: parseHash(found.payload) };
}

/**
 * @template T
 * @param {json.Json} value
 * @param {(item: json.Json) => T} read
 * @returns {T[][]}
 */
function matrix(value, read) {
  return json.array(value).map((row) => json.array(row).map(read));
}

/**
 * @param {Election} election
 * @param {unknown[][]} rows
 */
function checkShape(election, rows) {
  const { questions } = election;
  if (
    rows.length !== questions.length ||
    rows.some((row, i) => row.length !== width(questions[i]))
  ) {
    throw new ProtocolError("tally-shape", "There is not one item for each choice.");
  }
}

/**
 * @param {Election} election
 * @param {Uint8Array} data
 * @returns {Ciphertext[][]} a row for each question; all points are members of the group
 */
export function parseEncryptedTally(election, data) {
  const rows = matrix(json.parse(data, MAX_TALLY_BYTES), Ciphertext.fromJson);
  checkShape(election, rows);
  return rows.map((row) => row.map((ciphertext) => ciphertext.validated()));
}

/**
 * One trustee's decryption factors and the proofs that they are right, shaped as the tally.
 * @typedef {{ factors: Point[][], proofs: import("./proofs.mjs").Proof[][] }} PartialDecryption
 */

/**
 * Reads without verifying.
 * @param {Uint8Array} data
 * @returns {PartialDecryption}
 */
function parsePartialDecryption(data) {
  const names = ["decryption_factors", "decryption_proofs"];
  const found = json.fields(json.parse(data, MAX_TALLY_BYTES), names);
  return {
    factors: matrix(found.decryption_factors, Point.claim),
    proofs: matrix(found.decryption_proofs, proofFromJson),
  };
}

/**
 * @param {Setup} setup
 * @param {Point} publicKey
 */
function decryptPrefix(setup, publicKey) {
  return `decrypt|${setup.fingerprint}|${publicKey.hex()}|`;
}

/**
 * A trustee's share of the decryption. One random number is drawn for each ciphertext, row by row.
 * @param {Setup} setup
 * @param {Uint8Array} tally `encrypted_tally`
 * @param {bigint} privateKey
 * @param {import("./proofs.mjs").RandomScalar} [randomScalar] fixed by tests only
 * @returns {Uint8Array}
 */
export function partialDecryption(setup, tally, privateKey, randomScalar = random) {
  const publicKey = mulBase(privateKey);
  if (!setup.trustees.keys.some((key) => key.equals(publicKey))) {
    throw new ProtocolError("trustee-unknown", "The key is not one of this election's trustees'.");
  }
  const prefix = decryptPrefix(setup, publicKey);
  const rows = parseEncryptedTally(setup.election, tally);
  return json.encode({
    decryption_factors: rows.map((row) => row.map(({ alpha }) => mul(alpha, privateKey).hex())),
    decryption_proofs: rows.map((row) =>
      row.map(({ alpha }) => proofToJson(proveEquality(prefix, alpha, privateKey, randomScalar))),
    ),
  });
}

/**
 * Checks that `data` is the share of the trustee numbered `owner`, from 1, of this tally.
 * @param {Setup} setup
 * @param {Uint8Array} tally
 * @param {number} owner
 * @param {Uint8Array} data
 */
export function verifyPartialDecryption(setup, tally, owner, data) {
  const publicKey = setup.trustees.keyOf(owner);
  const rows = parseEncryptedTally(setup.election, tally);
  const { factors, proofs } = parsePartialDecryption(data);
  checkShape(setup.election, factors);
  checkShape(setup.election, proofs);
  const prefix = decryptPrefix(setup, publicKey);
  rows.forEach((row, i) => {
    row.forEach(({ alpha }, j) => {
      verifyEquality("decryption-proof", prefix, publicKey, [alpha, factors[i][j]], proofs[i][j]);
    });
  });
}

/**
 * Checks a published result; no logarithm is needed for it.
 * @param {Setup} setup
 * @param {Uint8Array} tally
 * @param {Map<number, Uint8Array>} partials verified partial decryptions by owner
 * @param {number} totalWeight
 * @param {Uint8Array} data the file `result`
 * @returns {number[][]} the sums: for each question, each choice's weight
 */
export function verifyResult(setup, tally, partials, totalWeight, data) {
  const { result } = json.fields(json.parse(data, MAX_TALLY_BYTES), ["result"]);
  const sums = matrix(result, json.weight);
  checkShape(setup.election, sums);
  const shares = new Map(
    [...partials].map(([owner, partial]) => [owner, parsePartialDecryption(partial).factors]),
  );
  for (const factors of shares.values()) checkShape(setup.election, factors);
  parseEncryptedTally(setup.election, tally).forEach((row, i) => {
    row.forEach(({ beta }, j) => {
      const factors = new Map([...shares].map(([owner, rows]) => [owner, rows[i][j]]));
      const decrypted = sub(beta, setup.trustees.combine(factors));
      if (sums[i][j] > totalWeight || !mulBase(BigInt(sums[i][j])).equals(decrypted)) {
        throw new ProtocolError("result-wrong", "The result is not what decryption gives.");
      }
    });
  });
  return sums;
}
