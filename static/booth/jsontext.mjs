// JSON as the protocol writes it: compact, fields in the specification's order, one form only
// (specification, section "Conventions"). A document must come out of `stringify` byte for byte as it
// came in, which refuses duplicate keys, white space, byte-order marks, other escapes and other ways
// to write a number; `fields` refuses another order of keys.

import { fromUtf8, toUtf8 } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";

/** @typedef {string | number | boolean | null | Json[] | { [key: string]: Json }} Json */

// The reference implementation writes integers up to 30 bits as numbers and larger ones as strings.
const LARGEST_NUMBER = 2 ** 30 - 1;

/**
 * @param {Uint8Array} data
 * @param {number} limit largest number of bytes
 * @returns {Json}
 * @throws {ProtocolError} "too-large", "json-syntax", "json-not-canonical"
 */
export function parse(data, limit) {
  if (data.length > limit) {
    throw new ProtocolError(
      "too-large",
      `${data.length} bytes where at most ${limit} are allowed.`,
    );
  }
  const text = fromUtf8(data);
  /** @type {Json} */
  let value;
  let again;
  try {
    value = JSON.parse(text ?? "");
    again = stringify(value);
  } catch {
    throw new ProtocolError("json-syntax", "This is not the JSON that was expected.");
  }
  if (again !== text) {
    throw new ProtocolError("json-not-canonical", "The document is not in its one accepted form.");
  }
  // An escaped half of a surrogate pair comes out as it went in, and yet no UTF-8 can hold one.
  if (/\\ud[89a-f]/.test(text.replaceAll("\\\\", ""))) {
    throw new ProtocolError("json-syntax", "A string holds half a character.");
  }
  return value;
}

/**
 * @param {Json} value
 * @returns {string} its compact form; like the reference implementation, with U+007F escaped
 */
export function stringify(value) {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

/**
 * @param {Json} value
 * @returns {Uint8Array} its compact form
 */
export function encode(value) {
  return toUtf8(stringify(value));
}

/**
 * @param {Json | undefined} value
 * @param {string[]} names the fields that an object must have, in this order
 * @param {string[]} [optional] those of them that may be missing
 * @returns {{ [key: string]: Json }}
 */
export function fields(value, names, optional = []) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new ProtocolError("json-fields", `Expected an object with the fields ${names}.`);
  }
  const expected = names.filter((name) => Object.hasOwn(value, name) || !optional.includes(name));
  const found = Object.keys(value);
  if (found.length !== expected.length || found.some((name, i) => name !== expected[i])) {
    throw new ProtocolError(
      "json-fields",
      `Expected the fields ${names}, found ${found.slice(0, 12)}.`,
    );
  }
  return value;
}

/**
 * @param {Json | undefined} value
 * @returns {Json[]}
 */
export function array(value) {
  if (!Array.isArray(value)) throw new ProtocolError("json-type", "Expected an array.");
  return value;
}

/**
 * @param {Json | undefined} value
 * @returns {string}
 */
export function text(value) {
  if (typeof value !== "string") throw new ProtocolError("json-type", "Expected a string.");
  return value;
}

/**
 * @param {Json | undefined} value
 * @returns {number} from 0 to 2⁵³ − 1
 */
export function integer(value) {
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new ProtocolError("json-syntax", `The number ${value} is not an integer.`);
  }
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new ProtocolError("json-type", "Expected a whole number that is not negative.");
  }
  return value;
}

/**
 * @param {Json | undefined} value
 * @returns {boolean}
 */
export function boolean(value) {
  if (typeof value !== "boolean") throw new ProtocolError("json-type", "Expected true or false.");
  return value;
}

/**
 * @param {Json | undefined} value a sum of weights: a number, or a string of digits above 30 bits
 * @returns {number}
 */
export function weight(value) {
  const number =
    typeof value === "string" && /^(?:0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
  const sum = integer(number);
  if (weightToJson(sum) !== value) {
    throw new ProtocolError(
      "json-not-canonical",
      "A sum of weights is not in its one accepted form.",
    );
  }
  return sum;
}

/**
 * @param {number} value
 * @returns {Json}
 */
export function weightToJson(value) {
  return value <= LARGEST_NUMBER ? value : String(value);
}
