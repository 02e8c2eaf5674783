// What a trustee verifies before decrypting anything: a dishonest service must not pass a single ballot, or
// some of them, off as the sum of all. The steps are those of ../booth/check.mjs, and besides: the election
// is for the published agenda, the key is this trustee's own, and the signed log holds the same events,
// none more and none fewer.

import { download, requestBytes, requestJson } from "../booth/api.mjs";
import { parentOf } from "../booth/archive.mjs";
import * as check from "../booth/check.mjs";
import { toCompactBase64 } from "../booth/encoding.mjs";
import { ProtocolError } from "../booth/errors.mjs";
import { hashHex } from "../booth/fingerprint.mjs";
import { Sums } from "../booth/sums.mjs";
import { ballotWidth, parseSizedTally } from "../booth/tally.mjs";
import { openCheckpoint } from "../booth/tlog/checkpoint.mjs";
import { VerifierKey } from "../booth/tlog/note.mjs";
import { readEntries } from "../booth/tlog/tiles.mjs";
import { verifyAll } from "./pool.mjs";

/** @typedef {import("../booth/group.mjs").Point} Point */
/** @typedef {import("../booth/setup.mjs").Setup} Setup */

/**
 * An election that this trustee decrypts.
 * @typedef {{ uuid: string, owner: number, event_hash: string | null, lot: boolean, done: boolean }} Task
 */

/**
 * What was found good. `cast`: how many ballots came; `counted`: of how many members one counts.
 * @typedef {{ task: Task, setup: Setup, tally: Uint8Array, eventHash: string, cast: number,
 *   counted: number, credentials: number }} Verified
 */

/** @typedef {"download" | "structure" | "ballots" | "sum" | "log"} Step */
/** @typedef {(step: Step, done: number, total: number) => void} OnStep */

const CHUNK = 8;

/**
 * The published agenda and the signed log of an assembly.
 * @typedef {{ definitionHash: string, entries: Map<string, number>, events: Map<string, string>,
 *   head: string }} Board
 *   `entries`: by an entry's hash, its place; `events`: by an event's hash, its parent's; `head`: of the
 *   tree, which must be the same for everybody
 */

/**
 * Reads the board: every entry of the log, checked against its signed root.
 * @param {string} assembly
 * @returns {Promise<{ board: Board, definition: any }>}
 */
export async function readBoard(assembly) {
  const home = `/api/assemblies/${encodeURIComponent(assembly)}`;
  const log = `/log/${encodeURIComponent(assembly)}`;
  const [data, status] = await Promise.all([requestBytes(home), requestJson(`${home}/status`)]);
  const key = VerifierKey.parse(status.log_key);
  const checkpoint = openCheckpoint(await requestBytes(`${log}/checkpoint`), key);
  const list = await readEntries(checkpoint, (path) => requestBytes(`${log}/${path}`));
  const definitionHash = hashHex(data);
  checkDefinitionEntry(list[0], assembly, definitionHash);
  const entries = new Map(list.map((entry, index) => [hashHex(entry), index]));
  /** @type {Map<string, string>} */
  const events = new Map();
  for (const entry of list) {
    const parent = parentOf(entry);
    if (parent !== null) events.set(hashHex(entry), parent);
  }
  const definition = JSON.parse(new TextDecoder().decode(data));
  const head = toCompactBase64(checkpoint.root);
  return { board: { definitionHash, entries, events, head }, definition };
}

/**
 * @param {Uint8Array | undefined} entry the log's first
 * @param {string} assembly
 * @param {string} definitionHash
 */
function checkDefinitionEntry(entry, assembly, definitionHash) {
  const found = entry === undefined ? {} : JSON.parse(new TextDecoder().decode(entry));
  if (found.assembly !== assembly || found.definition_sha256 !== definitionHash) {
    throw new ProtocolError(
      "other-agenda",
      "The log begins with another agenda than the published one.",
    );
  }
}

/**
 * Verifies the election of a task from its archive alone and against the board.
 * @param {Task} task
 * @param {Board} board
 * @param {Point} publicKey this trustee's own
 * @param {OnStep} onStep
 * @returns {Promise<Verified>}
 */
export async function verifyElection(task, board, publicKey, onStep) {
  const archive = await download(`/api/elections/${task.uuid}/archive`, (size, total) =>
    onStep("download", size, total),
  );
  onStep("structure", 0, 1);
  const found = await check.scan(archive.stream());
  const { tally, tallyEvent, sized } = found;
  if (found.stage !== "tallied" || tally === null || tallyEvent === null || sized === null) {
    throw new ProtocolError("not-tallied", "The archive does not end with a sum to be decrypted.");
  }
  if (tallyEvent !== task.event_hash) {
    throw new ProtocolError("other-tally", "The archive's sum is not the one that was announced.");
  }
  const setup = check.checkSetup(found);
  checkBelongs(setup, task, board, publicKey);
  check.checkRoll(found, setup);
  onStep("structure", 1, 1);
  const sums = await verifyBallots(archive, found, setup, onStep);
  onStep("sum", 0, 1);
  check.checkTally(found, setup, sums);
  onStep("log", 0, 1);
  // What follows the sum, the trustees' parts, may have come since the log was read.
  checkLogged(found.events.slice(0, found.events.indexOf(tallyEvent) + 1), board);
  return {
    task,
    setup,
    tally,
    eventHash: tallyEvent,
    cast: found.ballots.size,
    counted: parseSizedTally(sized).num_tallied,
    credentials: setup.weights.size,
  };
}

/**
 * @param {Setup} setup
 * @param {Task} task
 * @param {Board} board
 * @param {Point} publicKey
 */
function checkBelongs({ election, trustees }, { uuid, owner }, { definitionHash }, publicKey) {
  if (election.uuid !== uuid || election.description !== `sha256:${definitionHash}`) {
    throw new ProtocolError("other-election", "The archive is of another election or agenda.");
  }
  if (!trustees.keyOf(owner).equals(publicKey)) {
    throw new ProtocolError(
      "trustee-unknown",
      "The election was not made with this trustee's key.",
    );
  }
}

/**
 * @param {Blob} archive
 * @param {check.Scan} found
 * @param {Setup} setup
 * @param {OnStep} onStep
 * @returns {Promise<Sums>}
 */
async function verifyBallots(archive, found, setup, onStep) {
  const total = found.ballots.size;
  const sums = new Sums(ballotWidth(setup.election));
  let done = 0;
  onStep("ballots", done, total);
  const chunks = check.chunks(archive.stream(), found, setup, CHUNK);
  await verifyAll(found.election, chunks, (part, { ballots }) => {
    sums.merge(part);
    done += ballots.length;
    onStep("ballots", done, total);
  });
  return sums;
}

/**
 * The log must hold the archive's events in their order, and no other event that follows one of them: a
 * ballot left out of the archive would be such a one.
 * @param {string[]} events hashes
 * @param {Board} board
 */
export function checkLogged(events, { entries, events: logged }) {
  let before = -1;
  for (const [index, event] of events.entries()) {
    const place = entries.get(event);
    if (place === undefined || place <= before) {
      throw new ProtocolError("not-in-log", "An event of the archive is not in the log.", index);
    }
    before = place;
  }
  const known = new Set(events);
  const last = events.at(-1);
  for (const [event, parent] of logged) {
    if (known.has(parent) && parent !== last && !known.has(event)) {
      throw new ProtocolError(
        "not-in-archive",
        "The log holds an event that the archive leaves out.",
      );
    }
  }
}
