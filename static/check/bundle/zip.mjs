// Reading a zipped bundle, with limits and without trust. What a careful host never writes (a path that leads out,
// the same name twice, encryption, an entry that swells beyond what it said) is refused.

import { fromUtf8 } from "../../booth/encoding.mjs";
import { BundleFault } from "./ledger.mjs";

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;
const ALL_ONES = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const MAX_FILES = 20_000;
const MAX_DIRECTORY = 16 * 2 ** 20;

/** @typedef {{ name: string, method: number, packed: number, size: number, offset: number }} Entry */

/**
 * @param {string} code
 * @param {string} message
 * @param {string | null} [file]
 */
function fault(code, message, file = null) {
  return new BundleFault(code, message, file);
}

/**
 * @param {Blob} blob
 * @param {number} start
 * @param {number} length
 * @returns {Promise<DataView>}
 */
async function view(blob, start, length) {
  if (start < 0 || start + length > blob.size) {
    throw fault("zip-damaged", "the file ends where the zip goes on");
  }
  return new DataView(await blob.slice(start, start + length).arrayBuffer());
}

/** A zip file. */
export class Zip {
  /**
   * @param {Blob} blob
   * @param {Map<string, Entry>} entries
   */
  constructor(blob, entries) {
    this.blob = blob;
    this.entries = entries;
    this.names = new Set(entries.keys());
  }

  /**
   * @param {Blob} blob
   * @returns {Promise<Zip>}
   */
  static async open(blob) {
    const { count, size, offset } = await findDirectory(blob);
    if (count > MAX_FILES || size > MAX_DIRECTORY) {
      throw fault("too-many-files", `the zip has more than ${MAX_FILES} files`);
    }
    const directory = await view(blob, offset, size);
    /** @type {Map<string, Entry>} */
    const entries = new Map();
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { entry, length } = readEntry(directory, at);
      at += length;
      if (entries.has(entry.name)) {
        throw fault("name-twice", "the same name stands twice in the zip", entry.name);
      }
      entries.set(entry.name, entry);
    }
    return new Zip(blob, entries);
  }

  /**
   * @param {string} name
   * @returns {number} bytes, as the zip says
   */
  size(name) {
    return this.entries.get(name)?.size ?? 0;
  }

  /**
   * @param {string} name
   * @returns {Promise<Blob>} its contents, kept by the browser
   */
  async file(name) {
    const entry = this.entries.get(name);
    if (entry === undefined) throw fault("file-missing", "the bundle has no such file", name);
    const head = await view(this.blob, entry.offset, LOCAL_BYTES);
    if (head.getUint32(0, true) !== LOCAL) {
      throw fault("zip-damaged", "the zip's directory leads nowhere", name);
    }
    const start = entry.offset + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
    if (start + entry.packed > this.blob.size) {
      throw fault("zip-damaged", "the file ends where the zip goes on", name);
    }
    const packed = this.blob.slice(start, start + entry.packed);
    const found = entry.method === STORED ? packed : await inflate(packed, entry);
    if (found.size !== entry.size) {
      throw fault("zip-damaged", "the file has not the size that the zip says", name);
    }
    return found;
  }

  /**
   * @param {string} name
   * @param {number} limit
   * @returns {Promise<Uint8Array>}
   */
  async bytes(name, limit) {
    if (this.size(name) > limit) {
      throw fault("file-too-large", `the file has more than ${limit} bytes`, name);
    }
    return new Uint8Array(await (await this.file(name)).arrayBuffer());
  }
}

/**
 * @param {Blob} blob
 * @returns {Promise<{ count: number, size: number, offset: number }>} of the central directory
 */
async function findDirectory(blob) {
  const length = Math.min(blob.size, END_BYTES + LONGEST_COMMENT);
  const tail = await view(blob, blob.size - length, length);
  for (let at = length - END_BYTES; at >= 0; at--) {
    const isEnd = tail.getUint32(at, true) === END;
    if (isEnd && at + END_BYTES + tail.getUint16(at + 20, true) === length) {
      const [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
      if (offset === ALL_ONES || size === ALL_ONES) {
        throw fault("zip-too-large", "a zip of more than 4 GB is for “vote verify”");
      }
      return { count: tail.getUint16(at + 10, true), size, offset };
    }
  }
  throw fault("not-a-bundle", "this is not a zip file");
}

/**
 * @param {DataView} directory
 * @param {number} at
 * @returns {{ entry: Entry, length: number }}
 */
function readEntry(directory, at) {
  const room = directory.byteLength - at;
  if (room < ENTRY_BYTES || directory.getUint32(at, true) !== ENTRY) {
    throw fault("zip-damaged", "the zip's directory is damaged");
  }
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) =>
    directory.getUint16(at + place, true),
  );
  const length = ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  if (room < length) throw fault("zip-damaged", "the zip's directory is damaged");
  const start = directory.byteOffset + at + ENTRY_BYTES;
  const name = fromUtf8(new Uint8Array(directory.buffer, start, nameBytes)) ?? "";
  const method = directory.getUint16(at + 10, true);
  checkName(name);
  if (directory.getUint16(at + 8, true) & ENCRYPTED || ![STORED, DEFLATED].includes(method)) {
    throw fault("zip-method", "the file is packed in a way that is not read here", name);
  }
  const extra = new DataView(directory.buffer, start + nameBytes, extraBytes);
  const large = zip64(extra);
  const number = (/** @type {number} */ place) => {
    const value = directory.getUint32(at + place, true);
    return value === ALL_ONES ? large.shift() : value;
  };
  // In this order they stand in the extra field, those that did not fit.
  const [size, packed, offset] = [number(24), number(20), number(42)];
  if (size === undefined || packed === undefined || offset === undefined) {
    throw fault("zip-damaged", "the zip's directory is damaged", name);
  }
  return { entry: { name, method, packed, size, offset }, length };
}

/**
 * @param {DataView} extra
 * @returns {number[]} what did not fit into 32 bits
 */
function zip64(extra) {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const [kind, size] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    if (kind === ZIP64_EXTRA && at + 4 + size <= extra.byteLength) {
      return Array.from({ length: Math.floor(size / 8) }, (_, i) =>
        Number(extra.getBigUint64(at + 4 + 8 * i, true)),
      );
    }
    at += 4 + size;
  }
  return [];
}

/** @param {string} name */
function checkName(name) {
  const parts = name.split("/");
  const strange = parts.some((part) => part === "" || part === "." || part === "..");
  if (strange || name.includes("\\") || name.length > 1024) {
    throw fault("path-unsafe", "a name in the zip is no plain path", name);
  }
}

/**
 * @param {Blob} packed
 * @param {Entry} entry
 * @returns {Promise<Blob>} no more than the entry said, and one byte
 */
async function inflate(packed, { name, size }) {
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  /** @type {Blob[]} */
  const parts = [];
  let length = 0;
  try {
    while (length <= size) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (value)]));
      length += value.length;
    }
    await reader.cancel();
  } catch {
    throw fault("zip-damaged", "the file cannot be unpacked", name);
  }
  return new Blob(parts);
}
