// libsodium, ready to use, and the one hash function of the protocol and the log.

import sodium from "../vendor/libsodium/libsodium-wrappers.mjs";

await sodium.ready;

export default sodium;

const encoder = new TextEncoder();

/**
 * SHA-256.
 * @param {Uint8Array | string} data a string is hashed as UTF-8
 * @returns {Uint8Array} 32 bytes
 */
export function sha256(data) {
  return sodium.crypto_hash_sha256(typeof data === "string" ? encoder.encode(data) : data);
}
