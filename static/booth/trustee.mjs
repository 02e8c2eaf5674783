// Trustees: private keys, public keys, and how shares combine (specification, section "Trustees").
// They are numbered from 1 in the order of the file, members of a threshold group one by one: a partial
// decryption names its trustee by this number, its *owner*.

import { ProtocolError } from "./errors.mjs";
import { mul, parseScalar, randomScalar, total } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { lagrange, thresholdFromJson } from "./threshold.mjs";
import { provePublicKey, publicKeyFromJson } from "./trustee_key.mjs";

/** @typedef {import("./group.mjs").Point} Point */
/** @typedef {import("./jsontext.mjs").Json} Json */

const MAX_TRUSTEES_BYTES = 4 * 2 ** 20;
const MAX_KEY_BYTES = 4096;

/** @returns {bigint} a new private key, from 1 to q − 1 */
export function generatePrivateKey() {
  return randomScalar() || generatePrivateKey();
}

/**
 * @param {bigint} privateKey
 * @returns {Uint8Array} the file in which belenios-tool keeps a private key
 */
export function privateKeyJson(privateKey) {
  return json.encode(privateKey.toString());
}

/**
 * @param {Uint8Array} data such a file; a line's end is tolerated
 * @returns {bigint}
 */
export function parsePrivateKey(data) {
  let end = data.length;
  while (end > 0 && (data[end - 1] === 0x0a || data[end - 1] === 0x0d)) end -= 1;
  return parseScalar(json.parse(data.subarray(0, end), MAX_KEY_BYTES));
}

/**
 * @param {bigint} privateKey
 * @returns {Uint8Array} the `trustee_public_key` to publish: the key, and the proof that its owner
 *   knows it
 */
export function publicKeyJson(privateKey) {
  return json.encode(provePublicKey(privateKey, randomScalar));
}

/**
 * Reads and verifies a `trustee_public_key`.
 * @param {Uint8Array} data
 * @returns {Point}
 */
export function parsePublicKey(data) {
  return publicKeyFromJson(json.parse(data, MAX_KEY_BYTES)).publicKey;
}

/**
 * One trustee (who is needed), or a group of whom the threshold is.
 * @typedef {{ threshold: number, publicKey: Point, verificationKeys: Point[] }} Kind
 */

/**
 * @param {Json} value
 * @returns {Kind}
 */
function kindFromJson(value) {
  const [name, item, ...rest] = json.array(value);
  if (rest.length === 0 && name === "Single") {
    const { publicKey } = publicKeyFromJson(item);
    return { threshold: 1, publicKey, verificationKeys: [publicKey] };
  }
  if (rest.length === 0 && name === "Pedersen") return thresholdFromJson(item);
  throw new ProtocolError("json-type", 'Expected ["Single", …] or ["Pedersen", …].');
}

/** Who holds the election's key: single trustees, all needed, and threshold groups. */
export class Trustees {
  /** @param {Kind[]} kinds */
  constructor(kinds) {
    this.kinds = kinds;
  }

  /**
   * Reads the file `trustees` and verifies every proof and signature in it.
   * @param {Uint8Array} data
   * @returns {Trustees}
   */
  static parse(data) {
    const kinds = json.array(json.parse(data, MAX_TRUSTEES_BYTES)).map(kindFromJson);
    const trustees = new Trustees(kinds);
    const keys = trustees.keys.map((key) => key.hex());
    if (keys.length === 0) throw new ProtocolError("no-trustee", "Nobody holds the key.");
    if (new Set(keys).size !== keys.length) {
      throw new ProtocolError("trustee-twice", "The same key stands for two trustees.");
    }
    return trustees;
  }

  /** The keys against which shares are checked; that of owner n stands at n − 1. */
  get keys() {
    return this.kinds.flatMap((kind) => kind.verificationKeys);
  }

  /**
   * @param {number} owner from 1
   * @returns {Point}
   */
  keyOf(owner) {
    const key = this.keys[owner - 1];
    if (key === undefined) {
      throw new ProtocolError("owner-unknown", `There is no trustee number ${owner}.`);
    }
    return key;
  }

  /** @returns {Point} the election's public key y */
  electionPublicKey() {
    return total(this.kinds.map((kind) => kind.publicKey));
  }

  /**
   * For each owner whose share is used, the multiple to add (section "Election result"). Of a
   * threshold group's members the first ones are used, as many as are needed.
   * @param {number[]} owners
   * @returns {Map<number, bigint>}
   */
  coefficients(owners) {
    /** @type {Map<number, bigint>} */
    const used = new Map();
    let before = 0;
    for (const { threshold, verificationKeys } of this.kinds) {
      const start = before;
      const indices = verificationKeys.map((_, index) => index + 1);
      const present = indices.filter((index) => owners.includes(start + index));
      if (present.length < threshold) {
        const missing = `${present.length} of ${threshold} shares from owner ${start + 1} on.`;
        throw new ProtocolError("shares-missing", missing);
      }
      for (const [index, coefficient] of lagrange(present.slice(0, threshold))) {
        used.set(start + index, coefficient);
      }
      before += verificationKeys.length;
    }
    return used;
  }

  /**
   * @param {Map<number, Point>} shares by owner
   * @returns {Point} the whole factor: what the election's private key would give
   */
  combine(shares) {
    const used = [...this.coefficients([...shares.keys()])];
    return total(
      used.map(([owner, coefficient]) => {
        const share = /** @type {Point} */ (shares.get(owner));
        return coefficient === 1n ? share : mul(share, coefficient);
      }),
    );
  }
}
