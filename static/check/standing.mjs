// What became of a ballot: is it the newest of its code, was it replaced, was it counted.
//
// Quickly: a newer ballot is believed only with its signature, its proofs and its place in the box; that there
// is no newer one is the service's word. Thoroughly: the whole archive is looked through.

import { eventIn, parseEvent, read } from "../booth/archive.mjs";
import { parse as parseBallot, verify as verifyBallot } from "../booth/ballot.mjs";
import { scan } from "../booth/check.mjs";
import { Election } from "../booth/election.mjs";
import { toUtf8 } from "../booth/encoding.mjs";
import { LogError, ProtocolError } from "../booth/errors.mjs";
import { hashHex } from "../booth/fingerprint.mjs";
import { readEntries } from "../booth/tlog/tiles.mjs";
import { CheckFault } from "./fault.mjs";
import { ballotEvent } from "./receipt.mjs";

/** @typedef {import("./board.mjs").Board} Board */
/** @typedef {import("./board.mjs").Place} Place */
/** @typedef {import("./board.mjs").Logged} Logged */
/** @typedef {import("./box.mjs").Box} Box */

/**
 * `newest`: no newer ballot of the same code, as far as known; `counted`: the same, and the counting is over.
 * @typedef {"newest" | "replaced" | "counted"} Standing
 */

/**
 * @param {string} digest of the ballot
 * @param {Place} place
 * @param {Box} box
 * @param {Board} board
 * @returns {Promise<Standing>}
 */
export async function standingOf(digest, place, box, board) {
  const { election, logged, newest, tally, result } = place;
  const own = parseBallot(await ballotFile(election, digest, board));
  if (newest.digest !== digest) {
    const data = await ballotFile(election, newest.digest, board);
    const newer = parseBallot(data);
    verifyBallot(Election.parse(await board.election(election)), newer);
    const event = toUtf8(newest.event);
    await box.prove(newest.index, event);
    const follows = newest.index > logged.index && ballotEvent(event) === newest.digest;
    if (!newer.credential.equals(own.credential) || !follows) throw wrongAnswer("newest");
    return "replaced";
  }
  if (tally === null || result === null) return "newest";
  await proveType(tally, "EncryptedTally", logged.index, box);
  await proveType(result, "Result", tally.index, box);
  return "counted";
}

/**
 * @param {string} election
 * @param {string} digest
 * @param {Board} board
 * @returns {Promise<Uint8Array>}
 */
async function ballotFile(election, digest, board) {
  const data = await board.object(election, digest);
  if (data === null) throw new CheckFault("box-ballot-missing");
  if (hashHex(data) !== digest) throw wrongAnswer("the file of a ballot");
  return data;
}

/**
 * @param {Logged} logged
 * @param {import("../booth/archive.mjs").EventType} type
 * @param {number} after
 * @param {Box} box
 */
async function proveType({ index, event }, type, after, box) {
  const data = toUtf8(event);
  await box.prove(index, data);
  if (index <= after || parseEvent(data).type !== type) throw wrongAnswer(type);
}

/** @param {string} what */
function wrongAnswer(what) {
  return new CheckFault("box-answer", { cause: new Error(`the service's ${what} does not hold`) });
}

/**
 * What the whole archive of a ballot's election says. `counted`: the sum is in the archive too.
 * @typedef {{ standing: Standing, ballots: number, voters: number }} Thorough
 */

/**
 * Looks through the whole archive: that it is the one in the signed log, and that no later ballot in it is of the
 * same code. Whether the sums are right is not looked at here: the page that verifies everything does that.
 * @param {string} digest
 * @param {Place} place
 * @param {Box} box read before the archive
 * @param {Board} board
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<Thorough>}
 */
export async function lookThrough(digest, place, box, board, onBytes) {
  const archive = await board.archive(place.election, onBytes);
  try {
    const found = await scan(archive.stream());
    // Where a host keeps back the sums of small colleges, the public archive ends before they are opened.
    const whole = found.stage !== "tallied";
    checkLogged(found.events, whole, await readEntries(box.tree, board.tile));
    const number = found.ballots.get(digest);
    if (number === undefined) throw new CheckFault("box-ballot-missing");
    const { credential } = parseBallot(await fileIn(archive, digest));
    const last = found.lastBallot.get(credential.hex()) === number;
    const { size: ballots } = found.ballots;
    const { size: voters } = found.lastBallot;
    if (!last) return { standing: "replaced", ballots, voters };
    const counted = found.stage === "tallied" || found.stage === "decided";
    return { standing: counted ? "counted" : "newest", ballots, voters };
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LogError) {
      throw new CheckFault("box-answer", { cause: error });
    }
    throw error;
  }
}

/**
 * Every event of the log that goes on from one of the archive's must be in the archive, and the last one of the
 * archive that the log has, and so by the chain of hashes all before it, is in the log.
 * @param {string[]} events the hashes of the archive's
 * @param {boolean} whole whether nothing may come after the last of them
 * @param {Uint8Array[]} entries of the log
 */
function checkLogged(events, whole, entries) {
  const inArchive = new Set(events);
  const inLog = new Set(entries.map(hashHex));
  if (!inLog.has(events[0])) {
    throw new LogError("not-in-log", "The archive's first event is not in the log.");
  }
  // What came after the log was read has yet to be signed.
  const signed = events.map((event) => inLog.has(event));
  if (signed.slice(0, signed.lastIndexOf(true)).includes(false)) {
    throw new LogError("not-in-log", "An event of the archive is not in the log.");
  }
  const followed = new Set(whole ? events : events.slice(0, -1));
  for (const entry of entries) {
    const parent = eventIn(entry)?.parent ?? null;
    if (parent !== null && followed.has(parent) && !inArchive.has(hashHex(entry))) {
      throw new LogError("not-in-archive", "The log has an event that the archive leaves out.");
    }
  }
}

/**
 * @param {Blob} archive
 * @param {string} digest
 * @returns {Promise<Uint8Array>}
 */
async function fileIn(archive, digest) {
  for await (const { kind, name, data } of read(archive.stream())) {
    if (kind === "data" && name.startsWith(digest)) return data;
  }
  throw new CheckFault("box-ballot-missing");
}
