// A receipt, checked before anybody is told that the ballot is in the box.

import { parseEvent } from "./archive.mjs";
import { tracker } from "./ballot.mjs";
import { toCompactBase64 } from "./encoding.mjs";
import { LogError } from "./errors.mjs";
import { hashHex } from "./fingerprint.mjs";
import { TlogProof } from "./tlog/proof.mjs";

/**
 * What a good receipt says: which entry of the log it is, among how many, and by which path it leads to
 * the signed root.
 * @typedef {{ tracker: string, index: bigint, size: bigint, path: Uint8Array[], root: string }} Receipt
 */

/**
 * Checks that a receipt is genuine and for this very ballot: the entry is a Ballot event whose payload is
 * the ballot's hash, the log's key signed the tree, and the entry is in it.
 * @param {Uint8Array} data a tlog-proof file
 * @param {Uint8Array} ballot the exact bytes that were cast
 * @param {import("./tlog/note.mjs").VerifierKey} logKey
 * @returns {Receipt}
 */
export function verifyReceipt(data, ballot, logKey) {
  const proof = TlogProof.parse(data);
  const entry = proof.entry();
  const { size, root } = proof.verify(entry, logKey);
  const event = parseEvent(entry);
  if (event.type !== "Ballot" || event.payload !== hashHex(ballot)) {
    throw new LogError("another-ballot", "The receipt is for another ballot than the one cast.");
  }
  const { index, path } = proof;
  return { tracker: tracker(ballot), index, size, path, root: toCompactBase64(root) };
}

/**
 * @param {string} text a tracker
 * @param {number} [size]
 * @returns {string[]} groups that can be read aloud and compared
 */
export function groups(text, size = 4) {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );
}
