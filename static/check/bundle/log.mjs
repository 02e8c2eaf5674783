// Steps 12 and 13: the log's key and checkpoint, who witnessed it, and its tiles (vote/audit/log.py).

import { concatBytes, fromUtf8, sameBytes, toHex, toUtf8 } from "../../booth/encoding.mjs";
import { LogError } from "../../booth/errors.mjs";
import sodium, { sha256 } from "../../booth/sodium.mjs";
import { openCheckpoint } from "../../booth/tlog/checkpoint.mjs";
import { decodeBase64 } from "../../booth/tlog/encoding.mjs";
import { leafHash, nodeHash } from "../../booth/tlog/merkle.mjs";
import { parseNote, VerifierKey } from "../../booth/tlog/note.mjs";
import { entryTiles, readEntries, TILE_WIDTH, tilePath } from "../../booth/tlog/tiles.mjs";
import { BundleFault } from "./ledger.mjs";

/** @typedef {import("../../booth/tlog/checkpoint.mjs").Checkpoint} Checkpoint */
/** @typedef {import("./zip.mjs").Zip} Zip */

export const KEY = "log/key";
export const CHECKPOINT = "log/checkpoint";
export const WITNESSES = "log/witnesses";
export const PREFIX = "log/";
const MAX_LINE = 4096;
const MAX_NOTE = 1_000_000;
const MAX_TILE = TILE_WIDTH * (0xffff + 2);
const COSIGNATURE = 0x04;

/**
 * Step 12: the key signed the checkpoint; besides it only witnesses that the bundle lists, each truly.
 * @param {Zip} zip
 * @param {string | null} expected the key that the service shows, where the bundle comes from it
 * @returns {Promise<{ vkey: string, tree: Checkpoint, witnesses: number }>}
 */
export async function checkCheckpoint(zip, expected) {
  const line = fromUtf8(await zip.bytes(KEY, MAX_LINE)) ?? "";
  if (!line.endsWith("\n"))
    throw new BundleFault("no-final-newline", "the key's line does not end", KEY);
  const key = VerifierKey.parse(line.slice(0, -1));
  if (expected !== null && line.slice(0, -1) !== expected) {
    throw new BundleFault(
      "other-key",
      "the bundle's key is not the one that this service shows",
      KEY,
    );
  }
  const note = await zip.bytes(CHECKPOINT, MAX_NOTE);
  const tree = openCheckpoint(note, key);
  if (tree.size > BigInt(zip.names.size * TILE_WIDTH)) {
    throw new BundleFault("tile-missing", "there are not nearly enough tiles for this size");
  }
  const { text, signatures } = parseNote(note);
  const keys = await readWitnesses(zip);
  const [own, ...others] = signatures;
  if (own.name !== key.name || !sameBytes(own.keyId, key.keyId)) {
    throw new BundleFault(
      "signers-differ",
      "the log's own signature does not come first",
      CHECKPOINT,
    );
  }
  let next = 0;
  for (const { name, keyId, value } of others) {
    const found = keys.findIndex(
      (one, i) => i >= next && one.name === name && sameBytes(one.keyId, keyId),
    );
    if (found < 0) throw new BundleFault("signers-differ", "somebody else signed", CHECKPOINT);
    verifyCosignature(keys[found], text, value);
    next = found + 1;
  }
  return { vkey: line.slice(0, -1), tree, witnesses: others.length };
}

/** @typedef {{ name: string, keyId: Uint8Array, publicKey: Uint8Array }} Cosigner */

/**
 * @param {Zip} zip
 * @returns {Promise<Cosigner[]>} none without the file
 */
async function readWitnesses(zip) {
  if (!zip.names.has(WITNESSES)) return [];
  const text = fromUtf8(await zip.bytes(WITNESSES, 16 * MAX_LINE)) ?? "";
  if (!text.endsWith("\n")) {
    throw new BundleFault(
      "no-final-newline",
      "the list of witnesses does not end a line",
      WITNESSES,
    );
  }
  const keys = parseWitnesses(text);
  if (new Set(keys.map(({ publicKey }) => toHex(publicKey))).size !== keys.length) {
    throw new BundleFault("witness-twice", "the same key stands twice in the list", WITNESSES);
  }
  return keys;
}

/**
 * @param {string} text
 * @returns {Cosigner[]}
 */
function parseWitnesses(text) {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [name, id, ...rest] = line.split("+");
      const material = decodeBase64(rest.join("+"), "A witness' key");
      const keyId = sha256(concatBytes([toUtf8(`${name}\n`), material])).slice(0, 4);
      if (material[0] !== COSIGNATURE || material.length !== 33 || toHex(keyId) !== id) {
        throw new BundleFault("key-id-mismatch", "a witness' key is not well formed", WITNESSES);
      }
      return { name, keyId, publicKey: material.slice(1) };
    });
}

/**
 * C2SP tlog-cosignature: a time and a signature over it and the checkpoint.
 * @param {Cosigner} key
 * @param {string} text
 * @param {Uint8Array} value
 */
function verifyCosignature({ name, publicKey }, text, value) {
  const good =
    value.length === 8 + 64 &&
    sodium.crypto_sign_verify_detached(
      value.slice(8),
      toUtf8(
        `cosignature/v1\ntime ${new DataView(value.slice(0, 8).buffer).getBigUint64(0)}\n${text}`,
      ),
      publicKey,
    );
  if (!good)
    throw new LogError("signature-invalid", `The signature of ${name} is not over this text.`);
}

/**
 * Step 13: every tile of the tree is there and no other, and they lead to the signed root.
 * @param {Zip} zip
 * @param {Checkpoint} tree
 * @param {(done: number, total: number) => void} onProgress
 * @returns {Promise<Uint8Array[]>} the entries
 */
export async function checkTiles(zip, tree, onProgress) {
  const size = Number(tree.size);
  const wanted = new Set(tilesOf(size).map(({ path }) => PREFIX + path));
  const known = new Set([KEY, CHECKPOINT, WITNESSES]);
  for (const name of zip.names) {
    if (name.startsWith(PREFIX) && !known.has(name) && !wanted.has(name)) {
      throw new BundleFault("tile-surplus", `a log of ${size} entries has no such tile`, name);
    }
  }
  let done = 0;
  const read = async (/** @type {string} */ path) => {
    onProgress(++done, wanted.size);
    return zip.bytes(PREFIX + path, MAX_TILE);
  };
  const entries = await readEntries(tree, read);
  let hashes = entries.map(leafHash);
  for (let level = 0; hashes.length > 0; level++) {
    for (const { path, first, width } of tilesOnLevel(level, hashes.length)) {
      if (!sameBytes(await read(path), concatBytes(hashes.slice(first, first + width)))) {
        throw new BundleFault(
          "tile-mismatch",
          "the tile is not that of the entries",
          PREFIX + path,
        );
      }
    }
    hashes = above(hashes);
  }
  return entries;
}

/**
 * @param {number} size
 * @returns {{ path: string }[]} every tile of a tree
 */
function tilesOf(size) {
  /** @type {{ path: string }[]} */
  const found = entryTiles(size);
  for (let level = 0, width = size; width > 0; level++, width = Math.floor(width / TILE_WIDTH)) {
    found.push(...tilesOnLevel(level, width));
  }
  return found;
}

/**
 * @param {number} level
 * @param {number} count of hashes
 * @returns {{ path: string, first: number, width: number }[]}
 */
function tilesOnLevel(level, count) {
  return Array.from({ length: Math.ceil(count / TILE_WIDTH) }, (_, index) => {
    const first = index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, count - first);
    return { path: tilePath(level, index, width), first, width };
  });
}

/**
 * @param {Uint8Array[]} hashes
 * @returns {Uint8Array[]} the roots above each 256 of them
 */
function above(hashes) {
  const whole = Math.floor(hashes.length / TILE_WIDTH);
  return Array.from({ length: whole }, (_, i) => {
    let row = hashes.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH);
    while (row.length > 1) {
      const pairs = row;
      row = Array.from({ length: pairs.length / 2 }, (_, j) =>
        nodeHash(pairs[2 * j], pairs[2 * j + 1]),
      );
    }
    return row[0];
  });
}
