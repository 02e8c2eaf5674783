// Ballot papers as a member fills them in: the published agenda joined with the election that takes the
// ballot, what has been chosen, and what that becomes as a ballot's answers.

import { Election } from "./election.mjs";
import { toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { drawnOrder } from "./order.mjs";
import { sha256 } from "./sodium.mjs";

/** @typedef {Record<string, string>} Texts a text by language */

/**
 * What can be chosen. `title` is null where the page has its own word for it ("for"), a string where a
 * name is the same in every language.
 * @typedef {{ id: string, title: Texts | string | null, college: string | null,
 *   photo: string | null, statement: Texts | null }} Option
 */

/**
 * @typedef {"resolution" | "election" | "consultation" | "consent"} QuestionType
 * @typedef {{ id: string, type: QuestionType, title: Texts, text: Texts | null, seats: number | null,
 *   blank: boolean, min: number, max: number, answers: string[], options: Option[] }} Question
 *   `answers`: in the order of the encrypted answer; `options`: in the order of the screen
 */

/**
 * @typedef {"before" | "open" | "closed"} PaperState
 * @typedef {{ ballot: string, uuid: string, title: Texts | null, state: PaperState, opens: string,
 *   closes: string, voted: boolean, election: Uint8Array | null, questions: Question[] }} Paper
 */

/** The parts of assembly.json that the booth reads; it is checked by its hash, not by its shape. */
/** @typedef {any} Definition */

/** The choice of a blank vote. */
export const BLANK = "@blank";

const RESOLUTION = ["for", "against", "abstain"];
const CONSENT = ["consent", "reservations", "objection"];

/**
 * @param {any} candidate
 * @returns {Option}
 */
function candidateOption(candidate) {
  return {
    id: candidate.id,
    title: candidate.name,
    college: candidate.college ?? null,
    photo: candidate.photo ?? null,
    statement: candidate.statement ?? null,
  };
}

/**
 * @param {string} id
 * @param {Texts | null} title
 * @returns {Option}
 */
function plainOption(id, title) {
  return { id, title, college: null, photo: null, statement: null };
}

/**
 * @param {any} question of the definition
 * @returns {Option[]} in the order of the encrypted answer
 */
function optionsOf(question) {
  if (question.type === "resolution") return RESOLUTION.map((id) => plainOption(id, null));
  if (question.type === "consent") return CONSENT.map((id) => plainOption(id, null));
  if (question.type === "consultation") {
    return question.positions.map((/** @type {any} */ { id, title }) => plainOption(id, title));
  }
  return question.candidates.map(candidateOption);
}

/**
 * @param {any} asked of the definition
 * @param {{ answers: string[], blank: boolean, min: number, max: number }} encrypted
 * @param {string} definitionHash
 * @returns {Question}
 */
function joinQuestion(asked, encrypted, definitionHash) {
  const options = optionsOf(asked);
  const answers = options.map(({ id }) => id);
  if (encrypted.answers.join("\n") !== answers.join("\n")) {
    throw new ProtocolError("other-agenda", `The ballot paper does not fit question ${asked.id}.`);
  }
  const { blank, min, max } = encrypted;
  return {
    id: asked.id,
    type: asked.type,
    title: asked.title,
    text: asked.text ?? null,
    seats: asked.seats ?? null,
    blank,
    min,
    max,
    answers,
    options: asked.type === "election" ? drawnOrder(options, definitionHash, asked.id) : options,
  };
}

/**
 * @typedef {{ ballot: string, uuid: string, state: PaperState, voted: boolean }} Entitlement
 * @typedef {{ opens: string, closes: string }} Times
 */

/**
 * Joins a ballot paper with its election, which must be made for exactly this agenda: its description
 * is the hash of assembly.json, its answers are the choices there.
 * @param {Uint8Array} definitionData assembly.json
 * @param {Entitlement} entitlement
 * @param {Times} times
 * @param {Uint8Array | null} electionData null before opening, when questions can only be read
 * @returns {Paper}
 */
export function joinPaper(definitionData, entitlement, times, electionData) {
  const hash = toHex(sha256(definitionData));
  /** @type {Definition} */
  const definition = JSON.parse(new TextDecoder().decode(definitionData));
  const { ballot } = entitlement;
  const asked = definition.questions.filter((/** @type {any} */ q) => q.ballot === ballot);
  const paper = definition.ballots.find((/** @type {any} */ each) => each.id === ballot);
  const encrypted =
    electionData === null
      ? asked.map(unencrypted)
      : encryptedQuestions(electionData, entitlement.uuid, hash, asked.length);
  return {
    ...entitlement,
    ...times,
    title: paper?.title ?? null,
    election: electionData,
    questions: asked.map((/** @type {any} */ question, /** @type {number} */ index) =>
      joinQuestion(question, encrypted[index], hash),
    ),
  };
}

/**
 * @param {any} asked
 * @returns {{ answers: string[], blank: boolean, min: number, max: number }}
 */
function unencrypted(asked) {
  const answers = optionsOf(asked).map(({ id }) => id);
  return { answers, blank: asked.type !== "resolution", min: 0, max: asked.max_choices ?? 1 };
}

/**
 * @param {Uint8Array} electionData
 * @param {string} uuid
 * @param {string} hash of assembly.json
 * @param {number} count of questions
 * @returns {import("./election.mjs").Question[]}
 */
function encryptedQuestions(electionData, uuid, hash, count) {
  const election = Election.parse(electionData);
  if (election.description !== `sha256:${hash}` || election.uuid !== uuid) {
    throw new ProtocolError("other-agenda", "The ballot paper is for another agenda.");
  }
  if (election.questions.length !== count) {
    throw new ProtocolError(
      "other-agenda",
      "The ballot paper has other questions than the agenda.",
    );
  }
  return election.questions;
}

/**
 * What has been chosen on one ballot paper: for each question, ids of answers, or BLANK alone.
 * @typedef {Map<string, Set<string>>} Choices
 */

/**
 * @param {Choices} choices
 * @param {Question} question
 * @returns {Set<string>}
 */
export function chosen(choices, question) {
  let set = choices.get(question.id);
  if (set === undefined) {
    set = new Set();
    choices.set(question.id, set);
  }
  return set;
}

/**
 * @param {Question} question
 * @returns {boolean} whether only one answer can be chosen
 */
export function isSingle(question) {
  return question.type !== "election";
}

/**
 * @param {Paper} paper
 * @param {Choices} choices
 * @returns {Question[]} those with nothing chosen, not even a blank vote
 */
export function unanswered(paper, choices) {
  return paper.questions.filter((question) => chosen(choices, question).size === 0);
}

/**
 * Answers what was left open without taking a side: abstained, or blank.
 * @param {Paper} paper
 * @param {Choices} choices
 */
export function abstainFromTheRest(paper, choices) {
  for (const question of unanswered(paper, choices)) {
    chosen(choices, question).add(question.blank ? BLANK : "abstain");
  }
}

/**
 * @param {Question} question
 * @param {Set<string>} set
 * @returns {number} how many more could be chosen; 0 after a blank vote
 */
export function spare(question, set) {
  return set.has(BLANK) || isSingle(question) ? 0 : question.max - set.size;
}

/**
 * @param {Paper} paper
 * @param {Choices} choices every question answered
 * @returns {number[][]} the ballot's answers: the blank vote first where there is one
 */
export function answersOf(paper, choices) {
  return paper.questions.map((question) => {
    const set = chosen(choices, question);
    const bits = question.answers.map((id) => (set.has(id) ? 1 : 0));
    return question.blank ? [set.has(BLANK) ? 1 : 0, ...bits] : bits;
  });
}
