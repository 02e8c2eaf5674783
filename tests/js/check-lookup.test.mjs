// "Is my ballot there?", without a browser: what is said, and every way to be wrong named by its defect.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { concatBytes, fromUtf8, toUtf8 } from "../../static/booth/encoding.mjs";
import { hashHex } from "../../static/booth/fingerprint.mjs";
import { checkReceipt, checkTracker } from "../../static/check/lookup.mjs";
import { lookThrough } from "../../static/check/standing.mjs";
import { parseTracker, trackerFromHex } from "../../static/check/tracker.mjs";
import { AGAINST, BallotBox } from "./ballotbox.mjs";
import { Log } from "./log.mjs";

const NOW = { pauses: [] };

const box = new BallotBox();
const first = box.cast(0);
const early = box.receipt(first);
const other = box.cast(1);
const again = box.cast(0, AGAINST);
const quick = box.board();

/** @param {Uint8Array} data @param {(text: string) => string} change */
const edited = (data, change) => toUtf8(change(fromUtf8(data) ?? ""));

/** @param {import("../../static/check/lookup.mjs").Found} found @param {BallotBox} [of] */
const through = (found, of = box, changes = {}) =>
  lookThrough(found.digest, found.place, found.box, of.board(changes), () => {});

test("a receipt made earlier: the box has only grown, and a newer ballot replaced this one", async () => {
  /** @type {string[]} */
  const steps = [];
  const found = await checkReceipt(early, quick, { onStep: (step) => steps.push(step) });
  assert.equal(found.standing, "replaced");
  assert.equal(found.tracker, trackerFromHex(first));
  assert.deepEqual([found.index, found.before, found.size], [2, 3, 5]);
  assert.equal(found.path.length, 3);
  assert.deepEqual(steps, ["receipt", "box", "since", "standing"]);
  assert.equal((await through(found)).standing, "replaced");
});

test("a tracker alone, as it is typed, pasted and scanned", async () => {
  const tracker = trackerFromHex(other);
  for (const text of [
    tracker,
    ` ${tracker.replace(/(.{4})/g, "$1 ")}\n`,
    `https://vote.example/a/made-up/check#${tracker}`,
    `https://vote.example/a/made-up/check#${encodeURIComponent(tracker)}`,
  ]) {
    const found = await checkTracker(text, quick);
    assert.deepEqual([found.standing, found.index, found.before], ["newest", 3, 0]);
    assert.deepEqual(await through(found), { standing: "newest", ballots: 3, voters: 2 });
  }
});

test("after the counting: this ballot was counted", async () => {
  const done = new BallotBox();
  const replaced = done.cast(0);
  const counted = done.cast(0, AGAINST);
  const receipt = done.receipt(counted);
  done.decide();
  const found = await checkReceipt(receipt, done.board());
  assert.equal(found.standing, "counted");
  assert.equal((await through(found, done)).standing, "counted");
  const before = await checkTracker(trackerFromHex(replaced), done.board());
  assert.equal(before.standing, "replaced");
});

test("where the host keeps back the opened sums, the public archive ends with the sealed ones", async () => {
  const done = new BallotBox();
  const counted = done.cast(0);
  done.decide();
  const found = await checkTracker(trackerFromHex(counted), done.board());
  const archive = (/** @type {number} */ end) => async () =>
    new Blob([/** @type {BlobPart} */ (concatBytes(done.archive.slice(0, end)))]);
  // Header, set-up of five, ballot and its event, end of the ballots, sum of three.
  assert.equal((await through(found, done, { archive: archive(12) })).standing, "counted");
  await assert.rejects(through(found, done, { archive: archive(9) }), { code: "box-answer" });
});

test("a ballot that was signed into the box only just now is waited for", async () => {
  const { log } = box;
  let asked = 0;
  const board = box.board({ checkpoint: async () => log.checkpoint(asked++ === 0 ? 4 : 5) });
  const found = await checkTracker(trackerFromHex(again), board, { pauses: [1] });
  assert.deepEqual([found.index, found.size, asked], [4, 5, 2]);
});

describe("a number that is none", () => {
  const tracker = trackerFromHex(first);
  /** @type {[string, string, string][]} */
  const cases = [
    ["nothing", "", "tracker-syntax"],
    ["a letter short", tracker.slice(0, -1), "tracker-syntax"],
    ["a letter too many", `${tracker}A`, "tracker-syntax"],
    ["padded", `${tracker}=`, "tracker-syntax"],
    ["with a sign that it cannot have", `-${tracker.slice(1)}`, "tracker-letters"],
    ["ending in bits that are no part of it", `${"A".repeat(42)}B`, "tracker-letters"],
  ];
  for (const [defect, text, code] of cases) {
    test(defect, () => assert.throws(() => parseTracker(text), { code }));
  }
  test("of no ballot in this box", async () => {
    await assert.rejects(checkTracker("A".repeat(43), quick), { code: "unknown-tracker" });
  });
});

describe("a receipt is refused", () => {
  const text = fromUtf8(early) ?? "";
  const flipped = (/** @type {string} */ needle, offset = 0) =>
    edited(early, (all) => {
      const at = all.indexOf(needle) + offset;
      const letter = all[at] === "A" ? "B" : "A";
      return all.slice(0, at) + letter + all.slice(at + 1);
    });
  const lines = text.split("\n");
  const spliced = (
    /** @type {number} */ at,
    /** @type {number} */ out,
    /** @type {string[]} */ ...added
  ) => [...lines.slice(0, at), ...added, ...lines.slice(at + out)];
  const elsewhere = new BallotBox(1, "vote.example/log/another");
  const forger = new BallotBox(2);
  const definition = new Log(box.name, box.entries, box.seed).receipt(0, 5);
  /** @type {[string, Uint8Array, string][]} */
  const cases = [
    ["empty", new Uint8Array(), "not-a-receipt"],
    ["a letter to a friend", toUtf8("Dear Ada,\n\n— Bela\n"), "not-a-receipt"],
    ["with a byte-order mark", toUtf8(`\ufeff${text}`), "not-a-receipt"],
    ["a byte of the event flipped", flipped("extra ", 20), "receipt-changed"],
    ["a byte of the path flipped", flipped("index 2\n", 20), "receipt-changed"],
    ["a byte of the signature flipped", flipped("— vote.example", 60), "receipt-changed"],
    ["a byte of the key's name flipped", flipped("made-up ", 10), "receipt-changed"],
    ["a byte of the root flipped", flipped("made-up\n3\n", 20), "receipt-changed"],
    ["another index", edited(early, (all) => all.replace("index 2", "index 1")), "receipt-changed"],
    [
      "an index with a zero in front",
      edited(early, (all) => all.replace("index 2", "index 02")),
      "receipt-changed",
    ],
    ["a shorter path", toUtf8(spliced(3, 1).join("\n")), "receipt-changed"],
    ["a longer path", toUtf8(spliced(3, 0, lines[3]).join("\n")), "receipt-changed"],
    ["without its event", toUtf8(spliced(1, 1).join("\n")), "receipt-changed"],
    ["cut off", early.slice(0, -30), "receipt-changed"],
    ["something after it", concatBytes([early, toUtf8("\n")]), "receipt-changed"],
    [
      "the event not in canonical Base64",
      edited(early, (all) => all.replace("extra ", "extra  ")),
      "receipt-changed",
    ],
    [
      "another size",
      edited(early, (all) => all.replace("made-up\n3\n", "made-up\n4\n")),
      "receipt-changed",
    ],
    [
      "nobody signed it",
      toUtf8(text.replace("— vote.example/log/made-up", "— vote.example/witness")),
      "receipt-changed",
    ],
    [
      "with the line ends of another system",
      toUtf8(text.replaceAll("\n", "\r\n")),
      "receipt-line-ends",
    ],
    ["of another assembly", elsewhere.receipt(elsewhere.cast(0)), "other-box"],
    ["signed with another key", forger.receipt(forger.cast(0)), "other-key"],
    ["for another entry than a ballot", definition, "not-a-ballot"],
    ["for the set-up", box.log.receipt(1, 5), "not-a-ballot"],
  ];
  for (const [defect, receipt, code] of cases) {
    test(defect, async () => {
      await assert.rejects(checkReceipt(receipt, quick, NOW), { name: "CheckFault", code });
    });
  }
  test("with a witness' line beside: it is taken", async () => {
    const line = `— witness.example ${Buffer.from("0123456789").toString("base64")}\n`;
    const found = await checkReceipt(concatBytes([early, toUtf8(line)]), quick, NOW);
    assert.equal(found.standing, "replaced");
  });
});

describe("the box gives itself away", () => {
  const place = () => structuredClone(/** @type {any} */ (box.place(first)));
  const fork = new Log(
    box.name,
    [...box.entries.slice(0, 2), ...box.entries.slice(3, 4), ...box.entries.slice(3)],
    box.seed,
  );
  const forked = {
    checkpoint: async () => fork.checkpoint(),
    tile: async (/** @type {string} */ path) => fork.tile(path),
  };
  const stranger = new BallotBox();
  const others = stranger.cast(2);
  box.objects.set(others, stranger.object(others));
  const forgedEvent = (/** @type {string} */ digest) =>
    JSON.stringify({ ...JSON.parse(box.logged(again).event), payload: digest });
  /** @type {[string, Partial<import("../../static/check/board.mjs").Board>, string][]} */
  const cases = [
    ["it is shorter than it was", { checkpoint: async () => box.log.checkpoint(2) }, "box-shorter"],
    ["an entry was replaced", forked, "box-rewritten"],
    ["a tile was exchanged", { tile: async (path) => fork.tile(path) }, "box-rewritten"],
    ["a tile of another length", { tile: async () => new Uint8Array(31) }, "box-rewritten"],
    [
      "a checkpoint with another key",
      { checkpoint: async () => new Log(box.name, box.entries, 2).checkpoint() },
      "box-unsigned",
    ],
    ["no checkpoint", { checkpoint: async () => toUtf8("sorry") }, "box-unsigned"],
    [
      "a size beyond all bounds",
      {
        checkpoint: async () => box.log.sign(`${box.name}\n9007199254740993\n${"A".repeat(43)}=\n`),
      },
      "box-unsigned",
    ],
    ["the archive lacks the ballot", { find: async () => null }, "box-ballot-missing"],
    ["the archive lacks the ballot's file", { object: async () => null }, "box-ballot-missing"],
    ["another file than the ballot's", { object: async () => box.object(other) }, "box-answer"],
    [
      "another place than the receipt's",
      { find: async () => ({ ...place(), logged: box.logged(other) }) },
      "box-answer",
    ],
    [
      "a newer ballot of somebody else",
      { find: async () => ({ ...place(), newest: { digest: other, ...box.logged(other) } }) },
      "box-answer",
    ],
    [
      "a newer ballot that is not in the log",
      {
        find: async () => ({
          ...place(),
          newest: { digest: again, index: 4, event: forgedEvent(other) },
        }),
      },
      "box-answer",
    ],
    [
      "a newer ballot that the event is not for",
      { find: async () => ({ ...place(), newest: { ...box.logged(again), digest: others } }) },
      "box-answer",
    ],
    [
      "a counting that is not in the log",
      {
        find: async () => ({
          ...place(),
          newest: { digest: first, ...box.logged(first) },
          tally: { index: 4, event: "{}" },
          result: { index: 4, event: "{}" },
        }),
      },
      "box-answer",
    ],
    [
      "a counting that came before",
      {
        find: async () => ({
          ...place(),
          newest: { digest: first, ...box.logged(first) },
          tally: { index: 1, event: fromUtf8(box.entries[1]) ?? "" },
          result: { index: 1, event: "" },
        }),
      },
      "box-answer",
    ],
  ];
  for (const [defect, changes, code] of cases) {
    test(defect, async () => {
      await assert.rejects(checkReceipt(early, box.board(changes), NOW), { code });
    });
  }
  test("a number is shown the place of another ballot", async () => {
    const board = box.board({ find: async () => box.place(other) });
    await assert.rejects(checkTracker(trackerFromHex(first), board, NOW), { code: "box-answer" });
  });
  test("a newer ballot with a broken proof does not replace this one", async () => {
    const broken = new BallotBox();
    const honest = broken.cast(0);
    const text = fromUtf8(broken.object(honest)) ?? "";
    const forged = toUtf8(
      text.replace(/"response":"\d/, (all) => `${all.slice(0, -1)}${all.endsWith("1") ? 2 : 1}`),
    );
    broken.put(forged);
    const receipt = broken.receipt(honest);
    await assert.rejects(checkReceipt(receipt, broken.board(), NOW), { code: "box-answer" });
    assert.notEqual(hashHex(forged), honest);
  });
});

describe("the look through the whole box finds", () => {
  test("a newer ballot that the service kept quiet about", async () => {
    const board = box.board({
      find: async () => ({
        .../** @type {any} */ (box.place(first)),
        newest: { digest: first, ...box.logged(first) },
      }),
    });
    const found = await checkReceipt(early, board, NOW);
    assert.equal(found.standing, "newest");
    assert.equal((await through(found)).standing, "replaced");
  });
  const shorter = (/** @type {number} */ members) => ({
    archive: async () =>
      new Blob([/** @type {BlobPart} */ (concatBytes(box.archive.slice(0, members)))]),
  });
  test("an archive that leaves out ballots of the log", async () => {
    const found = await checkTracker(trackerFromHex(other), quick, NOW);
    await assert.rejects(through(found, box, shorter(10)), { code: "box-answer" });
  });
  test("an archive that has not this ballot", async () => {
    const found = await checkTracker(trackerFromHex(again), quick, NOW);
    await assert.rejects(through(found, box, shorter(10)), { code: "box-answer" });
  });
  test("an archive of another election", async () => {
    const stranger = new BallotBox();
    stranger.cast(3);
    const found = await checkTracker(trackerFromHex(other), quick, NOW);
    const archive = async () => new Blob([/** @type {BlobPart} */ (concatBytes(stranger.archive))]);
    await assert.rejects(through(found, box, { archive }), { code: "box-answer" });
  });
  test("an archive that is no archive", async () => {
    const found = await checkTracker(trackerFromHex(other), quick, NOW);
    const archive = async () => new Blob(["x"]);
    await assert.rejects(through(found, box, { archive }), { code: "box-answer" });
  });
  test("nothing wrong in ballots that came after the log was read", async () => {
    const growing = new BallotBox();
    const mine = growing.cast(0);
    const found = await checkReceipt(growing.receipt(mine), growing.board(), NOW);
    growing.cast(1);
    assert.deepEqual(await through(found, growing), { standing: "newest", ballots: 2, voters: 2 });
  });
});
