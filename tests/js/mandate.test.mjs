// Mailboxes and mandates: the vectors shared with Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as ballots from "../../static/booth/ballot.mjs";
import { publicKey, secretKey, signInToken } from "../../static/booth/credential.mjs";
import { fromHex, fromUtf8, toUtf8 } from "../../static/booth/encoding.mjs";
import { MailboxKey, mailboxKey, openSealed, seal } from "../../static/booth/mailbox.mjs";
import * as mandates from "../../static/booth/mandate.mjs";

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const vectors = read("mandate");
const { election } = read("election");
const { assembly, grantor, holder } = vectors;

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

/** @param {string} text */
const bytes = (text) => /** @type {Uint8Array} */ (fromHex(text));

test("mailboxes derive from codes", () => {
  for (const item of vectors.mailboxes) {
    const key = mailboxKey(item.assembly, item.code);
    assert.equal(key.hex(), item.key);
    assert.equal(key.number(item.assembly), item.number);
    assert.equal(MailboxKey.parse(item.key).hex(), item.key);
  }
});
refuses("mailbox key", vectors.refused_keys, ({ key }) => MailboxKey.parse(key));

test("a sealed message is opened by the holder", () => {
  const opened = openSealed(assembly, holder, bytes(vectors.sealed.sealed));
  assert.equal(fromUtf8(opened), vectors.sealed.message);
  const mandate = mandates.parse(opened);
  assert.deepEqual(mandate, mandates.drawUp(assembly, grantor, vectors.offer));
  const token = signInToken(assembly, holder);
  const bearers = mandate.elections.map(({ ticket }) =>
    mandates.bearer(token, mandate.mandate, ticket),
  );
  assert.deepEqual(bearers, vectors.bearers);
});
refuses("sealed message", vectors.refused_sealed, ({ code, sealed }) =>
  openSealed(assembly, code, bytes(sealed)),
);
refuses("mandate", vectors.refused_mandates, ({ mandate }) => mandates.parse(toUtf8(mandate)));

test("what is drawn up is byte for byte what Python writes, and is sealed and opened", () => {
  const message = mandates.encode(mandates.drawUp(assembly, grantor, vectors.offer));
  assert.equal(fromUtf8(message), vectors.sealed.message);
  const sealed = seal(mailboxKey(assembly, holder), message);
  assert.deepEqual(openSealed(assembly, holder, sealed), message);
});

test("a ballot signed with a mandate's key is the grantor's", () => {
  const [code] = election.codes;
  const secret = secretKey(code, election.uuid);
  const data = ballots.encrypt(toUtf8(election.election), secret, [
    [1, 0, 0],
    [0, 1, 0],
  ]);
  assert.equal(ballots.parse(data).credential.hex(), publicKey(code, election.uuid).hex());
});
