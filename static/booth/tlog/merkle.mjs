// The Merkle tree of a log: RFC 6962, section 2.1. Hashes are 32 bytes; sizes and indices bigints.

import { concatBytes, sameBytes } from "../encoding.mjs";
import { LogError } from "../errors.mjs";
import { sha256 } from "../sodium.mjs";
import { decodeBase64, MAX_INTEGER } from "./encoding.mjs";

/** @typedef {Uint8Array} Hash 32 bytes */

export const HASH_SIZE = 32;

/** The root of a tree without leaves. */
export const EMPTY_ROOT = sha256("");

/**
 * @param {string} text
 * @returns {Hash}
 */
export function hashFromBase64(text) {
  const data = decodeBase64(text, "A hash");
  if (data.length !== HASH_SIZE) {
    throw new LogError("hash-length", `A hash has ${HASH_SIZE} bytes, this one ${data.length}.`);
  }
  return data;
}

/**
 * @param {Uint8Array} entry
 * @returns {Hash} SHA-256(0x00 ‖ entry)
 */
export function leafHash(entry) {
  return sha256(concatBytes([Uint8Array.of(0), entry]));
}

/**
 * @param {Hash} left
 * @param {Hash} right
 * @returns {Hash} SHA-256(0x01 ‖ left ‖ right)
 */
export function nodeHash(left, right) {
  return sha256(concatBytes([Uint8Array.of(1), left, right]));
}

/**
 * @param {bigint} value
 * @returns {number}
 */
function bitLength(value) {
  return value === 0n ? 0 : value.toString(2).length;
}

/**
 * @param {bigint} value
 * @returns {number} how many bits are 1
 */
function bitCount(value) {
  return value.toString(2).replaceAll("0", "").length;
}

/**
 * How many siblings lie on either side below the last leaf's way up, and how many left of it. Up to
 * `inner` levels the two ways differ and every node has a sibling; above, they are one, at the tree's
 * right edge, where only left siblings exist.
 * @param {bigint} index
 * @param {bigint} size
 * @returns {{ inner: number, border: number }}
 */
function pathShape(index, size) {
  const inner = bitLength(index ^ (size - 1n));
  return { inner, border: bitCount(index >> BigInt(inner)) };
}

/**
 * @param {bigint} index
 * @param {number} level
 * @returns {boolean} whether the node on this level of the way up is a right child
 */
function isRight(index, level) {
  return ((index >> BigInt(level)) & 1n) === 1n;
}

/**
 * @param {Hash} value
 * @param {bigint} index
 * @param {Hash[]} path a sibling for each level
 * @returns {Hash}
 */
function climb(value, index, path) {
  return path.reduce(
    (below, sibling, level) =>
      isRight(index, level) ? nodeHash(sibling, below) : nodeHash(below, sibling),
    value,
  );
}

/**
 * Checks that `leaf` (a leaf hash) is number `index` in the tree of `size` leaves under `root`.
 * @param {Hash} leaf
 * @param {bigint} index
 * @param {bigint} size
 * @param {Hash[]} path the leaf's sibling first
 * @param {Hash} root
 */
export function verifyInclusion(leaf, index, size, path, root) {
  requireSize(size);
  if (index < 0n || index >= size) {
    throw new LogError("index-out-of-range", `A tree of ${size} leaves has no leaf ${index}.`);
  }
  const { inner, border } = pathShape(index, size);
  if (path.length !== inner + border) {
    throw new LogError("path-length", `The path of leaf ${index} has not ${path.length} hashes.`);
  }
  const start = climb(leaf, index, path.slice(0, inner));
  const value = path.slice(inner).reduce((below, left) => nodeHash(left, below), start);
  if (!sameBytes(value, root)) {
    throw new LogError("root-mismatch", `The path of leaf ${index} does not lead to the root.`);
  }
}

/**
 * Checks that the tree of `oldSize` leaves is the beginning of the tree of `newSize` leaves.
 * @param {bigint} oldSize
 * @param {bigint} newSize
 * @param {Hash} oldRoot
 * @param {Hash} newRoot
 * @param {Hash[]} path
 */
export function verifyConsistency(oldSize, newSize, oldRoot, newRoot, path) {
  requireSize(newSize);
  if (oldSize < 0n || oldSize > newSize) {
    throw new LogError("sizes-out-of-order", `${oldSize} leaves cannot come before ${newSize}.`);
  }
  if (oldSize === 0n || oldSize === newSize) {
    requirePathLength(path, 0);
    if (!sameBytes(oldRoot, oldSize === 0n ? EMPTY_ROOT : newRoot)) {
      throw new LogError(
        "root-mismatch",
        `Two roots are claimed for one tree of ${oldSize} leaves.`,
      );
    }
    return;
  }
  const level = bitLength(oldSize & -oldSize) - 1;
  const index = (oldSize - 1n) >> BigInt(level);
  const shape = pathShape(oldSize - 1n, newSize);
  const inner = shape.inner - level;
  // An old tree that is one complete subtree is its own starting point: the verifier has it.
  const given = oldSize === 1n << BigInt(level) ? 0 : 1;
  requirePathLength(path, given + inner + shape.border);
  const siblings = path.slice(given, given + inner);
  const lefts = path.slice(given + inner);
  const start = given === 1 ? path[0] : oldRoot;
  const oldInner = siblings.reduce(
    (below, sibling, l) => (isRight(index, l) ? nodeHash(sibling, below) : below),
    start,
  );
  const before = lefts.reduce((below, left) => nodeHash(left, below), oldInner);
  if (!sameBytes(before, oldRoot)) {
    throw new LogError("root-mismatch", `The proof does not begin from the root of ${oldSize}.`);
  }
  const newInner = climb(start, index, siblings);
  const after = lefts.reduce((below, left) => nodeHash(left, below), newInner);
  if (!sameBytes(after, newRoot)) {
    throw new LogError("root-mismatch", `The proof does not lead to the root of ${newSize}.`);
  }
}

/**
 * @param {Hash[]} path
 * @param {number} expected
 */
function requirePathLength(path, expected) {
  if (path.length !== expected) {
    throw new LogError("path-length", `The proof has ${expected} hashes, not ${path.length}.`);
  }
}

/** @param {bigint} size */
function requireSize(size) {
  if (size < 0n || size > MAX_INTEGER) {
    throw new LogError("size-out-of-range", `${size} is not the size of a tree.`);
  }
}

/**
 * The head of a whole tree, leaf by leaf, for those who hold every entry. It keeps only the roots of the
 * complete subtrees at the right edge.
 */
export class Tree {
  /** @type {{ level: number, value: Hash }[]} */
  #peaks = [];
  size = 0;

  /** @param {Hash} leaf a leaf hash */
  append(leaf) {
    let node = { level: 0, value: leaf };
    for (let last = this.#peaks.at(-1); last?.level === node.level; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      node = { level: node.level + 1, value: nodeHash(last.value, node.value) };
    }
    this.#peaks.push(node);
    this.size += 1;
  }

  /** @returns {Hash} */
  root() {
    if (this.size === 0) return EMPTY_ROOT;
    return this.#peaks
      .map(({ value }) => value)
      .reduceRight((right, left) => nodeHash(left, right));
  }
}
