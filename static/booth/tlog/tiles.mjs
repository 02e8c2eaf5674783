// C2SP tlog-tiles: where a log's entries are, and how to read them.

import { sameBytes } from "../encoding.mjs";
import { LogError } from "../errors.mjs";
import { leafHash, Tree } from "./merkle.mjs";

export const TILE_WIDTH = 256;

/**
 * @param {number | "entries"} level
 * @param {number} index
 * @param {number} [width]
 * @returns {string} for instance tile/0/x001/x234/067.p/5
 */
export function tilePath(level, index, width = TILE_WIDTH) {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${groups.join("/")}${partial}`;
}

/**
 * @param {number} size of the tree
 * @returns {{ path: string, width: number }[]} the tiles that hold its entries, in order
 */
export function entryTiles(size) {
  return Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, index) => {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    return { path: tilePath("entries", index, width), width };
  });
}

/**
 * @param {Uint8Array} data
 * @param {number} width
 * @returns {Uint8Array[]} the entries of a tile, each after its length as a big-endian uint16
 */
export function decodeEntries(data, width) {
  /** @type {Uint8Array[]} */
  const entries = [];
  let position = 0;
  for (let i = 0; i < width; i++) {
    const start = position + 2;
    position = start + 256 * (data[start - 2] ?? 0) + (data[start - 1] ?? 0);
    if (start > data.length || position > data.length) {
      throw new LogError("entries-malformed", `The tile ends before its ${width} entries do.`);
    }
    entries.push(data.subarray(start, position));
  }
  if (position !== data.length) {
    throw new LogError("entries-malformed", `The tile goes on after its ${width} entries.`);
  }
  return entries;
}

/**
 * All entries of a log, after checking that they lead to its signed root.
 * @param {import("./checkpoint.mjs").Checkpoint} checkpoint
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Uint8Array[]>}
 */
export async function readEntries({ size, root }, read) {
  const tree = new Tree();
  /** @type {Uint8Array[]} */
  const entries = [];
  for (const { path, width } of entryTiles(Number(size))) {
    for (const entry of decodeEntries(await read(path), width)) {
      tree.append(leafHash(entry));
      entries.push(entry);
    }
  }
  if (!sameBytes(tree.root(), root)) {
    throw new LogError("root-mismatch", "The log's entries do not lead to its signed root.");
  }
  return entries;
}
