// The hashes that name things: of files, in hexadecimal and in Base64 without padding.

import { toCompactBase64, toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { sha256 } from "./sodium.mjs";

/**
 * @param {Uint8Array} data
 * @returns {string} SHA-256 in lower-case hexadecimal: how events name each other and their payloads
 */
export function hashHex(data) {
  return toHex(sha256(data));
}

/**
 * @param {Uint8Array} data
 * @returns {string} SHA-256 in Base64 without padding: election fingerprints and ballot trackers
 */
export function hashBase64(data) {
  return toCompactBase64(sha256(data));
}

/**
 * @param {unknown} text
 * @returns {string} 64 lower-case hexadecimal digits
 */
export function parseHash(text) {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) {
    throw new ProtocolError("hash-syntax", "A hash is 64 lower-case hexadecimal digits.");
  }
  return text;
}
