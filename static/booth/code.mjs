// A code as people type it: spaces and dashes anywhere, and the letters that no code has.

import { ALPHABET, parseCode } from "./credential.mjs";

const LENGTH = 22;
// Every dash of Unicode, and the signs that a keyboard or a mail program makes of one.
const SEPARATORS = /[\s\p{Dash}_.·•]+/gu;

/**
 * @typedef {{ code: string }
 *   | { fault: "empty" }
 *   | { fault: "letters", letters: string }
 *   | { fault: "length", count: number }} ReadCode
 */

/**
 * @param {string} typed
 * @returns {ReadCode} the code in its own form, or what is wrong with it
 */
export function readCode(typed) {
  const characters = [...typed.replace(SEPARATORS, "")];
  if (characters.length === 0) return { fault: "empty" };
  const strangers = [...new Set(characters.filter((character) => !ALPHABET.includes(character)))];
  if (strangers.length > 0) return { fault: "letters", letters: strangers.join(" ") };
  if (characters.length !== LENGTH) return { fault: "length", count: characters.length };
  const bare = characters.join("");
  const groups = [bare.slice(0, 5), bare.slice(5, 11), bare.slice(11, 16), bare.slice(16)];
  return { code: parseCode(groups.join("-")) };
}
