// What a trustee's page compares with the signed log before it decrypts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toUtf8 } from "../../static/booth/encoding.mjs";
import { hashHex } from "../../static/booth/fingerprint.mjs";
import {
  checkBegun,
  checkDefinitionEntry,
  checkLogged,
  sumsHead,
} from "../../static/trustee/verify.mjs";

const { election, uuid } = JSON.parse(
  readFileSync(new URL("../vectors/election.json", import.meta.url), "utf8"),
).election;

/** @type {Map<string, Uint8Array>} the files that the service gives, by their hash */
const files = new Map();

/** @param {Uint8Array} data */
function filed(data) {
  const digest = hashHex(data);
  files.set(digest, data);
  return digest;
}

/** @param {string} credentials whatever tells one list of them from another */
function setup(credentials) {
  const digest = hashHex(toUtf8(credentials));
  const data = `{"election":"${filed(toUtf8(election))}","trustees":"${digest}","credentials":"${digest}"}`;
  return `{"height":0,"type":"Setup","payload":"${filed(toUtf8(data))}"}`;
}

/**
 * @param {string} parent
 * @param {number} height
 * @param {string} type
 */
function next(parent, height, type) {
  return `{"parent":"${hashHex(toUtf8(parent))}","height":${height},"type":"${type}"}`;
}

const REAL = setup("everybody");
const SECOND = setup("one voter");
const BALLOT = next(REAL, 1, "Ballot");
const END = next(BALLOT, 2, "EndBallots");
const SUM = next(END, 3, "EncryptedTally");
const WHOLE = [REAL, BALLOT, END, SUM];

/** @param {string[]} events */
function begun(events, uuids = [uuid]) {
  const read = async (/** @type {string} */ of, /** @type {string} */ digest) =>
    of === uuid ? (files.get(digest) ?? null) : null;
  return checkBegun(events.map(toUtf8), uuids, read);
}

/**
 * @param {string[]} log
 * @param {string[]} archive
 */
async function compare(log, archive) {
  const { events } = await begun(log);
  const entries = new Map(log.map((entry, index) => [hashHex(toUtf8(entry)), index]));
  checkLogged(
    archive.map((event) => hashHex(toUtf8(event))),
    { entries, events },
  );
}

test("a log that begins the listed election once", async () => {
  const { starts } = await begun(WHOLE);
  assert.deepEqual([...starts.keys()], [uuid]);
  await compare([...WHOLE, next(SUM, 4, "PartialDecryption")], WHOLE);
});

test("a second chain of the same election beside the real one", async () => {
  await assert.rejects(begun([...WHOLE, SECOND]), { code: "setup-twice" });
  await assert.rejects(begun([...WHOLE, REAL]), { code: "setup-twice" });
});

test("a second chain in the place of another listed election", async () => {
  const uuids = [uuid, "AnotherEXection"];
  await assert.rejects(begun([...WHOLE, SECOND], uuids), { code: "setup-twice" });
  await assert.rejects(begun(WHOLE, uuids), { code: "setup-missing" });
});

test("a listed election whose place another one takes", async () => {
  const read = async (/** @type {string} */ _, /** @type {string} */ digest) =>
    files.get(digest) ?? null;
  const log = WHOLE.map(toUtf8);
  await assert.rejects(checkBegun(log, ["AnotherEXection"], read), { code: "setup-twice" });
});

test("events that the archive leaves out", async () => {
  const left = [REAL, next(REAL, 1, "EndBallots")];
  await assert.rejects(compare([...WHOLE, left[1]], left), { code: "event-stray" });
  await assert.rejects(compare(WHOLE, left), { code: "not-in-log" });
});

test("a ballot after the sum", async () => {
  const share = next(SUM, 4, "PartialDecryption");
  for (const late of [[next(SUM, 4, "Ballot")], [share, next(share, 5, "Ballot")]]) {
    await assert.rejects(compare([...WHOLE, ...late], WHOLE), { code: "not-in-archive" });
  }
});

test("the seal is that of the log up to the last sum", () => {
  const head = (/** @type {string[]} */ ...log) => sumsHead(log.map(toUtf8));
  const seen = head(...WHOLE);
  assert.equal(seen.size, WHOLE.length);
  assert.deepEqual(head(...WHOLE, next(SUM, 4, "PartialDecryption"), '{"type":"lot"}'), seen);
  assert.notDeepEqual(head(SECOND, BALLOT, END, SUM), seen);
  assert.notDeepEqual(head(...WHOLE, SUM), seen);
  assert.throws(() => head(REAL, BALLOT, END), { code: "not-tallied" });
});

test("events that do not follow the last one of an election", async () => {
  const share = next(SUM, 4, "PartialDecryption");
  const late = next(share, 5, "Ballot");
  for (const log of [
    [...WHOLE, late, share],
    [...WHOLE, BALLOT],
    [REAL, END],
  ]) {
    await assert.rejects(begun(log), { code: "event-stray" });
  }
});

test("the first entry binds the agenda and the list of elections", () => {
  const entry = toUtf8(
    '{"assembly":"spring","definition_sha256":"d","elections_sha256":"e","type":"definition"}',
  );
  checkDefinitionEntry(entry, "spring", "d", "e");
  const refused = { code: "other-agenda" };
  assert.throws(() => checkDefinitionEntry(entry, "autumn", "d", "e"), refused);
  assert.throws(() => checkDefinitionEntry(entry, "spring", "x", "e"), refused);
  assert.throws(() => checkDefinitionEntry(undefined, "spring", "d", "e"), refused);
  assert.throws(() => checkDefinitionEntry(entry, "spring", "d", "x"), { code: "other-elections" });
});
