// Proofs made from tiles, against the vectors that the service's own code made.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64, toHex } from "../../static/booth/encoding.mjs";
import {
  leafHash,
  Tree,
  verifyConsistency,
  verifyInclusion,
} from "../../static/booth/tlog/merkle.mjs";
import { consistencyProof, inclusionProof, siblings, tileNodes } from "../../static/check/tree.mjs";
import { Log } from "./log.mjs";

const { merkle } = JSON.parse(
  readFileSync(new URL("../vectors/tlog.json", import.meta.url), "utf8"),
);
const entries = merkle.entries.map((/** @type {string} */ entry) => fromBase64(entry));

/** @param {number} size */
function nodes(size) {
  const log = new Log("vote.example/log/tree", entries.slice(0, size));
  return tileNodes(size, async (path) => log.tile(path));
}

test("inclusion proofs from tiles are those of the vectors", async () => {
  for (const { index, size, path } of merkle.inclusion) {
    const made = await inclusionProof(index, size, nodes(size));
    assert.deepEqual(made.map(toHex), path);
    assert.equal(siblings(index, size).length, path.length);
  }
});

test("consistency proofs from tiles are those of the vectors", async () => {
  for (const { old, new: size, path } of merkle.consistency) {
    const made = await consistencyProof(old, size, nodes(size));
    assert.deepEqual(made.map(toHex), path);
  }
});

test("trees of more than one tile, at every kind of edge", async () => {
  const many = Array.from({ length: 67_000 }, (_, i) => new TextEncoder().encode(`entry ${i}`));
  const log = new Log("vote.example/log/many", many);
  const roots = new Map();
  const tree = new Tree();
  const sizes = [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_999, 67_000];
  for (const [i, entry] of many.entries()) {
    tree.append(leafHash(entry));
    if (sizes.includes(i + 1)) roots.set(i + 1, tree.root());
  }
  for (const size of sizes) {
    const node = tileNodes(size, async (path) => log.tile(path, size));
    const root = roots.get(size);
    for (const index of new Set([0, 1, 254, 255, 256, 65_535, size - 1])) {
      if (index >= size) continue;
      const path = await inclusionProof(index, size, node);
      verifyInclusion(leafHash(many[index]), BigInt(index), BigInt(size), path, root);
    }
    for (const old of sizes.filter((each) => each <= size)) {
      const path = await consistencyProof(old, size, node);
      verifyConsistency(BigInt(old), BigInt(size), roots.get(old), root, path);
    }
  }
});

test("a tile that is too short or too long is refused", async () => {
  for (const surplus of [-1, 1, 32]) {
    const node = tileNodes(5, async () => new Uint8Array(5 * 32 + surplus));
    await assert.rejects(node(0, 0), { name: "LogError", code: "tile-length" });
  }
});

test("the neighbours on the way, in words that people can follow", () => {
  assert.deepEqual(siblings(4, 7), [
    { first: 5, end: 6, side: "right" },
    { first: 6, end: 7, side: "right" },
    { first: 0, end: 4, side: "left" },
  ]);
  assert.deepEqual(siblings(0, 1), []);
});
