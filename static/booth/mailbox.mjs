// Mailboxes: what one member's browser tells another's, through a service that cannot read it. The twin
// of vote/election/mailbox.py, which says what it is made of.

import { parseCode } from "./credential.mjs";
import { fromHex, toHex } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import sodium, { sha256 } from "./sodium.mjs";

const P = 2n ** 255n - 19n;
const MODULUS = 10n ** 25n;
const DIGITS = 25;

/**
 * @param {string} assembly
 * @param {string} code
 */
function keyPair(assembly, code) {
  return sodium.crypto_box_seed_keypair(sha256(`mailbox|${assembly}|${parseCode(code)}`));
}

/** The public key of a member's mailbox. */
export class MailboxKey {
  /** @param {Uint8Array} raw 32 bytes */
  constructor(raw) {
    this.raw = raw;
  }

  /**
   * @param {unknown} text 64 lower-case hexadecimal digits
   * @returns {MailboxKey}
   */
  static parse(text) {
    const raw = typeof text === "string" && text.length === 64 ? fromHex(text) : null;
    if (raw === null) {
      throw new ProtocolError("mailbox-key", "A mailbox's key is 64 hexadecimal digits.");
    }
    if (BigInt(`0x${toHex(raw.slice().reverse())}`) >= P) {
      throw new ProtocolError("mailbox-key", "A mailbox's key in another form than its own.");
    }
    // The few points of small order would make any message readable.
    const any = new Uint8Array(32);
    any[31] = 0x40;
    try {
      sodium.crypto_scalarmult(any, raw);
    } catch {
      throw new ProtocolError("mailbox-key", "A mailbox's key of small order.");
    }
    return new MailboxKey(raw);
  }

  /** @returns {string} */
  hex() {
    return toHex(this.raw);
  }

  /**
   * @param {string} assembly
   * @returns {string} 25 decimal digits that two people can compare
   */
  number(assembly) {
    const digest = toHex(sha256(`mailbox-number|${assembly}|${this.hex()}`));
    return (BigInt(`0x${digest}`) % MODULUS).toString().padStart(DIGITS, "0");
  }
}

/**
 * @param {string} assembly
 * @param {string} code
 * @returns {MailboxKey} to which messages for the holder of `code` are sealed
 */
export function mailboxKey(assembly, code) {
  return new MailboxKey(keyPair(assembly, code).publicKey);
}

/**
 * @param {MailboxKey} key
 * @param {Uint8Array} message
 * @returns {Uint8Array} readable by the owner of the mailbox alone
 */
export function seal(key, message) {
  return sodium.crypto_box_seal(message, key.raw);
}

/**
 * @param {string} assembly
 * @param {string} code
 * @param {Uint8Array} sealed
 * @returns {Uint8Array} what was sealed to the mailbox of the holder of `code`
 */
export function openSealed(assembly, code, sealed) {
  const { publicKey, privateKey } = keyPair(assembly, code);
  try {
    return sodium.crypto_box_seal_open(sealed, publicKey, privateKey);
  } catch {
    throw new ProtocolError(
      "sealed-message",
      "The message is for another mailbox, or was changed.",
    );
  }
}
