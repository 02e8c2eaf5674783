// A member's code and the keys that come from it (specification, section "Credentials").

import { fromHex, toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { integerFromBytes, mulBase, Q } from "./group.mjs";
import { sha256 } from "./sodium.mjs";

/** @typedef {import("./group.mjs").Point} Point */

export const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const CODE = new RegExp(`^[${ALPHABET}]{5}-[${ALPHABET}]{6}-[${ALPHABET}]{5}-[${ALPHABET}]{6}$`);

/**
 * @param {string} text surrounding spaces are tolerated, nothing else
 * @returns {string} XXXXX-XXXXXX-XXXXX-XXXXXX
 */
export function parseCode(text) {
  const code = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  if (!CODE.test(code)) {
    throw new ProtocolError("code-syntax", "A code has the form XXXXX-XXXXXX-XXXXX-XXXXXX.");
  }
  return code;
}

/**
 * @param {string} code
 * @param {string} uuid of the election
 * @returns {bigint} the secret exponent
 */
export function secretKey(code, uuid) {
  const parsed = parseCode(code);
  const halves = [0, 1].map((half) => toHex(sha256(`derive_credential|${uuid}|${half}|${parsed}`)));
  return integerFromBytes(/** @type {Uint8Array} */ (fromHex(halves.join("")))) % Q;
}

/**
 * @param {string} code
 * @param {string} uuid of the election
 * @returns {Point}
 */
export function publicKey(code, uuid) {
  return mulBase(secretKey(code, uuid));
}

/**
 * @param {string} assembly identifier
 * @param {string} code
 * @returns {string} what signs the member in; the server keeps a hash of it
 */
export function signInToken(assembly, code) {
  return toHex(sha256(`voter|${assembly}|${parseCode(code)}`));
}
