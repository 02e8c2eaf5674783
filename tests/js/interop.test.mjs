// With belenios-tool, both ways: its elections, ballots, archives and keys are read here, ours there.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as archive from "../../static/booth/archive.mjs";
import * as ballots from "../../static/booth/ballot.mjs";
import * as check from "../../static/booth/check.mjs";
import { Election } from "../../static/booth/election.mjs";
import { concatBytes, fromUtf8, toUtf8 } from "../../static/booth/encoding.mjs";
import { hashHex } from "../../static/booth/fingerprint.mjs";
import { Sums } from "../../static/booth/sums.mjs";
import * as tally from "../../static/booth/tally.mjs";
import { parsePrivateKey, parsePublicKey, publicKeyJson } from "../../static/booth/trustee.mjs";
import { Belenios, trimmed } from "./belenios.mjs";

const TEMPLATE = {
  description: 'A “description” with "quotes", a \\ and a\ttab',
  name: "Assemblée d’essai",
  questions: [
    { answers: ["for", "against", "abstain"], min: 1, max: 1, question: "accounts" },
    { answers: ["a", "b", "c", "d"], blank: true, min: 0, max: 2, question: "board" },
    { answers: ["x", "y", "z"], min: 0, max: 3, question: "themes" },
    { answers: ["p", "q", "r"], blank: true, min: 1, max: 2, question: "panel" },
  ],
};

/** Every kind of answer: blank, nobody, some, as many as allowed. */
const ANSWERS = [
  [
    [1, 0, 0],
    [0, 1, 0, 1, 0],
    [0, 0, 0],
    [1, 0, 0, 0],
  ],
  [
    [0, 1, 0],
    [1, 0, 0, 0, 0],
    [1, 1, 1],
    [0, 1, 0, 0],
  ],
  [
    [0, 0, 1],
    [0, 0, 0, 0, 0],
    [0, 1, 0],
    [0, 0, 1, 1],
  ],
];

const WEIGHTS = [1, 2, 5];

/** @param {Uint8Array} data */
const stream = (data) => new Blob([new Uint8Array(data)]).stream();

/**
 * All steps of the verification of an archive.
 * @param {Uint8Array} data
 */
async function verifyArchive(data) {
  const found = await check.scan(stream(data));
  const setup = check.checkSetup(found);
  check.checkRoll(found, setup);
  const sums = new Sums(tally.ballotWidth(setup.election));
  for await (const chunk of check.chunks(stream(data), found, setup, 2)) {
    sums.merge(structuredClone(check.verifyChunk(setup.election, chunk).toPart()));
  }
  check.checkTally(found, setup, sums);
  for (const owner of found.shares.keys()) check.checkPartialDecryption(found, setup, owner);
  const result = check.checkResult(found, setup);
  return { found, setup, result };
}

/**
 * The same archive with some members changed, hashes and chain made good again.
 * @param {Uint8Array} data
 * @param {(member: archive.Member, index: number) => Uint8Array | null} change null leaves it out
 */
async function rebuilt(data, change) {
  /** @type {Map<string, string>} */
  const renamed = new Map();
  const pieces = [];
  let index = 0;
  let timestamp = 0;
  for await (const member of archive.read(stream(data))) {
    if (member.kind === "header") timestamp = archive.parseHeader(member.data);
    const changed = change(member, index++);
    if (changed === null) continue;
    let text = /** @type {string} */ (fromUtf8(changed));
    for (const [old, now] of renamed) text = text.replaceAll(old, now);
    const written = toUtf8(text);
    renamed.set(hashHex(member.data), hashHex(written));
    pieces.push(archive.member(member.kind, written, timestamp));
  }
  return concatBytes(pieces);
}

describe("an election of belenios-tool", () => {
  /** @type {Belenios} */
  let belenios;
  /** @type {string[]} */
  let codes;
  /** @type {string[]} */
  let group;
  /** @type {Election} */
  let election;

  before(() => {
    belenios = new Belenios(TEMPLATE);
    codes = belenios.voters(WEIGHTS);
    belenios.trustee();
    belenios.trustee();
    group = belenios.thresholdTrustees(2, 3);
    belenios.open();
    election = Election.parse(belenios.election());
  });
  after(() => belenios.close());

  test("is read as it is", () => {
    assert.equal(election.name, TEMPLATE.name);
    assert.equal(election.description, TEMPLATE.description);
    const questions = TEMPLATE.questions.map((question) => ({ blank: false, ...question }));
    assert.deepEqual(election.questions, questions);
  });

  test("gets ballots from us that it accepts, for every kind of answer", () => {
    for (const answers of ANSWERS) {
      const ballot = ballots.encrypt(belenios.election(), codes[0], answers);
      assert.ok(belenios.accepts(ballot));
      ballots.verify(election, ballots.parse(ballot));
    }
  });

  test("gives ballots that we accept, for every kind of answer", () => {
    for (const answers of ANSWERS) {
      ballots.verify(election, ballots.parse(belenios.ballot(codes[1], answers)));
    }
  });

  test("gives keys that we read, and takes ours", () => {
    const [file] = belenios.files(".privkey");
    const privateKey = parsePrivateKey(belenios.read(file));
    const published = parsePublicKey(trimmed(belenios.read(file.replace("privkey", "pubkey"))));
    assert.ok(parsePublicKey(publicKeyJson(privateKey)).equals(published));
  });

  test("is counted, decrypted and verified, by both, and no byte of it can change", async () => {
    const data = belenios.election();
    // The second voter votes twice; the last ballot counts.
    const cast = [
      ballots.encrypt(data, codes[0], ANSWERS[0]),
      belenios.ballot(codes[1], ANSWERS[0]),
      ballots.encrypt(data, codes[2], ANSWERS[2]),
      ballots.encrypt(data, codes[1], ANSWERS[1]),
    ];
    for (const ballot of cast) belenios.addEvent("Ballot", concatBytes([ballot, toUtf8("\n")]));
    belenios.tally();
    const tallied = await verifyArchive(belenios.archive());
    assert.equal(tallied.found.stage, "tallied");

    const accumulator = new tally.Accumulator(tallied.setup);
    for (const ballot of cast) accumulator.add(ballots.parse(ballot));
    assert.deepEqual(accumulator.encryptedTally(), tallied.found.tally);
    assert.deepEqual(accumulator.sized(), tallied.found.sized);

    // One partial decryption of ours, the rest by belenios-tool.
    const [ours, theirs] = belenios.files(".privkey");
    const keys = tallied.setup.trustees.keys;
    const ownerOf = (/** @type {string} */ file) => {
      const own = parsePublicKey(publicKeyJson(parsePrivateKey(belenios.read(file))));
      return keys.findIndex((key) => key.equals(own)) + 1;
    };
    const encrypted = /** @type {Uint8Array} */ (tallied.found.tally);
    const share = tally.partialDecryption(
      tallied.setup,
      encrypted,
      parsePrivateKey(belenios.read(ours)),
    );
    tally.verifyPartialDecryption(tallied.setup, encrypted, ownerOf(ours), share);
    const owned = JSON.stringify({ owner: ownerOf(ours), payload: hashHex(share) });
    belenios.addEvent("PartialDecryption", concatBytes([share, toUtf8(`\n${owned}\n`)]));
    const decrypted = belenios.run(
      "election",
      "decrypt",
      "--privkey",
      theirs,
      "--trustee-id",
      String(ownerOf(theirs)),
    );
    belenios.addEvent("PartialDecryption", decrypted);
    for (const member of [0, 2]) {
      const id = group[member];
      const options = ["--key", `${id}.key`, "--decryption-key", `${id}.dkey`];
      const owner = String(3 + member);
      belenios.addEvent(
        "PartialDecryption",
        belenios.run("election", "decrypt-threshold", ...options, "--trustee-id", owner),
      );
    }
    belenios.addEvent("Result", belenios.run("election", "compute-result"));
    const verified = belenios.attempt("", "election", "verify");
    assert.equal(verified.status, 0, verified.stderr);

    const whole = belenios.archive();
    const { found, result } = await verifyArchive(whole);
    assert.equal(found.stage, "decided");
    assert.deepEqual(result, [
      [1, 2, 5],
      [2, 1, 0, 1, 0],
      [2, 7, 2],
      [1, 2, 5, 5],
    ]);

    // One byte in each of sixty places; headers, names, contents, padding.
    for (let i = 0; i < 60; i++) {
      const changed = whole.slice();
      changed[Math.floor((i * whole.length) / 60) + i] ^= 1;
      await assert.rejects(verifyArchive(changed), { name: "ProtocolError" });
    }
    const cut = whole.slice(0, -512);
    await assert.rejects(verifyArchive(cut), { code: "archive-truncated" });
    const padded = concatBytes([whole, new Uint8Array(512)]);
    await assert.rejects(verifyArchive(padded), { name: "ProtocolError" });
  });

  test("is refused when a ballot's proof is broken, its chain made good again", async () => {
    const broken = await rebuilt(belenios.archive(), ({ data }) => {
      const text = /** @type {string} */ (fromUtf8(data));
      if (!text.startsWith('{"election_uuid"')) return data;
      return toUtf8(
        text.replace(
          /"response":"([0-9]+)"/,
          (_, response) => `"response":"${BigInt(response) / 2n}"`,
        ),
      );
    });
    await assert.rejects(verifyArchive(broken), (/** @type {any} */ error) => {
      assert.equal(error.code, "signature");
      assert.equal(error.index, 0);
      return true;
    });
  });

  test("is refused when a ballot is left out, its chain made good again", async () => {
    let skipped = 0;
    const shorter = await rebuilt(belenios.archive(), ({ kind, data }) => {
      const text = /** @type {string} */ (fromUtf8(data));
      const isBallot = text.startsWith('{"election_uuid"') || text.includes('"type":"Ballot"');
      if (isBallot && skipped < 2) {
        skipped += 1;
        return null;
      }
      if (kind !== "event" || !text.includes('"parent"')) return data;
      const { height } = JSON.parse(text);
      return toUtf8(text.replace(`"height":${height}`, `"height":${height - 1}`));
    });
    // The event after the gap still names the one that is gone.
    await assert.rejects(verifyArchive(shorter), { code: "event-parent" });
  });

  test("does not take another voter's ballot for its own", () => {
    const ballot = ballots.encrypt(belenios.election(), codes[0], ANSWERS[0]);
    const other = ballots.parse(ballots.encrypt(belenios.election(), codes[1], ANSWERS[0]));
    const copied = { ...ballots.parse(ballot), credential: other.credential };
    assert.throws(() => ballots.verify(election, copied), { code: "signature" });
  });
});
