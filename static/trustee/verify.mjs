// What a trustee verifies before decrypting anything: a dishonest service must not pass a single ballot, or
// some of them, off as the sum of all. The steps are those of ../booth/check.mjs, and besides: the election
// is for the published agenda, the key is this trustee's own, and the signed log begins every listed election
// once and holds the same events, none more and none fewer.

import { download, RefusedError, requestBytes, requestJson } from "../booth/api.mjs";
import { eventIn } from "../booth/archive.mjs";
import * as check from "../booth/check.mjs";
import { Election } from "../booth/election.mjs";
import { toCompactBase64 } from "../booth/encoding.mjs";
import { ProtocolError } from "../booth/errors.mjs";
import { hashHex } from "../booth/fingerprint.mjs";
import { parseSetupData } from "../booth/setup.mjs";
import { Sums } from "../booth/sums.mjs";
import { ballotWidth, parseSizedTally } from "../booth/tally.mjs";
import { openCheckpoint } from "../booth/tlog/checkpoint.mjs";
import { leafHash, Tree } from "../booth/tlog/merkle.mjs";
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
 * @typedef {{ definitionHash: string, entries: Map<string, number>, events: Map<string, LoggedEvent>,
 *   starts: Map<string, string>, sums: Head }} Board
 *   `entries`: by an entry's hash, its place; `events`: by an event's hash, in the order of the log;
 *   `starts`: by an election's UUID, the payload of its only Setup event; `sums`: of the tree up to the
 *   last sum, which must be the same for every trustee
 */

/** @typedef {{ size: number, root: string }} Head `root`: in Base64, without padding */

/** @typedef {import("../booth/archive.mjs").Event} LoggedEvent */

/**
 * Gives a file of an election's archive by its hash; null if the service has no such file there.
 * @typedef {(uuid: string, digest: string) => Promise<Uint8Array | null>} ReadObject
 */

/**
 * Reads the board: every entry of the log, checked against its signed root.
 * @param {string} assembly
 * @returns {Promise<{ board: Board, definition: any }>}
 */
export async function readBoard(assembly) {
  const home = `/api/assemblies/${encodeURIComponent(assembly)}`;
  const log = `/log/${encodeURIComponent(assembly)}`;
  const [data, listed, status] = await Promise.all([
    requestBytes(home),
    requestBytes(`${home}/elections`),
    requestJson(`${home}/status`),
  ]);
  const key = VerifierKey.parse(status.log_key);
  const checkpoint = openCheckpoint(await requestBytes(`${log}/checkpoint`), key);
  const list = await readEntries(checkpoint, (path) => requestBytes(`${log}/${path}`));
  const definitionHash = hashHex(data);
  checkDefinitionEntry(list[0], assembly, definitionHash, hashHex(listed));
  const entries = new Map(list.map((entry, index) => [hashHex(entry), index]));
  const { events, starts } = await checkBegun(list, uuidsIn(listed), readObject);
  const definition = JSON.parse(new TextDecoder().decode(data));
  const sums = sumsHead(list);
  return { board: { definitionHash, entries, events, starts, sums }, definition };
}

/**
 * @param {Uint8Array | undefined} entry the log's first
 * @param {string} assembly
 * @param {string} definitionHash
 * @param {string} electionsHash of elections.json
 */
export function checkDefinitionEntry(entry, assembly, definitionHash, electionsHash) {
  const found = entry === undefined ? {} : JSON.parse(new TextDecoder().decode(entry));
  if (
    found.type !== "definition" ||
    found.assembly !== assembly ||
    found.definition_sha256 !== definitionHash
  ) {
    throw new ProtocolError(
      "other-agenda",
      "The log begins with another agenda than this assembly's.",
    );
  }
  if (found.elections_sha256 !== electionsHash) {
    throw new ProtocolError("other-elections", "The log was begun for another list of elections.");
  }
}

/**
 * @param {Uint8Array} listed elections.json
 * @returns {string[]}
 */
function uuidsIn(listed) {
  /** @type {{ uuid: string }[]} */
  const rows = JSON.parse(new TextDecoder().decode(listed));
  return rows.map(({ uuid }) => uuid);
}

/** @type {ReadObject} */
async function readObject(uuid, digest) {
  try {
    return await requestBytes(`/api/elections/${encodeURIComponent(uuid)}/objects/${digest}`);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
}

/**
 * The events in a log, which begins every listed election exactly once: a second chain of one of them,
 * beside the real one, could hold a single ballot.
 * @param {Uint8Array[]} list the log's entries
 * @param {string[]} uuids of the listed elections
 * @param {ReadObject} read
 * @returns {Promise<{ events: Map<string, LoggedEvent>, starts: Map<string, string> }>}
 */
export async function checkBegun(list, uuids, read) {
  const logged = list.flatMap((entry) => {
    const event = eventIn(entry);
    return event === null ? [] : [/** @type {const} */ ([hashHex(entry), event])];
  });
  checkChained(logged);
  const setups = logged.map(([, event]) => event).filter(({ type }) => type === "Setup");
  if (setups.length > uuids.length) {
    throw new ProtocolError("setup-twice", "The log begins more elections than are listed.");
  }
  if (setups.length < uuids.length) {
    throw new ProtocolError(
      "setup-missing",
      "The log does not begin all elections that are listed.",
    );
  }
  /** @type {Map<string, string>} */
  const starts = new Map();
  for (const { payload } of setups) {
    starts.set(await begunBy(payload ?? "", uuids, starts, read), payload ?? "");
  }
  return { events: new Map(logged), starts };
}

/**
 * Every event follows the last one of an election so far: none comes before its parent, none forks off.
 * @param {(readonly [string, LoggedEvent])[]} logged hashes and events, in the order of the log
 */
function checkChained(logged) {
  /** @type {Set<string>} */
  const ends = new Set();
  for (const [hash, { parent }] of logged) {
    if (parent !== null && !ends.delete(parent)) {
      throw new ProtocolError(
        "event-stray",
        "An event in the log does not follow the last one of any election.",
      );
    }
    ends.add(hash);
  }
}

/**
 * The log's tree up to and including the last sum: whoever has the same one decrypts the same sums. What
 * comes afterwards, the trustees' parts, differs with the moment of looking.
 * @param {Uint8Array[]} list the log's entries
 * @returns {Head}
 */
export function sumsHead(list) {
  const tree = new Tree();
  /** @type {Head | null} */
  let head = null;
  for (const entry of list) {
    tree.append(leafHash(entry));
    if (eventIn(entry)?.type === "EncryptedTally") {
      head = { size: tree.size, root: toCompactBase64(tree.root()) };
    }
  }
  if (head === null) {
    throw new ProtocolError("not-tallied", "The log does not hold a sum to be decrypted.");
  }
  return head;
}

/**
 * @param {string} payload of a Setup event
 * @param {string[]} uuids
 * @param {Map<string, string>} starts found before
 * @param {ReadObject} read
 * @returns {Promise<string>} the election that it begins
 */
async function begunBy(payload, uuids, starts, read) {
  for (const uuid of uuids.filter((each) => !starts.has(each))) {
    const data = await read(uuid, payload);
    if (data === null) continue;
    const { election } = parseSetupData(checkedObject(data, payload));
    const found = await read(uuid, election);
    if (found === null) {
      throw new ProtocolError(
        "not-served",
        "The service does not give an election that the log begins.",
      );
    }
    if (Election.parse(checkedObject(found, election)).uuid !== uuid) {
      throw new ProtocolError("setup-twice", "The log begins an election in the place of another.");
    }
    return uuid;
  }
  throw new ProtocolError(
    "setup-twice",
    "The log begins an election that is not listed, or twice.",
  );
}

/**
 * @param {Uint8Array} data
 * @param {string} digest
 */
function checkedObject(data, digest) {
  if (hashHex(data) !== digest) {
    throw new ProtocolError("member-hash", "A file of an archive is not what its name says.");
  }
  return data;
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
  const upToSum = found.events.slice(0, found.events.indexOf(tallyEvent) + 1);
  checkStart(upToSum[0], task.uuid, board);
  checkLogged(upToSum, board);
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
 * @param {string} first hash of the archive's Setup event
 * @param {string} uuid
 * @param {Board} board
 */
function checkStart(first, uuid, { events, starts }) {
  const payload = starts.get(uuid);
  if (payload === undefined) {
    throw new ProtocolError(
      "other-election",
      "The archive is of another election, or of none listed.",
    );
  }
  if (events.get(first)?.payload !== payload) {
    throw new ProtocolError("not-in-log", "The archive begins otherwise than the log says.");
  }
}

const AFTER_SUM = ["EndShuffles", "PartialDecryption", "Result"];

/**
 * The log must hold the archive's events in their order, and no other event that follows one of them: a
 * ballot left out of the archive would be such a one. Only the parts of the decryption follow the sum.
 * @param {string[]} events hashes, up to that of the sum
 * @param {Pick<Board, "entries" | "events">} board
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
  const afterSum = new Set(events.slice(-1));
  for (const [event, { parent, type }] of logged) {
    if (parent === null || known.has(event)) continue;
    if (afterSum.has(parent) && AFTER_SUM.includes(type)) {
      afterSum.add(event);
    } else if (known.has(parent) || afterSum.has(parent)) {
      throw new ProtocolError(
        "not-in-archive",
        "The log holds an event that the archive leaves out.",
      );
    }
  }
}
