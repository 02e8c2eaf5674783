// What stands in the ballot log: its own entries, and the elections' events linked to chains (steps 14 and 15;
// vote/audit/log.py and order.py).

import { parseEvent } from "../../booth/archive.mjs";
import { fromUtf8 } from "../../booth/encoding.mjs";
import { ProtocolError } from "../../booth/errors.mjs";
import { hashHex } from "../../booth/fingerprint.mjs";
import { fields, parseCanonical } from "./canonical.mjs";
import { BundleFault } from "./ledger.mjs";

/** @typedef {import("../../booth/archive.mjs").Event} Event */

/**
 * @typedef {{ type: "definition", assembly: string, definition_sha256: string, elections_sha256: string }
 *   | { type: "closed", assembly: string, ballot: string }
 *   | { type: "lot", election: string, owner: number, share: import("../../booth/jsontext.mjs").Json }
 *   | { type: "outcome", outcome_sha256: string, files: Record<string, string> }} Own
 */

/**
 * An election's events as they follow each other: `setup` is the payload of the first, `last` the hash of the last.
 * @typedef {{ setup: string, last: string, events: number }} Chain
 */

/** @typedef {{ own: Own, event: null, chain: null } | { own: null, event: Event, chain: Chain }} Item */

const OWN = new Map([
  ["definition", ["assembly", "definition_sha256", "elections_sha256"]],
  ["closed", ["assembly", "ballot"]],
  ["lot", ["election", "owner", "share"]],
  ["outcome", ["outcome_sha256", "files"]],
]);

/**
 * What stands in a log, entry by entry; null for a stray, of which `strays` says what is wrong.
 * @typedef {{ items: (Item | null)[], chains: Map<string, Chain>, strays: BundleFault[] }} Contents
 */

/**
 * @param {Uint8Array[]} entries
 * @returns {Contents}
 */
export function readContents(entries) {
  /** @type {Map<string, Chain>} */
  const chains = new Map();
  /** @type {Map<string, Chain>} by the hash that the next event has to refer to */
  const ends = new Map();
  /** @type {BundleFault[]} */
  const strays = [];
  const items = entries.map((data, index) => {
    try {
      const own = parseOwn(data);
      if (own !== null) return { own, event: null, chain: null };
      const event = parseEvent(data);
      return { own: null, event, chain: link(chains, ends, event, hashHex(data)) };
    } catch (error) {
      if (!(error instanceof BundleFault) && !(error instanceof ProtocolError)) throw error;
      strays.push(new BundleFault(error.code, `entry ${index}: ${error.message}`));
      return null;
    }
  });
  return { items, chains, strays };
}

/**
 * @param {Uint8Array} data
 * @returns {Own | null} null for an event
 */
function parseOwn(data) {
  /** @type {any} */
  let claimed;
  try {
    claimed = JSON.parse(fromUtf8(data) ?? "");
  } catch {
    throw new BundleFault("unknown-entry", "neither an event nor one of the log's own entries");
  }
  const names = OWN.get(claimed?.type);
  if (names === undefined) return null;
  const own = parseCanonical(data, "the entry");
  return /** @type {Own} */ (fields(own, ["type", ...names], `a ${claimed.type} entry`));
}

/**
 * @param {Map<string, Chain>} chains
 * @param {Map<string, Chain>} ends
 * @param {Event} event
 * @param {string} hash
 * @returns {Chain}
 */
function link(chains, ends, event, hash) {
  let chain = event.parent === null ? undefined : ends.get(event.parent);
  if (event.parent === null) {
    const setup = event.payload ?? "";
    if (event.type !== "Setup" || chains.has(setup)) {
      throw new BundleFault("event-stray", "an election's first event, misplaced or repeated");
    }
    chain = { setup, last: "", events: 0 };
    chains.set(setup, chain);
  }
  if (chain === undefined) {
    throw new BundleFault("event-stray", "the event does not follow the last one of any election");
  }
  ends.delete(event.parent ?? "");
  ends.set(hash, chain);
  chain.last = hash;
  chain.events += 1;
  return chain;
}

/**
 * Step 14: the log has the events of this archive, each once, in order, and no others. An event names the hash of
 * the one before: chains that end alike are alike.
 * @param {Map<string, Chain>} chains
 * @param {string[]} events the hashes of the archive's
 * @param {string} setup
 */
export function checkLogged(chains, events, setup) {
  const chain = chains.get(setup);
  if (chain === undefined || chain.events < events.length) {
    throw new BundleFault("not-logged", "the log does not have all events of the archive");
  }
  if (chain.events > events.length) {
    throw new BundleFault("not-in-archive", "the log has events that the archive leaves out");
  }
  if (chain.last !== events.at(-1)) {
    throw new BundleFault("events-differ", "the events in the log are not those of the archive");
  }
}

/**
 * Step 15: the definition first, no ballot after closing, nothing summed before it, the outcome last, nothing
 * unknown.
 * @param {Contents} contents
 * @param {string} assembly
 * @param {Map<string, string[]>} papers for each ballot paper, the Setup payloads of its elections
 */
export function checkOrder({ items, strays }, assembly, papers) {
  if (strays.length > 0) throw strays[0];
  const paperOf = new Map([...papers].flatMap(([paper, setups]) => setups.map((s) => [s, paper])));
  const walk = { assembly, papers, paperOf, ended: new Set(), closed: new Set() };
  items.forEach((item, index) => {
    if (item === null) return;
    const fault =
      item.own === null ? ofEvent(walk, item) : ofOwn(walk, item.own, index, items.length);
    if (fault !== null) throw new BundleFault(fault[0], `entry ${index}: ${fault[1]}`);
  });
  const kinds = items.map((item) => item?.own?.type);
  for (const kind of /** @type {const} */ (["definition", "outcome"])) {
    if (!kinds.includes(kind)) throw new BundleFault(`${kind}-missing`, `no ${kind} in the log`);
  }
  for (const paper of papers.keys()) {
    if (!walk.closed.has(paper)) {
      throw new BundleFault("never-closed", `the ballot paper "${paper}" was never closed`);
    }
  }
}

/**
 * @typedef {{ assembly: string, papers: Map<string, string[]>, paperOf: Map<string, string>,
 *   ended: Set<string>, closed: Set<string> }} Walk
 */

/** @typedef {[string, string] | null} Fault a code and a sentence */

/**
 * @param {Walk} walk
 * @param {Extract<Item, { own: null }>} item
 * @returns {Fault}
 */
function ofEvent({ papers, paperOf, ended, closed }, { event, chain }) {
  const paper = paperOf.get(chain.setup);
  if (paper === undefined) return ["other-election", "an event of an unknown election"];
  const over = papers.get(paper)?.some((setup) => ended.has(setup)) || closed.has(paper);
  if (event.type === "Ballot" && over) {
    return ["ballot-after-closing", `a ballot after the closing of "${paper}"`];
  }
  if (event.type === "EndBallots") ended.add(chain.setup);
  const late = ["EncryptedTally", "PartialDecryption", "Result"].includes(event.type);
  if (late && !closed.has(paper)) {
    return ["tally-before-closing", `${event.type} before the closing of "${paper}"`];
  }
  return null;
}

/**
 * @param {Walk} walk
 * @param {Own} own
 * @param {number} index
 * @param {number} size
 * @returns {Fault}
 */
function ofOwn({ assembly, papers, ended, closed }, own, index, size) {
  if (own.type === "definition") {
    if (index !== 0) return ["definition-misplaced", "the definition is a log's first entry"];
    if (own.assembly !== assembly) return ["other-assembly", "another assembly's definition"];
  }
  if (own.type === "outcome" && index !== size - 1) {
    return ["outcome-misplaced", "the outcome is a log's last entry"];
  }
  if (own.type === "closed") {
    const setups = papers.get(own.ballot);
    if (own.assembly !== assembly || setups === undefined) {
      return ["other-assembly", "the closing of an unknown ballot paper"];
    }
    if (closed.has(own.ballot)) return ["closed-twice", `a second closing of "${own.ballot}"`];
    if (setups.some((setup) => !ended.has(setup))) {
      return ["closed-early", `"${own.ballot}" is closed while an election of it goes on`];
    }
    closed.add(own.ballot);
  }
  return null;
}
