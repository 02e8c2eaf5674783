// C2SP tlog-checkpoint: the signed head of a log's tree: origin, size and root, one on each line.

import { sameBytes } from "../encoding.mjs";
import { LogError } from "../errors.mjs";
import { decodeDecimal } from "./encoding.mjs";
import { EMPTY_ROOT, hashFromBase64 } from "./merkle.mjs";
import { openNote } from "./note.mjs";

/** @typedef {{ origin: string, size: bigint, root: Uint8Array }} Checkpoint */

/**
 * @param {string} text a note's text
 * @returns {Checkpoint}
 */
export function parseCheckpoint(text) {
  if (!text.endsWith("\n")) {
    throw new LogError("no-final-newline", "The checkpoint does not end in a newline.");
  }
  const lines = text.slice(0, -1).split("\n");
  if (lines.length < 3) throw new LogError("checkpoint-malformed", "A checkpoint has three lines.");
  if (lines.length > 3) {
    throw new LogError("checkpoint-extension", "A checkpoint of ours has only three lines.");
  }
  const size = decodeDecimal(lines[1], "The tree's size");
  const root = hashFromBase64(lines[2]);
  if (lines[0] === "")
    throw new LogError("checkpoint-malformed", "The origin is not one line of text.");
  if (size === 0n && !sameBytes(root, EMPTY_ROOT)) {
    throw new LogError("empty-tree-root", "The root of an empty tree is SHA-256 of nothing.");
  }
  return { origin: lines[0], size, root };
}

/**
 * @param {Uint8Array} data a note that the log's own key signed
 * @param {import("./note.mjs").VerifierKey} key
 * @returns {Checkpoint}
 */
export function openCheckpoint(data, key) {
  const checkpoint = parseCheckpoint(openNote(data, [key]));
  if (checkpoint.origin !== key.name) {
    throw new LogError("origin-mismatch", `The checkpoint is of another log than ${key.name}.`);
  }
  return checkpoint;
}
