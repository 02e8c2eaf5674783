// The group: the prime-order subgroup of Ed25519 (specification, section "Groups"). The specification
// writes it multiplicatively; libsodium, and this module, additively. A point is written in JSON, and in
// every hash, as 64 hexadecimal digits of the *big-endian* compressed point; libsodium's own bytes are
// little-endian.

import { fromHex, sameBytes, toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import sodium, { sha256 } from "./sodium.mjs";

/** The group's name, in elections and in what is hashed. */
export const GROUP = "Ed25519";

/** The order of the group. */
export const Q = 2n ** 252n + 27742317777372353535851937790883648493n;

const IDENTITY_BYTES = new Uint8Array(32);
IDENTITY_BYTES[0] = 1;

// A generator plus the point of order two: versions of libsodium took it for a member of the subgroup
// (CVE-2025-69277), and then half of all broken proofs would verify.
const MIXED_ORDER = new Uint8Array(32).fill(0x99);
MIXED_ORDER[0] = 0x95;
MIXED_ORDER[31] = 0x19;
if (sodium.crypto_core_ed25519_is_valid_point(MIXED_ORDER)) {
  throw new Error("This libsodium accepts points outside the prime-order subgroup: update it.");
}

/** @returns {ProtocolError} */
function stranger() {
  return new ProtocolError("point-not-in-subgroup", "The point is not a member of the group.");
}

/** A group element. From outside, make it with `fromHex`, which checks everything, or `claim`. */
export class Point {
  /** @type {string | undefined} */
  #hex;

  /** @param {Uint8Array} bytes 32 bytes in libsodium's order */
  constructor(bytes) {
    /** @readonly */
    this.bytes = bytes;
  }

  /**
   * @param {unknown} text
   * @returns {Point}
   * @throws {ProtocolError} "point-syntax"; "point-not-in-subgroup" when the encoding is not canonical,
   *   not on the curve, or outside the prime-order subgroup. The neutral element is a member.
   */
  static fromHex(text) {
    return Point.claim(text).validated();
  }

  /**
   * Decodes without checking that the point belongs to the group: for points that are multiplied
   * before they are trusted, since `mul` refuses a stranger.
   * @param {unknown} text
   * @returns {Point}
   */
  static claim(text) {
    const bytes = typeof text === "string" && text.length === 64 ? fromHex(text) : null;
    if (bytes === null) {
      throw new ProtocolError("point-syntax", "A point is 64 lower-case hexadecimal digits.");
    }
    return new Point(bytes.reverse());
  }

  /** @returns {this} itself, once found to be a member of the group */
  validated() {
    // libsodium counts the neutral element among the points of small order.
    if (!this.isIdentity() && !sodium.crypto_core_ed25519_is_valid_point(this.bytes))
      throw stranger();
    return this;
  }

  /** @returns {string} 64 hexadecimal digits, big-endian */
  hex() {
    this.#hex ??= toHex(this.bytes.slice().reverse());
    return this.#hex;
  }

  /** @param {Point} other */
  equals(other) {
    return sameBytes(this.bytes, other.bytes);
  }

  /** @returns {boolean} */
  isIdentity() {
    return sameBytes(this.bytes, IDENTITY_BYTES);
  }
}

export const IDENTITY = new Point(IDENTITY_BYTES);

/**
 * Runs libsodium on points from outside: it throws for those that are not on the curve.
 * @param {() => Uint8Array} compute
 * @returns {Point}
 */
function checked(compute) {
  try {
    return new Point(compute());
  } catch {
    throw stranger();
  }
}

/**
 * @param {Point} left
 * @param {Point} right
 * @returns {Point} the sum (the specification's product)
 */
export function add(left, right) {
  return checked(() => sodium.crypto_core_ed25519_add(left.bytes, right.bytes));
}

/**
 * @param {Point} left
 * @param {Point} right
 * @returns {Point} the difference
 */
export function sub(left, right) {
  return checked(() => sodium.crypto_core_ed25519_sub(left.bytes, right.bytes));
}

/**
 * The multiple of a point (the specification's power). Always validates: whatever the scalar, it
 * throws "point-not-in-subgroup" unless the point is a member.
 * @param {Point} point
 * @param {bigint} scalar any integer; taken modulo q
 * @returns {Point}
 */
export function mul(point, scalar) {
  const reduced = mod(scalar);
  // libsodium refuses to multiply by zero and to multiply the neutral element.
  if (reduced === 0n || point.isIdentity()) {
    point.validated();
    return IDENTITY;
  }
  return checked(() => sodium.crypto_scalarmult_ed25519_noclamp(scalarBytes(reduced), point.bytes));
}

/**
 * @param {bigint} scalar any integer; taken modulo q
 * @returns {Point} the multiple of the generator
 */
export function mulBase(scalar) {
  const reduced = mod(scalar);
  if (reduced === 0n) return IDENTITY;
  return new Point(sodium.crypto_scalarmult_ed25519_base_noclamp(scalarBytes(reduced)));
}

/** The generator g. */
export const G = mulBase(1n);

/**
 * @param {Point[]} points
 * @returns {Point} the sum of any number of points
 */
export function total(points) {
  return points.reduce(add, IDENTITY);
}

/**
 * @param {bigint} value
 * @returns {bigint} from 0 to q − 1
 */
export function mod(value) {
  const rest = value % Q;
  return rest < 0n ? rest + Q : rest;
}

/**
 * @param {bigint} scalar from 0 to q − 1
 * @returns {Uint8Array} 32 bytes, little-endian
 */
function scalarBytes(scalar) {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 4; word++) {
    view.setBigUint64(8 * word, BigInt.asUintN(64, scalar >> BigInt(64 * word)), true);
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @returns {bigint} big-endian
 */
export function integerFromBytes(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

const SCALAR_DIGITS = Q.toString().length;

/**
 * @param {unknown} text a number below q in decimal, without sign or leading zeros
 * @returns {bigint}
 * @throws {ProtocolError} "json-type", "number-syntax", "scalar-out-of-range"
 */
export function parseScalar(text) {
  if (typeof text !== "string") throw new ProtocolError("json-type", "Expected a string.");
  if (text.length > SCALAR_DIGITS || !/^(?:0|[1-9][0-9]*)$/.test(text)) {
    throw new ProtocolError("number-syntax", "Expected decimal digits without a leading zero.");
  }
  const scalar = BigInt(text);
  if (scalar >= Q) {
    throw new ProtocolError("scalar-out-of-range", "A scalar is less than the order of the group.");
  }
  return scalar;
}

/** @returns {bigint} uniform below q (the bias of 512 bits modulo q is below 2⁻²⁵⁸) */
export function randomScalar() {
  return integerFromBytes(crypto.getRandomValues(new Uint8Array(64))) % Q;
}

/**
 * @param {string} text
 * @returns {bigint} SHA-256 as a big-endian number, modulo q
 */
export function hashToScalar(text) {
  return integerFromBytes(sha256(text)) % Q;
}
