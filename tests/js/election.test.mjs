// The protocol's vectors, shared with Python: each refused case is named by its defect.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as ballots from "../../static/booth/ballot.mjs";
import { publicKey, secretKey, signInToken } from "../../static/booth/credential.mjs";
import { Election, electionHash } from "../../static/booth/election.mjs";
import { fromUtf8, toHex, toUtf8 } from "../../static/booth/encoding.mjs";
import { add, mul, mulBase, Point, parseScalar, Q, sub } from "../../static/booth/group.mjs";
import * as lot from "../../static/booth/lot.mjs";
import { parseCredentials, Setup } from "../../static/booth/setup.mjs";
import * as tally from "../../static/booth/tally.mjs";
import { Trustees } from "../../static/booth/trustee.mjs";

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/election.json", import.meta.url), "utf8"),
);
const parts = vectors.election;
const setup = Setup.fromParts(
  toUtf8(parts.election),
  toUtf8(parts.trustees),
  toUtf8(parts.credentials),
);
const encryptedTally = toUtf8(vectors.tally.encrypted_tally);

/** @typedef {any} Case */

/**
 * @param {string} what
 * @param {Case[]} cases
 * @param {(item: Case) => unknown} verify
 */
function refuses(what, cases, verify) {
  for (const item of cases) {
    test(`${what} refused: ${item.defect}`, () => {
      assert.throws(() => verify(item), { name: "ProtocolError", code: item.error });
    });
  }
}

/**
 * @param {Case} item
 * @returns {() => bigint} gives the recorded numbers, then fails
 */
function drawn(item) {
  const numbers = item.draws.map(BigInt);
  return () => {
    assert.ok(numbers.length > 0, "more numbers are drawn than were recorded");
    return numbers.shift();
  };
}

refuses("point", vectors.points.refused, ({ point }) => Point.fromHex(point));
for (const scalar of [0n, 1n, 8n, 12345n]) {
  refuses(`point times ${scalar}`, vectors.points.refused, ({ point }) =>
    mul(Point.claim(point), scalar),
  );
}

test("the group", () => {
  assert.equal(Q, BigInt(vectors.points.order));
  for (const { point, scalar, product } of vectors.points.multiplications) {
    assert.equal(mul(Point.fromHex(point), BigInt(scalar)).hex(), product);
  }
  for (const item of vectors.points.additions) {
    const [left, right] = [Point.fromHex(item.left), Point.fromHex(item.right)];
    assert.equal(add(left, right).hex(), item.sum);
    assert.equal(sub(left, right).hex(), item.difference);
  }
});

test("scalars", () => {
  for (const text of vectors.scalars.accepted) assert.equal(parseScalar(text).toString(), text);
});
refuses("scalar", vectors.scalars.refused, ({ scalar }) => parseScalar(scalar));

test("codes", () => {
  for (const item of vectors.codes.derivations) {
    assert.equal(secretKey(item.code, item.uuid).toString(), item.secret_key);
    assert.equal(publicKey(item.code, item.uuid).hex(), item.public_key);
  }
  for (const { assembly, code, token } of vectors.codes.sign_in) {
    assert.equal(signInToken(assembly, code), token);
  }
});
refuses("code", vectors.codes.refused, ({ code }) => secretKey(code, parts.uuid));

test("the set-up", () => {
  assert.equal(setup.fingerprint, parts.hash);
  assert.equal(electionHash(toUtf8(parts.election)), parts.hash);
  assert.deepEqual(
    setup.trustees.keys.map((key) => key.hex()),
    parts.public_keys,
  );
  const keys = parts.private_keys.map((/** @type {string} */ key) => mulBase(BigInt(key)).hex());
  assert.deepEqual(keys, parts.public_keys);
});
refuses("election", parts.refused_elections, ({ election }) => Election.parse(toUtf8(election)));
refuses("trustees", parts.refused_trustees, ({ trustees }) => Trustees.parse(toUtf8(trustees)));
refuses("credentials", parts.refused_credentials, ({ credentials }) =>
  parseCredentials(toUtf8(credentials)),
);

/** @param {Case} item */
function accept({ ballot }) {
  const parsed = ballots.parse(toUtf8(ballot));
  ballots.verify(setup.election, parsed);
  setup.weightOf(parsed.credential);
}

for (const item of vectors.ballots.accepted) {
  test(`ballot made, byte for byte, and accepted: ${item.name}`, () => {
    const randomScalar = drawn(item);
    const made = ballots.encrypt(toUtf8(parts.election), item.code, item.answers, { randomScalar });
    assert.equal(fromUtf8(made), item.ballot);
    assert.equal(ballots.tracker(made), item.tracker);
    assert.equal(ballots.parse(made).credential.hex(), item.credential);
    accept(item);
  });
}
refuses("ballot", vectors.ballots.refused, accept);

test("choices that no proof can be made of", () => {
  const [{ code }] = vectors.ballots.accepted;
  const [accounts, board] = vectors.ballots.accepted[0].answers;
  for (const answers of [
    [[1, 1, 0], board],
    [[0, 0, 0], board],
    [[2, 0, 0], board],
    [[1, 0], board],
    [accounts, board.map(() => 1)],
  ]) {
    assert.throws(() => ballots.encrypt(toUtf8(parts.election), code, answers), {
      code: "choice-not-allowed",
    });
  }
  assert.throws(() => ballots.encrypt(toUtf8(parts.election), code, [accounts]), {
    code: "answer-shape",
  });
});

test("the encrypted tally, with a ballot replaced", () => {
  const total = new tally.Accumulator(setup);
  for (const { ballot } of vectors.ballots.accepted) total.add(ballots.parse(toUtf8(ballot)));
  assert.equal(fromUtf8(total.encryptedTally()), vectors.tally.encrypted_tally);
  assert.equal(fromUtf8(total.sized()), vectors.tally.sized_encrypted_tally);
});

for (const item of vectors.tally.shares.accepted) {
  test(`partial decryption made, byte for byte, and accepted: trustee ${item.owner}`, () => {
    const key = BigInt(parts.private_keys[item.owner - 1]);
    const share = tally.partialDecryption(setup, encryptedTally, key, drawn(item));
    assert.equal(fromUtf8(share), item.share);
    tally.verifyPartialDecryption(setup, encryptedTally, item.owner, share);
  });
}
refuses("partial decryption", vectors.tally.shares.refused, ({ owner, share }) =>
  tally.verifyPartialDecryption(setup, encryptedTally, owner, toUtf8(share)),
);

test("a stranger's key decrypts nothing", () => {
  assert.throws(() => tally.partialDecryption(setup, encryptedTally, 5n), {
    code: "trustee-unknown",
  });
});

/**
 * @param {Case[]} accepted
 * @returns {Map<number, Uint8Array>}
 */
function shares(accepted) {
  return new Map(accepted.map(({ owner, share }) => [owner, toUtf8(share)]));
}

/** @param {string} result */
function verifyResult(result) {
  const { total_weight: weight } = vectors.tally;
  const given = shares(vectors.tally.shares.accepted);
  return tally.verifyResult(setup, encryptedTally, given, weight, toUtf8(result));
}

test("the result", () => {
  assert.deepEqual(verifyResult(vectors.tally.result), vectors.tally.sums);
});
refuses("result", vectors.tally.refused_results, ({ result }) => verifyResult(result));

test("the lot", () => {
  const { event_hash: eventHash } = vectors.lot;
  assert.equal(lot.basePoint(setup.fingerprint, eventHash).hex(), vectors.lot.base_point);
  for (const item of vectors.lot.other_base_points) {
    assert.equal(lot.basePoint(setup.fingerprint, item.event_hash).hex(), item.point);
  }
  const given = shares(vectors.lot.shares.accepted);
  const point = lot.combine(setup.trustees, setup.fingerprint, eventHash, given);
  assert.equal(point.hex(), vectors.lot.lot);
  assert.equal(toHex(lot.seed([point])), vectors.lot.seed);
  for (const item of vectors.lot.shares.accepted) {
    const key = BigInt(parts.private_keys[item.owner - 1]);
    const share = lot.lotShare(key, setup.fingerprint, eventHash, drawn(item));
    assert.equal(fromUtf8(share), item.share);
  }
});
refuses("lot share", vectors.lot.shares.refused, ({ owner, share }) =>
  lot.verifyLotShare(
    setup.trustees.keyOf(owner),
    setup.fingerprint,
    vectors.lot.event_hash,
    toUtf8(share),
  ),
);
