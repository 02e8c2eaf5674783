// Elections and their questions (specification, sections "Questions" and "Elections").

import { ProtocolError } from "./errors.mjs";
import { hashBase64 } from "./fingerprint.mjs";
import { GROUP, Point } from "./group.mjs";
import * as json from "./jsontext.mjs";

/** The protocol's version: the one place where it is named. */
export const PROTOCOL_VERSION = 1;

const MAX_ELECTION_BYTES = 8 * 2 ** 20;
// A disjunction has a branch for each count from min to max: what an election may make verifiers do.
const LARGEST_MAX = 4096;
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;

/**
 * A homomorphic question: choose from `min` to `max` of `answers`, or vote blank if allowed.
 * @typedef {{ answers: string[], blank: boolean, min: number, max: number, question: string }} Question
 */

/**
 * @param {json.Json} value
 * @returns {Question}
 */
function questionFromJson(value) {
  if (value !== null && typeof value === "object" && "type" in value) {
    throw new ProtocolError(
      "question-type-not-supported",
      "Only homomorphic questions are supported.",
    );
  }
  const found = json.fields(value, ["answers", "blank", "min", "max", "question"], ["blank"]);
  const answers = json.array(found.answers).map(json.text);
  const blank = "blank" in found && json.boolean(found.blank);
  const min = json.integer(found.min);
  const max = json.integer(found.max);
  if (min > max || max > LARGEST_MAX || answers.length === 0) {
    throw new ProtocolError(
      "question-bounds",
      `To choose ${min} to ${max} of these makes no sense.`,
    );
  }
  return { answers, blank, min, max, question: json.text(found.question) };
}

/**
 * A code and a direction, which the reference implementation has and the specification has not.
 * @param {json.Json} value
 */
function checkLanguage(value) {
  const [code, direction, ...rest] = json.array(value);
  json.text(code);
  if ((direction !== "ltr" && direction !== "rtl") || rest.length > 0) {
    throw new ProtocolError("json-type", "A language is a code and a direction.");
  }
}

/** The public description of an election. Its exact bytes are hashed into every ballot. */
export class Election {
  /**
   * @param {{ description: string, name: string, publicKey: Point, questions: Question[],
   *   uuid: string, fingerprint: string }} parts
   */
  constructor({ description, name, publicKey, questions, uuid, fingerprint }) {
    this.description = description;
    this.name = name;
    this.publicKey = publicKey;
    this.questions = questions;
    this.uuid = uuid;
    /** φ in the specification */
    this.fingerprint = fingerprint;
  }

  /**
   * Reads the one accepted form.
   * @param {Uint8Array} data the election file's exact bytes
   * @returns {Election}
   */
  static parse(data) {
    const names = ["version", "description", "name", "group", "public_key", "questions", "uuid"];
    const optional = ["administrator", "credential_authority", "language"];
    const found = json.fields(
      json.parse(data, MAX_ELECTION_BYTES),
      [...names, ...optional],
      optional,
    );
    if (json.integer(found.version) !== PROTOCOL_VERSION) {
      throw new ProtocolError("version-not-supported", "Only protocol version 1 is supported.");
    }
    if (found.group !== GROUP) {
      throw new ProtocolError("group-not-supported", `Only the group ${GROUP} is supported.`);
    }
    const publicKey = Point.fromHex(found.public_key);
    if (publicKey.isIdentity()) {
      throw new ProtocolError("key-is-neutral", "The election's public key hides nothing.");
    }
    if ("administrator" in found) json.text(found.administrator);
    if ("credential_authority" in found) json.text(found.credential_authority);
    if ("language" in found) checkLanguage(found.language);
    return new Election({
      description: json.text(found.description),
      name: json.text(found.name),
      publicKey,
      questions: json.array(found.questions).map(questionFromJson),
      uuid: parseUuid(json.text(found.uuid)),
      fingerprint: electionHash(data),
    });
  }
}

/**
 * @param {string} text
 * @returns {string} an election's identifier: at least 14 Base58 characters
 */
export function parseUuid(text) {
  if (!UUID.test(text)) {
    throw new ProtocolError(
      "uuid-syntax",
      "An election's identifier is 14 Base58 characters or more.",
    );
  }
  return text;
}

/**
 * @param {Uint8Array} data the election file's exact bytes
 * @returns {string} the fingerprint φ: SHA-256 in Base64 without padding
 */
export function electionHash(data) {
  return hashBase64(data);
}
