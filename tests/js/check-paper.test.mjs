// The receipt that our PDF carries, found again; and what is none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { concatBytes, toUtf8 } from "../../static/booth/encoding.mjs";
import { Words } from "../../static/booth/words.mjs";
import { receiptInPdf } from "../../static/check/paper.mjs";
import { megabytes } from "../../static/check/views.mjs";

const RECEIPT = toUtf8(`c2sp.org/tlog-proof@v1\nindex 3\n${"made up\n".repeat(500)}`);

/** @param {...Uint8Array} streams */
function pdf(...streams) {
  const objects = streams.flatMap((stream, i) => [
    toUtf8(`${i} 0 obj\n<< /Length ${stream.length} >>\nstream\n`),
    stream,
    toUtf8("\nendstream\nendobj\n"),
  ]);
  return concatBytes([toUtf8("%PDF-1.7\n%\u00e9\n"), ...objects, toUtf8("%%EOF\n")]);
}

const text = new Uint8Array(deflateSync(toUtf8("BT (a page) Tj ET ".repeat(100))));
const font = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251);

test("compressed, after pages and fonts", async () => {
  const file = pdf(text, font, new Uint8Array(deflateSync(RECEIPT)), text);
  assert.deepEqual(await receiptInPdf(file), RECEIPT);
});

test("as it is", async () => {
  assert.deepEqual(await receiptInPdf(pdf(text, RECEIPT)), RECEIPT);
});

test("a PDF without one, cut off, or with streams that are no streams", async () => {
  assert.equal(await receiptInPdf(pdf(text, font)), null);
  assert.equal(await receiptInPdf(pdf(new Uint8Array(deflateSync(RECEIPT))).slice(0, 90)), null);
  assert.equal(await receiptInPdf(toUtf8("%PDF-1.7\nstream\nstream\nendstream endstream")), null);
  assert.equal(await receiptInPdf(toUtf8("%PDF-1.7\n")), null);
});

test("a stream that swells without end is let go", async () => {
  const bomb = new Uint8Array(deflateSync(Buffer.alloc(50_000_000)));
  const begins = Buffer.concat([RECEIPT, Buffer.alloc(50_000_000)]);
  assert.equal(await receiptInPdf(pdf(bomb, new Uint8Array(deflateSync(begins)))), null);
});

test("sizes as people read them", () => {
  const words = new Words("fr", [], {});
  assert.equal(megabytes(10, words), "0,1");
  assert.equal(megabytes(2_345_678, words), "2,3");
  assert.equal(megabytes(23_456_789, words), "23");
});
