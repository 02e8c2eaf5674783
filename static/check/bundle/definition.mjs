// Steps 2, 3, 6 and 7: the definition, and that the elections are those that it prescribes
// (vote/audit/prescribed.py). Whether the definition makes sense as law is for `vote verify` to say.

import { fromUtf8 } from "../../booth/encoding.mjs";
import { hashHex } from "../../booth/fingerprint.mjs";
import { canonical, parseCanonical } from "./canonical.mjs";
import { BundleFault } from "./ledger.mjs";

/** @typedef {import("./zip.mjs").Zip} Zip */
/** @typedef {import("../../booth/setup.mjs").Setup} Setup */

export const DEFINITION = "assembly.json";
export const ELECTIONS = "elections.json";
const MAX_DEFINITION = 32 * 2 ** 20;
const MAX_ELECTIONS = 4 * 2 ** 20;

/** What the protocol knows and our elections do not have. */
const SURPLUS = new Set(["administrator", "credential_authority", "language"]);

/**
 * A question as ballots carry it: see vote/assembly/papers.py.
 * @typedef {{ id: string, answers: string[], blank: boolean, min: number, max: number }} PaperQuestion
 */

/**
 * An election of the bundle: its ballot paper, its college (null without shares) and where it is.
 * @typedef {{ ballot: string, college: string | null, questions: PaperQuestion[], uuid: string,
 *   file: string }} Listed
 */

/**
 * @typedef {{ value: any, sha256: string }} Definition `value`: what assembly.json says
 */

/**
 * Step 2.
 * @param {Zip} zip
 * @returns {Promise<Definition>}
 */
export async function checkDefinition(zip) {
  const data = await zip.bytes(DEFINITION, MAX_DEFINITION);
  const value = parseCanonical(data, "the definition");
  const lists = [value?.ballots, value?.colleges ?? [], value?.questions];
  if (
    value?.format !== 1 ||
    !lists.every(Array.isArray) ||
    typeof value.assembly?.id !== "string"
  ) {
    throw new BundleFault("definition-shape", "the definition has not the shape of one");
  }
  return { value, sha256: hashHex(data) };
}

/**
 * Step 3: one election for each ballot paper and college, in the definition's order.
 * @param {Zip} zip
 * @param {Definition} definition
 * @returns {Promise<Listed[]>}
 */
export async function checkElections(zip, { value }) {
  const rows = parseCanonical(await zip.bytes(ELECTIONS, MAX_ELECTIONS), "the list of elections");
  const papers = papersOf(value);
  const uuids = Array.isArray(rows) ? rows.map((row) => row?.uuid) : [];
  const listed = papers.map((paper, i) => ({
    ...paper,
    uuid: uuids[i],
    file: `elections/${uuids[i]}.bel`,
  }));
  const wanted = listed.map(({ ballot, college, uuid, file }) => ({ ballot, college, uuid, file }));
  const good = uuids.every((uuid) => /^[1-9A-HJ-NP-Za-km-z]{14,64}$/.test(uuid));
  if (!good || new Set(uuids).size !== papers.length || canonical(rows) !== canonical(wanted)) {
    throw new BundleFault(
      "elections-differ",
      "it is not the list of the definition's papers and colleges",
    );
  }
  return listed;
}

/**
 * @param {any} definition
 * @returns {{ ballot: string, college: string | null, questions: PaperQuestion[] }[]}
 */
function papersOf({ ballots, colleges = [], questions }) {
  const shared = colleges.some((/** @type {any} */ college) => college.share !== undefined);
  /** @type {(string | null)[]} */
  const boxes = shared ? colleges.map((/** @type {any} */ { id }) => id) : [null];
  return ballots.flatMap((/** @type {any} */ { id }) => {
    const asked = questions
      .filter((/** @type {any} */ { ballot }) => ballot === id)
      .map(paperQuestion);
    return boxes.map((college) => ({ ballot: id, college, questions: asked }));
  });
}

/**
 * @param {any} question
 * @returns {PaperQuestion}
 */
function paperQuestion({ id, type, seats, max_choices: most, candidates, positions }) {
  const ids = (/** @type {{ id: string }[]} */ list) => list.map((each) => each.id);
  if (type === "resolution") {
    return { id, answers: ["for", "against", "abstain"], blank: false, min: 1, max: 1 };
  }
  if (type === "election") {
    const answers = ids(candidates);
    return { id, answers, blank: true, min: 0, max: Math.min(most ?? seats, answers.length) };
  }
  const answers =
    type === "consultation" ? ids(positions) : ["consent", "reservations", "objection"];
  return { id, answers, blank: true, min: 1, max: 1 };
}

/**
 * Step 6, for one election.
 * @param {Definition} definition
 * @param {Listed} listed
 * @param {Setup} setup
 * @param {import("../../booth/check.mjs").Scan | null} scan
 */
export function checkPrescribed({ value, sha256 }, listed, { election, trustees, weights }, scan) {
  const name = [value.assembly.id, listed.ballot, listed.college]
    .filter((part) => part !== null)
    .join("/");
  const wanted = [listed.uuid, name, `sha256:${sha256}`];
  if (canonical([election.uuid, election.name, election.description]) !== canonical(wanted)) {
    throw new BundleFault(
      "election-differs",
      "UUID, name or description are not as prescribed",
      listed.file,
    );
  }
  const questions = listed.questions.map(({ id, ...rest }) => ({ ...rest, question: id }));
  if (canonical(election.questions) !== canonical(questions)) {
    throw new BundleFault(
      "questions-differ",
      "the questions are not those of the definition",
      listed.file,
    );
  }
  const file = fromUtf8(scan?.election ?? new Uint8Array()) ?? "";
  if (Object.keys(JSON.parse(file)).some((name) => SURPLUS.has(name))) {
    throw new BundleFault(
      "election-differs",
      "the election says more than is prescribed",
      listed.file,
    );
  }
  const order = [...weights.keys()].map(littleEndian);
  if (order.join() !== [...order].sort().join()) {
    throw new BundleFault(
      "credentials-order",
      "the credentials do not stand in the order that says nothing about the roll",
      listed.file,
    );
  }
  const { count } = value.trustees;
  if (trustees.keys.length !== count + 1) {
    throw new BundleFault(
      "trustees-differ",
      `the bureau is not ${count} trustees, and the service`,
      listed.file,
    );
  }
}

/**
 * @param {string} hex of a point
 * @returns {string} by which credentials are sorted
 */
function littleEndian(hex) {
  return (hex.match(/../g) ?? []).reverse().join("");
}

/**
 * Step 7: one bureau for all elections, a key of the service's own for each, one roll.
 * @param {{ listed: Listed, setup: Setup }[]} elections
 */
export function checkTogether(elections) {
  const services = new Set();
  const rolls = new Map();
  const [first] = elections;
  const bureau = (/** @type {Setup} */ { trustees }) =>
    trustees.keys
      .slice(1)
      .map((key) => key.hex())
      .join();
  for (const { listed, setup } of elections) {
    if (bureau(setup) !== bureau(first.setup)) {
      throw new BundleFault("bureau-differs", "another bureau than elsewhere", listed.file);
    }
    services.add(setup.trustees.keys[0].hex());
    const roll = [...setup.weights.values()].sort((a, b) => a - b).join();
    if ((rolls.get(listed.college) ?? roll) !== roll) {
      throw new BundleFault(
        "roll-differs",
        "members or weights are not those of another paper",
        listed.file,
      );
    }
    rolls.set(listed.college, roll);
  }
  if (services.size !== elections.length) {
    throw new BundleFault("service-key-twice", "the service used one key for several elections");
  }
}
