// The archive of an election: an old-style tar that only grows (specification, section "Public data").
// A file BELENIOS, then data and events, each named by the SHA-256 of its contents. There is one way to
// write each member, and nothing is allowed after the last one.

import { concatBytes, fromUtf8, sameBytes, toUtf8 } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { hashHex, parseHash } from "./fingerprint.mjs";
import * as json from "./jsontext.mjs";

const BLOCK = 512;
const MAX_MEMBER_BYTES = 256 * 2 ** 20;
const MAX_HEADER_BYTES = 128;
const MAX_EVENT_BYTES = 512;
const ARCHIVE_VERSION = 1;
const HEADER_NAME = "BELENIOS";

export const EVENT_TYPES = /** @type {const} */ ([
  "Setup",
  "Ballot",
  "EndBallots",
  "EncryptedTally",
  "Shuffle",
  "EndShuffles",
  "PartialDecryption",
  "Result",
]);

/** @typedef {(typeof EVENT_TYPES)[number]} EventType */
/** @typedef {{ parent: string | null, height: number, type: EventType, payload: string | null }} Event */
/** @typedef {{ kind: "header" | "data" | "event", name: string, data: Uint8Array }} Member */

/**
 * One link of the chain: `parent` is the hash of the event before, `payload` that of a data.
 * @param {Uint8Array} data
 * @returns {Event}
 */
export function parseEvent(data) {
  const names = ["parent", "height", "type", "payload"];
  const found = json.fields(json.parse(data, MAX_EVENT_BYTES), names, ["parent", "payload"]);
  const parent = "parent" in found ? parseHash(found.parent) : null;
  const height = json.integer(found.height);
  const text = json.text(found.type);
  const type = EVENT_TYPES.find((known) => known === text);
  if (type === undefined) {
    throw new ProtocolError("event-type", "An event is of a type that the protocol does not have.");
  }
  const payload = "payload" in found ? parseHash(found.payload) : null;
  return { parent, height, type, payload };
}

/**
 * @param {Uint8Array} entry of a log
 * @returns {Event | null} null for the log's own entries
 */
export function eventIn(entry) {
  try {
    return parseEvent(entry);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/**
 * @param {Uint8Array} data the contents of the file BELENIOS
 * @returns {number} its timestamp: seconds since 1970
 */
export function parseHeader(data) {
  const found = json.fields(json.parse(data, MAX_HEADER_BYTES), ["version", "timestamp"]);
  if (json.integer(found.version) !== ARCHIVE_VERSION) {
    throw new ProtocolError("version-not-supported", "Only archives of version 1 are supported.");
  }
  // The specification has a number here, the reference implementation writes a string.
  const { timestamp } = found;
  const digits = typeof timestamp === "string" ? timestamp : String(json.integer(timestamp));
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(digits)) {
    throw new ProtocolError("number-syntax", "Expected decimal digits without a leading zero.");
  }
  return Number(digits);
}

/**
 * @param {Member["kind"]} kind
 * @param {Uint8Array} data
 * @returns {string} the name under which contents are filed
 */
function memberName(kind, data) {
  return kind === "header" ? HEADER_NAME : `${hashHex(data)}.${kind}.json`;
}

/**
 * @param {number} value
 * @param {number} digits
 */
function octal(value, digits) {
  return value.toString(8).padStart(digits, "0");
}

/**
 * @param {string} name
 * @param {number} size
 * @param {number} timestamp
 * @returns {Uint8Array}
 */
function tarHeader(name, size, timestamp) {
  const block = new Uint8Array(BLOCK);
  const put = (/** @type {number} */ offset, /** @type {string} */ text) => {
    block.set(toUtf8(text), offset);
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size, 11));
  put(136, octal(timestamp, 11));
  put(148, "        0");
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  put(148, `${octal(checksum, 6)}\0 `);
  return block;
}

/**
 * @param {Member["kind"]} kind
 * @param {Uint8Array} data
 * @param {number} timestamp of the archive
 * @returns {Uint8Array} one member as it stands in the archive: tar header, contents, padding
 */
export function member(kind, data, timestamp) {
  const header = tarHeader(memberName(kind, data), data.length, timestamp);
  return concatBytes([header, data, new Uint8Array(padding(data.length))]);
}

/** @param {number} size */
function padding(size) {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Gives out a stream in pieces of the sizes asked for. */
class PieceReader {
  #reader;
  /** @type {Uint8Array} */
  #rest = new Uint8Array();

  /** @param {ReadableStream<Uint8Array>} stream */
  constructor(stream) {
    this.#reader = stream.getReader();
  }

  /**
   * @param {number} size
   * @returns {Promise<Uint8Array>} as many bytes as there are, up to `size`
   */
  async take(size) {
    const pieces = [this.#rest];
    let length = this.#rest.length;
    while (length < size) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
    const whole = pieces.length === 1 ? pieces[0] : concatBytes(pieces);
    this.#rest = whole.subarray(size);
    return whole.subarray(0, size);
  }

  /** Lets go of the stream, whether or not it was read to its end. */
  async close() {
    await this.#reader.cancel();
  }
}

/**
 * A tar header and the contents it announces; null at the end of the archive.
 * @param {PieceReader} reader
 * @returns {Promise<{ block: Uint8Array, data: Uint8Array } | null>}
 */
async function readRaw(reader) {
  const block = await reader.take(BLOCK);
  if (block.length === 0) return null;
  const digits = fromUtf8(block.subarray(124, 135)) ?? "";
  if (block.length === BLOCK && !/^[0-7]{11}$/.test(digits)) {
    throw new ProtocolError("member-header", "A member's size is not eleven octal digits.");
  }
  const size = Number.parseInt(digits, 8) || 0;
  if (size > MAX_MEMBER_BYTES) throw new ProtocolError("too-large", `A member of ${size} bytes.`);
  const padded = await reader.take(size + padding(size));
  if (block.length < BLOCK || padded.length < size + padding(size)) {
    throw new ProtocolError("archive-truncated", "The archive ends in the middle of a member.");
  }
  if (padded.subarray(size).some((byte) => byte !== 0)) {
    throw new ProtocolError("member-padding", "What fills up the last block is not zeros.");
  }
  return { block, data: padded.subarray(0, size) };
}

/** @param {Uint8Array} block */
function nameOf(block) {
  const end = block.indexOf(0);
  return fromUtf8(block.subarray(0, end < 0 || end > 100 ? 100 : end)) ?? "";
}

/**
 * @param {Member["kind"]} kind
 * @param {{ block: Uint8Array, data: Uint8Array }} raw
 * @param {number} timestamp
 * @returns {Member}
 */
function checkedMember(kind, { block, data }, timestamp) {
  const name = memberName(kind, data);
  if (nameOf(block) !== name) {
    throw new ProtocolError("member-hash", "A member's name is not the hash of its contents.");
  }
  if (!sameBytes(block, tarHeader(name, data.length, timestamp))) {
    throw new ProtocolError("member-header", "A tar header is not the one way to write it.");
  }
  return { kind, name, data };
}

/**
 * The members of an archive, the header first, holding one at a time in memory. What has been yielded
 * is good.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Member>}
 */
export async function* read(stream) {
  const reader = new PieceReader(stream);
  try {
    const first = await readRaw(reader);
    if (first === null || nameOf(first.block) !== HEADER_NAME) {
      throw new ProtocolError("archive-header", "An archive starts with the file BELENIOS.");
    }
    const timestamp = parseHeader(first.data);
    yield checkedMember("header", first, timestamp);
    for (let raw = await readRaw(reader); raw !== null; raw = await readRaw(reader)) {
      const [, kind] = /^[0-9a-f]{64}\.(data|event)\.json$/.exec(nameOf(raw.block)) ?? [];
      if (kind !== "data" && kind !== "event") {
        throw new ProtocolError(
          "member-name",
          "A member is named HASH.data.json or HASH.event.json.",
        );
      }
      yield checkedMember(kind, raw, timestamp);
    }
  } finally {
    await reader.close();
  }
}
