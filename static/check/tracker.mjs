// The number of a ballot as people type, paste and scan it.

import { fromBase64, toCompactBase64, toHex } from "../booth/encoding.mjs";
import { CheckFault } from "./fault.mjs";

const LENGTH = 43;

/**
 * @param {string} text with any spaces, or the whole address of the check page
 * @returns {string} the tracker: SHA-256 in Base64 without padding
 */
export function parseTracker(text) {
  const [, fragment] = /^https?:[^#]*#(.*)$/s.exec(text.trim()) ?? [];
  const typed = (fragment === undefined ? text : decoded(fragment)).replace(/[\s\u200b]/g, "");
  if (typed.length !== LENGTH) {
    throw new CheckFault("tracker-syntax", { params: { n: typed.length, total: LENGTH } });
  }
  // Not every last character is right: two of its bits are no part of the hash.
  const bytes = fromBase64(`${typed}=`);
  if (bytes === null) throw new CheckFault("tracker-letters");
  return toCompactBase64(bytes);
}

/** @param {string} fragment */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/**
 * @param {string} tracker
 * @returns {string} the same hash in hexadecimal, as events and addresses name it
 */
export function trackerHex(tracker) {
  return toHex(/** @type {Uint8Array} */ (fromBase64(`${tracker}=`)));
}

/**
 * @param {string} hex
 * @returns {string}
 */
export function trackerFromHex(hex) {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return toCompactBase64(bytes);
}
