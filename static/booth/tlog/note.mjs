// C2SP signed-note: a text and the lines of those who signed it. Only Ed25519 (type 0x01) is read here.

import { concatBytes, sameBytes, toHex, toUtf8 } from "../encoding.mjs";
import { LogError } from "../errors.mjs";
import sodium, { sha256 } from "../sodium.mjs";
import { decodeBase64, decodeText } from "./encoding.mjs";

/** @typedef {{ name: string, keyId: Uint8Array, value: Uint8Array }} Signature not yet verified */
/** @typedef {{ text: string, signatures: Signature[] }} Note */

export const MAX_NOTE_SIZE = 1_000_000;
const MAX_SIGNATURES = 16;
const KEY_TYPE = 0x01;
const SIGNATURE_SIZE = 64;

/**
 * @param {string} character
 * @returns {boolean} as Python, and so the log's other readers, see it
 */
function isSpace(character) {
  return character <= " " || character === "\u0085" || /[^\S\ufeff]/u.test(character);
}

/** @param {string} name */
function requireKeyName(name) {
  if (name === "" || [...name].some((character) => character === "+" || isSpace(character))) {
    throw new LogError("key-name-invalid", "A key's name is empty or has a space or a plus sign.");
  }
}

/** A named Ed25519 public key for notes. */
export class VerifierKey {
  /**
   * @param {string} name
   * @param {Uint8Array} publicKey 32 bytes, RFC 8032
   */
  constructor(name, publicKey) {
    requireKeyName(name);
    // A key of small order verifies signatures that nobody made.
    if (publicKey.length !== 32 || !sodium.crypto_core_ed25519_is_valid_point(publicKey)) {
      throw new LogError("public-key-invalid", `The key of ${name} is not an Ed25519 key.`);
    }
    this.name = name;
    this.publicKey = publicKey;
    const material = Uint8Array.of(KEY_TYPE, ...publicKey);
    this.keyId = sha256(concatBytes([toUtf8(`${name}\n`), material])).slice(0, 4);
  }

  /**
   * @param {string} vkey NAME+ID+KEY; a plus sign may stand in the key
   * @returns {VerifierKey}
   */
  static parse(vkey) {
    const [name, id, ...rest] = vkey.split("+");
    if (id === undefined || rest.length === 0) {
      throw new LogError("vkey-malformed", "A verifier key is NAME+ID+KEY.");
    }
    const material = decodeBase64(rest.join("+"), "A verifier key");
    if (material[0] !== KEY_TYPE) {
      throw new LogError("key-type-unsupported", `The key of ${name} is not of type ${KEY_TYPE}.`);
    }
    const key = new VerifierKey(name, material.slice(1));
    if (toHex(key.keyId) !== id) {
      throw new LogError("key-id-mismatch", `The key ID of ${name} does not belong to its key.`);
    }
    return key;
  }

  /**
   * @param {string} text
   * @param {Uint8Array} signature
   */
  verify(text, signature) {
    const good =
      signature.length === SIGNATURE_SIZE &&
      sodium.crypto_sign_verify_detached(signature, toUtf8(text), this.publicKey);
    if (!good) {
      throw new LogError(
        "signature-invalid",
        `The signature of ${this.name} is not over this text.`,
      );
    }
  }
}

/**
 * @param {string} line without its newline
 * @returns {Signature}
 */
function parseSignature(line) {
  const [, name, value] = /^— ([^ ]*) (.*)$/su.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new LogError("signature-line-malformed", "A signature line is not '— NAME BASE64'.");
  }
  const data = decodeBase64(value, `The signature of ${name}`);
  requireKeyName(name);
  if (data.length < 5) {
    throw new LogError("signature-too-short", `The signature of ${name} is too short.`);
  }
  return { name, keyId: data.slice(0, 4), value: data.slice(4) };
}

/**
 * Takes a note apart at its last empty line; nothing about its signatures is verified.
 * @param {Uint8Array} data
 * @returns {Note}
 */
export function parseNote(data) {
  if (data.length > MAX_NOTE_SIZE) {
    throw new LogError("note-too-large", `The note has more than ${MAX_NOTE_SIZE} bytes.`);
  }
  const whole = decodeText(data, "The note");
  const split = whole.lastIndexOf("\n\n");
  const lines = whole.slice(split + 2);
  if (split < 0 || lines === "") {
    throw new LogError("no-signatures", "The note has no empty line with signatures after it.");
  }
  if (!lines.endsWith("\n")) {
    throw new LogError("no-final-newline", "The signature lines do not end in a newline.");
  }
  const signatures = lines.slice(0, -1).split("\n");
  if (signatures.length > MAX_SIGNATURES) {
    throw new LogError("too-many-signatures", `More than ${MAX_SIGNATURES} signature lines.`);
  }
  return { text: whole.slice(0, split + 1), signatures: signatures.map(parseSignature) };
}

/**
 * The text of a note that at least one of `keys` signed. Lines of unknown keys are ignored; a bad line of
 * a known one refuses the note.
 * @param {Uint8Array} data
 * @param {VerifierKey[]} keys
 * @returns {string}
 */
export function openNote(data, keys) {
  const { text, signatures } = parseNote(data);
  let known = 0;
  for (const { name, keyId, value } of signatures) {
    const key = keys.find((one) => one.name === name && sameBytes(one.keyId, keyId));
    if (key === undefined) continue;
    key.verify(text, value);
    known += 1;
  }
  if (known === 0)
    throw new LogError("no-known-signature", "The note is not signed by a known key.");
  return text;
}
