// The log's vectors, shared with Python: each refused case is named by its defect.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64, fromHex, toHex } from "../../static/booth/encoding.mjs";
import { openCheckpoint } from "../../static/booth/tlog/checkpoint.mjs";
import {
  leafHash,
  Tree,
  verifyConsistency,
  verifyInclusion,
} from "../../static/booth/tlog/merkle.mjs";
import { openNote, VerifierKey } from "../../static/booth/tlog/note.mjs";
import { TlogProof } from "../../static/booth/tlog/proof.mjs";
import {
  decodeEntries,
  entryTiles,
  readEntries,
  tilePath,
} from "../../static/booth/tlog/tiles.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/tlog.json", import.meta.url), "utf8"));

/** @typedef {any} Case */

/** @param {string} text */
const bytes = (text) => /** @type {Uint8Array} */ (fromBase64(text));
/** @param {string} text */
const hash = (text) => /** @type {Uint8Array} */ (fromHex(text));

/**
 * @param {string} what
 * @param {Case[]} cases
 * @param {(item: Case) => unknown} verify
 */
function refuses(what, cases, verify) {
  for (const item of cases) {
    test(`${what} refused: ${item.defect}`, () => {
      assert.throws(() => verify(item), { name: "LogError", code: item.error });
    });
  }
}

/**
 * @param {string} what
 * @param {Case[]} cases
 * @param {(item: Case) => void} verify
 */
function accepts(what, cases, verify) {
  for (const item of cases) test(`${what} accepted: ${item.name}`, () => verify(item));
}

const { merkle } = vectors;
const leaves = merkle.entries.map((/** @type {string} */ entry) => leafHash(bytes(entry)));

test("leaves and roots", () => {
  assert.deepEqual(leaves.map(toHex), merkle.leaves);
  const tree = new Tree();
  const roots = [toHex(tree.root())];
  for (const leaf of leaves) {
    tree.append(leaf);
    roots.push(toHex(tree.root()));
  }
  assert.deepEqual(roots, merkle.roots);
});

test("inclusion and consistency proofs", () => {
  for (const { index, size, path } of merkle.inclusion) {
    const root = hash(merkle.roots[size]);
    verifyInclusion(leaves[index], BigInt(index), BigInt(size), path.map(hash), root);
  }
  for (const { old, new: now, path } of merkle.consistency) {
    const [before, after] = [hash(merkle.roots[old]), hash(merkle.roots[now])];
    verifyConsistency(BigInt(old), BigInt(now), before, after, path.map(hash));
  }
});

refuses("inclusion", merkle.refused_inclusion, (item) =>
  verifyInclusion(
    hash(item.leaf),
    BigInt(item.index),
    BigInt(item.size),
    item.path.map(hash),
    hash(item.root),
  ),
);

refuses("consistency", merkle.refused_consistency, (item) =>
  verifyConsistency(
    BigInt(item.old),
    BigInt(item.new),
    hash(item.old_root),
    hash(item.new_root),
    item.path.map(hash),
  ),
);

test("verifier keys accepted", () => {
  for (const vkey of vectors.vkeys.accepted) assert.ok(VerifierKey.parse(vkey));
});
refuses("verifier key", vectors.vkeys.refused, (item) => VerifierKey.parse(item.vkey));

/** @param {Case} item */
const open = (item) => openNote(bytes(item.note), item.keys.map(VerifierKey.parse));
accepts("note", vectors.notes.accepted, (item) => assert.equal(open(item), item.text));
refuses("note", vectors.notes.refused, open);

/** @param {Case} item */
const checkpoint = (item) => openCheckpoint(bytes(item.note), VerifierKey.parse(item.key));
accepts("checkpoint", vectors.checkpoints.accepted, (item) => {
  const { origin, size, root } = checkpoint(item);
  assert.equal(origin, item.origin);
  assert.equal(size, BigInt(item.size));
  assert.equal(toHex(root), item.root);
});
refuses("checkpoint", vectors.checkpoints.refused, checkpoint);

/** @param {Case} item */
const receipt = (item) =>
  TlogProof.parse(bytes(item.proof)).verify(bytes(item.entry), VerifierKey.parse(item.key));
accepts("receipt", vectors.proofs.accepted, (item) => {
  receipt(item);
  assert.equal(TlogProof.parse(bytes(item.proof)).index, BigInt(item.index));
});
refuses("receipt", vectors.proofs.refused, receipt);

test("tiles: paths and entries", async () => {
  for (const { level, index, width, path } of vectors.tiles.paths) {
    assert.equal(tilePath(level, index, width), path);
  }
  for (const [size, paths] of Object.entries(vectors.tiles.of_size)) {
    const entries = paths.filter((/** @type {string} */ path) => path.startsWith("tile/entries/"));
    assert.deepEqual(
      entryTiles(Number(size)).map(({ path }) => path),
      entries,
    );
  }
  const tile = bytes(vectors.tiles.entries);
  const size = merkle.entries.length;
  assert.deepEqual(decodeEntries(tile, size), merkle.entries.map(bytes));
  for (const [data, width] of /** @type {[Uint8Array, number][]} */ ([
    [tile.slice(0, -1), size],
    [tile, size - 1],
    [tile, size + 1],
    [tile.slice(0, 1), 1],
  ])) {
    assert.throws(() => decodeEntries(data, width), { code: "entries-malformed" });
  }
  const root = hash(merkle.roots[size]);
  const read = async () => tile;
  assert.equal((await readEntries({ origin: "x", size: BigInt(size), root }, read)).length, size);
  await assert.rejects(readEntries({ origin: "x", size: BigInt(size), root: leaves[0] }, read), {
    code: "root-mismatch",
  });
});
