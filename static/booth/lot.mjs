// Drawing lots that nobody can steer and everybody can recompute: see vote/election/lot.py. Once the
// encrypted tally stands, every trustee multiplies one point P by its private key and proves it.

import { toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { parseHash } from "./fingerprint.mjs";
import { add, IDENTITY, mul, mulBase, Point, randomScalar as random } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { proofFromJson, proofToJson, proveEquality, verifyEquality } from "./proofs.mjs";
import { sha256 } from "./sodium.mjs";

const MAX_SHARE_BYTES = 1024;

/**
 * P: a point whose logarithm nobody knows. For n = 0, 1, 2…, take the SHA-256 of
 * `lot|FINGERPRINT|EVENT_HASH|n` as the digits of a compressed point; the first one that is on the
 * curve, times the cofactor 8, is P.
 * @param {string} fingerprint of the election
 * @param {string} eventHash of its EncryptedTally event
 * @returns {Point}
 */
export function basePoint(fingerprint, eventHash) {
  const statement = `lot|${fingerprint}|${parseHash(eventHash)}|`;
  for (let n = 0; ; n++) {
    const point = timesCofactor(Point.claim(toHex(sha256(`${statement}${n}`))));
    if (!point.isIdentity()) return point;
  }
}

/**
 * @param {Point} candidate
 * @returns {Point} eight times the point, in the subgroup; the neutral element off the curve
 */
function timesCofactor(candidate) {
  try {
    const twice = add(candidate, candidate);
    const fourTimes = add(twice, twice);
    return add(fourTimes, fourTimes);
  } catch (error) {
    if (error instanceof ProtocolError) return IDENTITY;
    throw error;
  }
}

/**
 * @param {string} fingerprint
 * @param {Point} publicKey
 * @param {Point} base
 */
function lotPrefix(fingerprint, publicKey, base) {
  return `lot|${fingerprint}|${publicKey.hex()}|${base.hex()}|`;
}

/**
 * A trustee's share of the lot. One random number is drawn.
 * @param {bigint} privateKey
 * @param {string} fingerprint
 * @param {string} eventHash
 * @param {import("./proofs.mjs").RandomScalar} [randomScalar] fixed by tests only
 * @returns {Uint8Array}
 */
export function lotShare(privateKey, fingerprint, eventHash, randomScalar = random) {
  const base = basePoint(fingerprint, eventHash);
  const prefix = lotPrefix(fingerprint, mulBase(privateKey), base);
  const proof = proveEquality(prefix, base, privateKey, randomScalar);
  return json.encode({ factor: mul(base, privateKey).hex(), proof: proofToJson(proof) });
}

/**
 * The factor in a share, once it is proved to be by the owner of `publicKey`.
 * @param {Point} publicKey
 * @param {string} fingerprint
 * @param {string} eventHash
 * @param {Uint8Array} data
 * @returns {Point}
 */
export function verifyLotShare(publicKey, fingerprint, eventHash, data) {
  const found = json.fields(json.parse(data, MAX_SHARE_BYTES), ["factor", "proof"]);
  const factor = Point.fromHex(found.factor);
  const proof = proofFromJson(found.proof);
  const base = basePoint(fingerprint, eventHash);
  const prefix = lotPrefix(fingerprint, publicKey, base);
  verifyEquality("lot-proof", prefix, publicKey, [base, factor], proof);
  return factor;
}

/**
 * The election's lot from its trustees' shares; each of them is verified.
 * @param {import("./trustee.mjs").Trustees} trustees
 * @param {string} fingerprint
 * @param {string} eventHash
 * @param {Map<number, Uint8Array>} shares by owner
 * @returns {Point}
 */
export function combine(trustees, fingerprint, eventHash, shares) {
  const factors = [...shares].map(
    ([owner, data]) =>
      /** @type {const} */ ([
        owner,
        verifyLotShare(trustees.keyOf(owner), fingerprint, eventHash, data),
      ]),
  );
  return trustees.combine(new Map(factors));
}

/**
 * @param {Point[]} points the lots of all elections of a ballot paper, in order
 * @returns {Uint8Array} the seed of its lots: 32 bytes
 */
export function seed(points) {
  return sha256(`vote-lot|${points.map((point) => point.hex()).join(",")}`);
}
