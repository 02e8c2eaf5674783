// The spellings that all log formats share: text, decimals and Base64, each in one way only.

import { fromBase64, fromUtf8 } from "../encoding.mjs";
import { LogError } from "../errors.mjs";

/** Sizes and indices are below 2⁶³: what a signed 64-bit integer of another implementation holds. */
export const MAX_INTEGER = 2n ** 63n - 1n;

/**
 * @param {string} text
 * @param {string} what for the error's sentence
 * @returns {Uint8Array} of standard, padded, canonical Base64
 */
export function decodeBase64(text, what) {
  const data = fromBase64(text);
  if (data === null) throw new LogError("base64-not-canonical", `${what} is not canonical Base64.`);
  return data;
}

/**
 * @param {string} text
 * @param {string} what for the error's sentence
 * @returns {bigint} from 0 to 2⁶³ − 1, in decimal without leading zeros or sign
 */
export function decodeDecimal(text, what) {
  const value = /^(?:0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : -1n;
  if (value < 0n || value > MAX_INTEGER) {
    throw new LogError("decimal-not-canonical", `${what} is not a plain decimal below 2⁶³.`);
  }
  return value;
}

/**
 * @param {Uint8Array} data
 * @param {string} what for the error's sentence
 * @returns {string} UTF-8 text without control characters other than the newline
 */
export function decodeText(data, what) {
  const text = fromUtf8(data);
  if (text === null) throw new LogError("not-utf8", `${what} is not valid UTF-8.`);
  for (const character of text) {
    if (character < " " && character !== "\n") {
      throw new LogError("control-character", `${what} contains a control character.`);
    }
  }
  return text;
}
