// A receipt out of whatever a member kept of it: the file itself, our one-page PDF that carries it, or a picture
// of the QR code.

import { concatBytes, fromUtf8 } from "../booth/encoding.mjs";
import { qrDetector, readPicture } from "./camera.mjs";
import { CheckFault } from "./fault.mjs";

/** @typedef {{ receipt: Uint8Array } | { tracker: string }} Kept */

const MAX_FILE = 20 * 2 ** 20;
const MAX_RECEIPT = 2 ** 20;
const RECEIPT = "c2sp.org/tlog-proof@";
const PDF = "%PDF-";

/**
 * @param {File} file
 * @returns {Promise<Kept>}
 */
export async function readKept(file) {
  if (file.size > MAX_FILE) throw new CheckFault("not-a-receipt");
  if (file.type.startsWith("image/")) return { tracker: await trackerIn(file) };
  const data = new Uint8Array(await file.arrayBuffer());
  if (fromUtf8(data.subarray(0, PDF.length)) !== PDF) return { receipt: data };
  const receipt = await receiptInPdf(data);
  if (receipt === null) throw new CheckFault("not-a-receipt");
  return { receipt };
}

/**
 * @param {File} picture
 * @returns {Promise<string>}
 */
async function trackerIn(picture) {
  const detector = await qrDetector();
  if (detector === null) throw new CheckFault("picture-unreadable");
  const said = await readPicture(detector, picture);
  if (said === null) throw new CheckFault("no-code-in-picture");
  return said;
}

/**
 * The receipt attached to our PDF. Its streams are looked through one by one: it is checked afterwards as any
 * other receipt, wherever it came from.
 * @param {Uint8Array} pdf
 * @returns {Promise<Uint8Array | null>}
 */
export async function receiptInPdf(pdf) {
  const text = new TextDecoder("latin1").decode(pdf);
  for (const { index, 0: keyword } of text.matchAll(/(?<!end)stream\r?\n/g)) {
    const start = index + keyword.length;
    const end = text.indexOf("endstream", start);
    if (end < 0) break;
    const content = pdf.subarray(start, end);
    const plain = begins(content) ? trimmed(content) : await inflated(content);
    if (plain !== null && begins(plain)) return plain;
  }
  return null;
}

/** @param {Uint8Array} data */
function begins(data) {
  return fromUtf8(data.subarray(0, RECEIPT.length)) === RECEIPT;
}

/**
 * @param {Uint8Array} stream with the line's end before "endstream"
 * @returns {Uint8Array}
 */
function trimmed(stream) {
  // A receipt ends in a newline of its own.
  const surplus = stream.at(-2) === 0x0a ? 1 : 0;
  return stream.slice(0, stream.length - surplus);
}

/**
 * @param {Uint8Array} data
 * @returns {Promise<Uint8Array | null>} null for what is not deflated, or too large
 */
async function inflated(data) {
  const body = /** @type {Uint8Array<ArrayBuffer>} */ (data.slice());
  const reader = new Blob([body])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size > MAX_RECEIPT || !couldBegin(parts[0])) return await cancelled(reader);
    }
  } catch {
    // What follows the deflated data, a line's end, is taken for surplus by browsers; what came before is whole.
  }
  return parts.length === 0 ? null : concatBytes(parts);
}

/** @param {Uint8Array} start */
function couldBegin(start) {
  const length = Math.min(start.length, RECEIPT.length);
  return fromUtf8(start.subarray(0, length)) === RECEIPT.slice(0, length);
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @returns {Promise<null>}
 */
async function cancelled(reader) {
  await reader.cancel();
  return null;
}
