// A receipt by itself: whether it is one, whether this ballot box signed it, and what it says.

import { parseEvent } from "../booth/archive.mjs";
import { fromUtf8 } from "../booth/encoding.mjs";
import { LogError, ProtocolError } from "../booth/errors.mjs";
import { parseCheckpoint } from "../booth/tlog/checkpoint.mjs";
import { parseNote } from "../booth/tlog/note.mjs";
import { TlogProof } from "../booth/tlog/proof.mjs";
import { CheckFault } from "./fault.mjs";

/** @typedef {import("../booth/tlog/note.mjs").VerifierKey} VerifierKey */
/** @typedef {import("../booth/tlog/checkpoint.mjs").Checkpoint} Checkpoint */

/**
 * A genuine receipt: `digest` is the ballot's SHA-256 in hexadecimal, `event` the entry of the log.
 * @typedef {{ digest: string, event: Uint8Array, index: number, tree: Checkpoint }} Genuine
 */

const BEGINNING = "c2sp.org/tlog-proof@";

/**
 * @param {Uint8Array} file
 * @param {VerifierKey} key of the ballot box
 * @returns {Genuine}
 */
export function readReceipt(file, key) {
  const proof = parse(file);
  checkSigner(proof, key);
  /** @type {Checkpoint} */
  let tree;
  try {
    tree = proof.verify(proof.entry(), key);
  } catch (error) {
    throw changed(error);
  }
  const event = ballotEvent(proof.entry());
  return { digest: event, event: proof.entry(), index: Number(proof.index), tree };
}

/**
 * @param {Uint8Array} file
 * @returns {TlogProof}
 */
function parse(file) {
  const start = fromUtf8(file.subarray(0, BEGINNING.length));
  if (start !== BEGINNING) throw new CheckFault("not-a-receipt");
  try {
    return TlogProof.parse(file);
  } catch (error) {
    // Mail programs and editors do that to files of text.
    if (file.includes(0x0d)) throw new CheckFault("receipt-line-ends", { cause: error });
    throw changed(error);
  }
}

/**
 * A receipt of another box, or signed with a key that is not this box's, is something else than a changed one.
 * @param {TlogProof} proof
 * @param {VerifierKey} key
 */
function checkSigner(proof, key) {
  const { text, signatures } = parseNote(proof.checkpoint);
  const { origin } = parseCheckpoint(text);
  const own = signatures.filter(({ name }) => name === origin);
  if (own.length === 0) throw changed(new LogError("no-known-signature", "Nobody signed it."));
  if (origin !== key.name) {
    throw new CheckFault("other-box", { params: { origin }, assembly: neighbour(origin, key) });
  }
  const known = own.some(({ keyId }) => keyId.every((byte, i) => byte === key.keyId[i]));
  if (known || own.some(({ value }) => isSignature(key, text, value))) return;
  throw new CheckFault("other-key");
}

/**
 * @param {string} origin HOST/log/ASSEMBLY
 * @param {VerifierKey} key
 * @returns {string | null} the assembly, if this same service has it
 */
function neighbour(origin, { name }) {
  const end = name.lastIndexOf("/") + 1;
  const assembly = origin.slice(end);
  return origin.startsWith(name.slice(0, end)) && /^[a-z0-9-]+$/.test(assembly) ? assembly : null;
}

/**
 * @param {VerifierKey} key
 * @param {string} text
 * @param {Uint8Array} value
 * @returns {boolean} whether our key signed it: then it is the key's name beside it that was changed
 */
function isSignature(key, text, value) {
  try {
    key.verify(text, value);
    return true;
  } catch (error) {
    if (error instanceof LogError) return false;
    throw error;
  }
}

/**
 * @param {Uint8Array} entry
 * @returns {string} the hash of the ballot that it is about
 */
export function ballotEvent(entry) {
  try {
    const { type, payload } = parseEvent(entry);
    if (type === "Ballot" && payload !== null) return payload;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  throw new CheckFault("not-a-ballot");
}

/** @param {unknown} error */
function changed(error) {
  if (error instanceof LogError) return new CheckFault("receipt-changed", { cause: error });
  return error;
}
