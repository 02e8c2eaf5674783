// The verification of one archive, in the steps of vote/election/check.py:
//
// 1. `scan`: the tar is canonical, every hash and every link of the chain holds, events come in a legal
//    order, each with its own payloads and nothing else. One pass, one member in memory.
// 2. `checkSetup`: election, trustees with their proofs, credentials; the election's key is theirs.
// 3. `checkRoll`: every ballot comes from a credential on the list.
// 4. `chunks` and `verifyChunk`: every ballot's proofs and signature. A second pass; workers may verify
//    chunks in any order, and return the sums of what counts.
// 5. `checkTally`: the encrypted tally is the weighted sum of the last ballot of each credential.
// 6. `checkPartialDecryption`: each trustee's proofs.
// 7. `checkResult`: the result is what the shares give.
//
// An archive may stop after any event: `stage` says how far it has come, and steps that have nothing to
// check pass.

import { parseEvent, parseHeader, read } from "./archive.mjs";
import * as ballots from "./ballot.mjs";
import { fromUtf8, sameBytes } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { hashHex } from "./fingerprint.mjs";
import { parseSetupData, Setup } from "./setup.mjs";
import { ciphertextsOf, Sums } from "./sums.mjs";
import {
  ballotWidth,
  encryptedTally,
  parseOwned,
  parseSizedTally,
  sizedTally,
  verifyPartialDecryption,
  verifyResult,
} from "./tally.mjs";

/** @typedef {import("./archive.mjs").Event} Event */
/** @typedef {import("./archive.mjs").EventType} EventType */
/** @typedef {import("./election.mjs").Election} Election */
/** @typedef {"voting" | "ended" | "tallied" | "decided"} Stage */

/**
 * Which event may stand before each, how many data belong to it, and how far the archive has then come.
 * @type {Record<EventType, { after: (EventType | undefined)[], data: number, stage: Stage }>}
 */
const RULES = {
  Setup: { after: [undefined], data: 4, stage: "voting" },
  Ballot: { after: ["Setup", "Ballot"], data: 1, stage: "voting" },
  EndBallots: { after: ["Setup", "Ballot"], data: 0, stage: "ended" },
  EncryptedTally: { after: ["EndBallots"], data: 2, stage: "tallied" },
  Shuffle: { after: [], data: 2, stage: "tallied" },
  EndShuffles: { after: ["EncryptedTally"], data: 0, stage: "tallied" },
  PartialDecryption: {
    after: ["EncryptedTally", "EndShuffles", "PartialDecryption"],
    data: 2,
    stage: "tallied",
  },
  Result: { after: ["PartialDecryption"], data: 1, stage: "decided" },
};

const CREDENTIAL =
  /^\{"election_uuid":"[^"\\]*","election_hash":"[^"\\]*","credential":"([0-9a-f]{64})",/;

/** What one pass over an archive found. Ballots are counted from 0 in the order of the archive. */
export class Scan {
  timestamp = 0;
  /** @type {string[]} the hashes of the events, in order */
  events = [];
  /** @type {Stage} */
  stage = "voting";
  election = new Uint8Array();
  trustees = new Uint8Array();
  credentials = new Uint8Array();
  /** @type {Map<string, number>} by the ballot's hash, its number */
  ballots = new Map();
  /** @type {Map<string, number>} by credential, the number of its last ballot */
  lastBallot = new Map();
  /** @type {Uint8Array | null} */
  tally = null;
  /** @type {Uint8Array | null} */
  sized = null;
  /** @type {string | null} the hash of the EncryptedTally event */
  tallyEvent = null;
  /** @type {Map<number, Uint8Array>} partial decryptions by owner */
  shares = new Map();
  /** @type {Uint8Array | null} */
  result = null;
}

/**
 * Step 1. Errors carry the event's height as index.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<Scan>}
 */
export async function scan(stream) {
  const found = new Scan();
  /** @type {Uint8Array[]} */
  let pending = [];
  /** @type {Event | undefined} */
  let last;
  for await (const { kind, data } of read(stream)) {
    if (kind === "header") {
      found.timestamp = parseHeader(data);
    } else if (kind === "data") {
      pending.push(data);
    } else {
      last = follow(found, last, data, pending);
      pending = [];
    }
  }
  if (last === undefined) throw new ProtocolError("setup-missing", "The archive has no event.");
  if (pending.length > 0) {
    throw new ProtocolError("data-surplus", "Data stand at the end that no event refers to.");
  }
  return found;
}

/**
 * @param {Scan} found
 * @param {Event | undefined} last
 * @param {Uint8Array} bytes of the event
 * @param {Uint8Array[]} data that stand before it
 * @returns {Event}
 */
function follow(found, last, bytes, data) {
  try {
    const event = parseEvent(bytes);
    checkLink(found, last, event);
    checkPayload(event, data);
    const hash = hashHex(bytes);
    take(found, event, data, hash);
    found.events.push(hash);
    found.stage = RULES[event.type].stage;
    return event;
  } catch (error) {
    throw error instanceof ProtocolError ? error.at(found.events.length) : error;
  }
}

/**
 * @param {Scan} found
 * @param {Event | undefined} last
 * @param {Event} event
 */
function checkLink(found, last, event) {
  if (event.type === "Shuffle") {
    throw new ProtocolError("shuffles-not-supported", "Only homomorphic questions are supported.");
  }
  if (!RULES[event.type].after.includes(last?.type)) {
    throw new ProtocolError("event-order", `${event.type} cannot stand here.`);
  }
  if (event.parent !== (found.events.at(-1) ?? null)) {
    throw new ProtocolError("event-parent", "An event does not refer to the one before.");
  }
  if (event.height !== found.events.length) {
    throw new ProtocolError("event-height", "An event's height is not one more than before.");
  }
}

/**
 * @param {Event} event
 * @param {Uint8Array[]} data
 */
function checkPayload(event, data) {
  if (data.length !== RULES[event.type].data) {
    throw new ProtocolError("data-surplus", `${data.length} data before ${event.type}.`);
  }
  const payload = data.at(-1);
  if (event.payload !== (payload === undefined ? null : hashHex(payload))) {
    throw new ProtocolError("event-payload", "An event's payload is not the data before it.");
  }
}

/**
 * @param {Scan} found
 * @param {Event} event
 * @param {Uint8Array[]} data
 * @param {string} hash of the event
 */
function take(found, event, data, hash) {
  if (event.type === "Setup") takeSetup(found, data);
  else if (event.type === "Ballot") takeBallot(found, data[0]);
  else if (event.type === "EncryptedTally") takeTally(found, data, hash);
  else if (event.type === "PartialDecryption") takeShare(found, data);
  else if (event.type === "Result") found.result = data[0];
}

/**
 * @param {Scan} found
 * @param {Uint8Array[]} data
 */
function takeSetup(found, [election, trustees, credentials, payload]) {
  const hashes = parseSetupData(payload);
  if (
    hashes.election !== hashHex(election) ||
    hashes.trustees !== hashHex(trustees) ||
    hashes.credentials !== hashHex(credentials)
  ) {
    throw new ProtocolError("setup-data", "The set-up refers to other files.");
  }
  Object.assign(found, { election, trustees, credentials });
}

/**
 * @param {Scan} found
 * @param {Uint8Array} data
 */
function takeBallot(found, data) {
  // Only the beginning: the ballot is read, and refused, in step 4.
  const [, credential] = CREDENTIAL.exec(fromUtf8(data) ?? "") ?? [];
  if (credential === undefined) {
    throw new ProtocolError("ballot-syntax", "The ballot does not start as a ballot does.");
  }
  const hash = hashHex(data);
  const number = found.ballots.size;
  if (found.ballots.has(hash)) {
    throw new ProtocolError("ballot-twice", "The same ballot was cast before.");
  }
  found.ballots.set(hash, number);
  found.lastBallot.set(credential, number);
}

/**
 * @param {Scan} found
 * @param {Uint8Array[]} data
 * @param {string} hash of the event
 */
function takeTally(found, [tally, sized], hash) {
  if (parseSizedTally(sized).encrypted_tally !== hashHex(tally)) {
    throw new ProtocolError("tally-reference", "The size belongs to another tally.");
  }
  Object.assign(found, { tally, sized, tallyEvent: hash });
}

/**
 * @param {Scan} found
 * @param {Uint8Array[]} data
 */
function takeShare(found, [share, reference]) {
  const { owner, payload } = parseOwned(reference);
  if (found.shares.has(owner)) {
    throw new ProtocolError("owner-twice", `Trustee number ${owner} decrypted twice.`);
  }
  if (payload !== hashHex(share)) {
    throw new ProtocolError("share-reference", "The owner belongs to another partial decryption.");
  }
  found.shares.set(owner, share);
}

/**
 * Step 2.
 * @param {Scan} found
 * @returns {Setup}
 */
export function checkSetup(found) {
  return Setup.fromParts(found.election, found.trustees, found.credentials);
}

/**
 * Step 3. The error carries the number of a ballot as index.
 * @param {Scan} found
 * @param {Setup} setup
 */
export function checkRoll(found, setup) {
  for (const [credential, number] of found.lastBallot) {
    if (!setup.weights.has(credential)) {
      const message = "A ballot's credential is not on the list.";
      throw new ProtocolError("credential-unknown", message, number);
    }
  }
}

/**
 * Consecutive ballots. `first` is the number of the first one; `weights`, with what each counts in the
 * tally, 0 when a later one replaces it.
 * @typedef {{ first: number, ballots: Uint8Array[], weights: number[] }} Chunk
 */

/**
 * Step 4, first half: the ballots of an archive that `scan` and `checkRoll` have passed.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {Scan} found
 * @param {Setup} setup
 * @param {number} size
 * @returns {AsyncGenerator<Chunk>}
 */
export async function* chunks(stream, found, setup, size) {
  const tallied = new Map(
    [...found.lastBallot].map(([key, number]) => [number, setup.weights.get(key) ?? 0]),
  );
  /** @type {Chunk} */
  let chunk = { first: 0, ballots: [], weights: [] };
  let number = 0;
  for await (const data of ballotsOf(stream, found)) {
    chunk.ballots.push(data);
    chunk.weights.push(tallied.get(number) ?? 0);
    number += 1;
    if (chunk.ballots.length === size || number === found.ballots.size) {
      yield chunk;
      chunk = { first: number, ballots: [], weights: [] };
    }
  }
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {Scan} found
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* ballotsOf(stream, found) {
  const hashes = [...found.ballots.keys()];
  let next = 0;
  if (next === hashes.length) return;
  for await (const { kind, name, data } of read(stream)) {
    if (kind === "data" && name.startsWith(hashes[next])) {
      yield data;
      next += 1;
      if (next === hashes.length) return;
    }
  }
  throw new ProtocolError("archive-changed", "The archive changed while it was being verified.");
}

/**
 * Step 4, second half: verifies ballots and adds up those that count. Errors carry the ballot's number
 * as index.
 * @param {Election} election
 * @param {Chunk} chunk
 * @returns {Sums}
 */
export function verifyChunk(election, { first, ballots: list, weights }) {
  const sums = new Sums(ballotWidth(election));
  list.forEach((data, offset) => {
    try {
      const ballot = ballots.parse(data);
      ballots.verify(election, ballot);
      if (weights[offset] > 0) sums.add(ciphertextsOf(ballot), weights[offset]);
    } catch (error) {
      throw error instanceof ProtocolError ? error.at(first + offset) : error;
    }
  });
  return sums;
}

/**
 * Step 5.
 * @param {Scan} found
 * @param {Setup} setup
 * @param {Sums} sums of all chunks
 */
export function checkTally(found, setup, sums) {
  if (found.tally === null || found.sized === null) return;
  if (!sameBytes(found.tally, encryptedTally(setup.election, sums))) {
    throw new ProtocolError("tally-wrong", "The encrypted tally is not the sum of the ballots.");
  }
  if (!sameBytes(found.sized, sizedTally(sums, found.tally))) {
    throw new ProtocolError("tally-size", "The number of ballots or their weight is wrong.");
  }
}

/**
 * Step 6, for one of `found.shares`. The error carries the owner as index.
 * @param {Scan} found
 * @param {Setup} setup
 * @param {number} owner
 */
export function checkPartialDecryption(found, setup, owner) {
  const share = found.shares.get(owner);
  if (found.tally === null || share === undefined) return;
  try {
    verifyPartialDecryption(setup, found.tally, owner, share);
  } catch (error) {
    throw error instanceof ProtocolError ? error.at(owner) : error;
  }
}

/**
 * Step 7.
 * @param {Scan} found
 * @param {Setup} setup
 * @returns {number[][] | null} the published sums, null before there are any
 */
export function checkResult(found, setup) {
  if (found.result === null || found.tally === null || found.sized === null) return null;
  const { total_weight: totalWeight } = parseSizedTally(found.sized);
  return verifyResult(setup, found.tally, found.shares, totalWeight, found.result);
}
