// Proofs made from tiles (C2SP tlog-tiles, RFC 6962, section 2.1): by whoever doubts, out of public files. What
// the service puts into a tile is believed nowhere: every proof made here still has to lead to a signed root.

import { LogError } from "../booth/errors.mjs";
import { HASH_SIZE, nodeHash } from "../booth/tlog/merkle.mjs";
import { TILE_WIDTH, tilePath } from "../booth/tlog/tiles.mjs";

/** @typedef {import("../booth/tlog/merkle.mjs").Hash} Hash */

/**
 * Reads the hash of the complete subtree number `index` of 2**level leaves.
 * @typedef {(level: number, index: number) => Promise<Hash>} NodeReader
 */

const TILE_HEIGHT = 8;

/**
 * @param {number} size of a tree whose tiles are published
 * @param {(path: string) => Promise<Uint8Array>} readTile
 * @returns {NodeReader}
 */
export function tileNodes(size, readTile) {
  /** @type {Map<string, Promise<Uint8Array>>} */
  const read = new Map();
  return async (level, index) => {
    const height = level % TILE_HEIGHT;
    const tileLevel = (level - height) / TILE_HEIGHT;
    const first = index * 2 ** height;
    const number = Math.floor(first / TILE_WIDTH);
    const there = Math.floor(size / TILE_WIDTH ** tileLevel);
    const width = Math.min(TILE_WIDTH, there - number * TILE_WIDTH);
    const path = tilePath(tileLevel, number, width);
    const tile = read.get(path) ?? readTile(path);
    read.set(path, tile);
    const hashes = split(await tile, width);
    const offset = first - number * TILE_WIDTH;
    return fold(hashes.slice(offset, offset + 2 ** height));
  };
}

/**
 * @param {Uint8Array} tile
 * @param {number} width
 * @returns {Hash[]}
 */
function split(tile, width) {
  if (tile.length !== width * HASH_SIZE) {
    throw new LogError("tile-length", `A tile of ${width} hashes has ${tile.length} bytes.`);
  }
  return Array.from({ length: width }, (_, i) => tile.slice(i * HASH_SIZE, (i + 1) * HASH_SIZE));
}

/**
 * @param {Hash[]} hashes as many as a power of two
 * @returns {Hash} the root above them
 */
function fold(hashes) {
  if (hashes.length === 1) return hashes[0];
  const half = hashes.length / 2;
  return nodeHash(fold(hashes.slice(0, half)), fold(hashes.slice(half)));
}

/**
 * @param {number} count of leaves, at least 2
 * @returns {number} the largest power of two smaller than it
 */
function splitPoint(count) {
  return 2 ** Math.floor(Math.log2(count - 1));
}

/**
 * A neighbour on the way from a leaf to the root: a subtree of the entries from `first` to `end` − 1.
 * @typedef {{ first: number, end: number, side: "left" | "right" }} Sibling
 */

/**
 * @param {number} index
 * @param {number} size
 * @returns {Sibling[]} those of a leaf, its own sibling first
 */
export function siblings(index, size) {
  /** @type {Sibling[]} */
  const found = [];
  let [first, end] = [0, size];
  while (end - first > 1) {
    const middle = first + splitPoint(end - first);
    if (index < middle) {
      found.unshift({ first: middle, end, side: "right" });
      end = middle;
    } else {
      found.unshift({ first, end: middle, side: "left" });
      first = middle;
    }
  }
  return found;
}

/**
 * @param {number} first
 * @param {number} end
 * @param {NodeReader} node
 * @returns {Promise<Hash>} the root of the entries from `first` to `end` − 1, a subtree of the whole
 */
async function subtree(first, end, node) {
  const count = end - first;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return node(level, first / count);
  const middle = first + splitPoint(count);
  return nodeHash(await subtree(first, middle, node), await subtree(middle, end, node));
}

/**
 * @param {number} index
 * @param {number} size
 * @param {NodeReader} node
 * @returns {Promise<Hash[]>} the path of leaf `index` to the root of `size` leaves, its sibling first
 */
export function inclusionProof(index, size, node) {
  return Promise.all(siblings(index, size).map(({ first, end }) => subtree(first, end, node)));
}

/**
 * @param {number} old
 * @param {number} size
 * @param {NodeReader} node
 * @returns {Promise<Hash[]>} that the tree of `old` leaves is the beginning of the one of `size` leaves
 */
export function consistencyProof(old, size, node) {
  if (old === 0 || old === size) return Promise.resolve([]);
  /** @type {[number, number][]} */
  const ranges = [];
  let [first, end] = [0, size];
  while (end !== old) {
    const middle = first + splitPoint(end - first);
    if (old <= middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([first, middle]);
      first = middle;
    }
  }
  // An old tree that is one complete subtree is its own starting point: the verifier has it.
  if (first > 0) ranges.unshift([first, end]);
  return Promise.all(ranges.map(([from, to]) => subtree(from, to, node)));
}
