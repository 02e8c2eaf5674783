// A made-up ballot box: one election of the shared vectors, its archive and its log, from the set-up to the result.

import { readFileSync } from "node:fs";
import { member } from "../../static/booth/archive.mjs";
import * as ballots from "../../static/booth/ballot.mjs";
import { concatBytes, fromUtf8, toUtf8 } from "../../static/booth/encoding.mjs";
import { hashHex } from "../../static/booth/fingerprint.mjs";
import * as json from "../../static/booth/jsontext.mjs";
import { Setup } from "../../static/booth/setup.mjs";
import * as tally from "../../static/booth/tally.mjs";
import { VerifierKey } from "../../static/booth/tlog/note.mjs";
import { Log } from "./log.mjs";

const { election: parts } = JSON.parse(
  readFileSync(new URL("../vectors/election.json", import.meta.url), "utf8"),
);
export const FOR = [
  [1, 0, 0],
  [0, 1, 0],
];
export const AGAINST = [
  [0, 1, 0],
  [1, 0, 0],
];
const TIMESTAMP = 1_760_000_000;

/** @typedef {import("../../static/check/board.mjs").Board} Board */
/** @typedef {import("../../static/check/board.mjs").Place} Place */

/** A box of which every secret is known. */
export class BallotBox {
  setup = Setup.fromParts(
    toUtf8(parts.election),
    toUtf8(parts.trustees),
    toUtf8(parts.credentials),
  );
  /** @type {string[]} */
  codes = parts.codes;
  /** @type {string} */
  uuid = parts.uuid;
  /** @type {Uint8Array[]} */
  entries = [];
  /** @type {Uint8Array[]} members of the archive */
  archive = [member("header", json.encode({ version: 1, timestamp: TIMESTAMP }), TIMESTAMP)];
  /** @type {Map<string, Uint8Array>} */
  objects = new Map();
  /** @type {Map<string, { index: number, event: string }>} by a ballot's hash */
  cast_ = new Map();
  /** @type {Map<string, string>} by credential, the hash of its last ballot */
  newest = new Map();
  /** @type {Record<string, { index: number, event: string }>} by type, the last event */
  events = {};
  #last = "";
  #height = 0;

  constructor(seed = 1, name = "vote.example/log/made-up") {
    this.seed = seed;
    this.name = name;
    this.entries.push(toUtf8('{"type":"definition"}'));
    const { election, trustees, credentials } = parts;
    const files = [election, trustees, credentials].map(toUtf8);
    const [a, b, c] = files.map(hashHex);
    this.event("Setup", ...files, json.encode({ election: a, trustees: b, credentials: c }));
  }

  /**
   * Into the archive and into the log.
   * @param {string} type
   * @param {...Uint8Array} data
   */
  event(type, ...data) {
    const payload = data.at(-1);
    const event = json.encode({
      ...(this.#height > 0 && { parent: this.#last }),
      height: this.#height,
      type,
      ...(payload !== undefined && { payload: hashHex(payload) }),
    });
    for (const file of data) {
      this.objects.set(hashHex(file), file);
      this.archive.push(member("data", file, TIMESTAMP));
    }
    this.archive.push(member("event", event, TIMESTAMP));
    this.entries.push(event);
    this.#last = hashHex(event);
    this.#height += 1;
    const logged = { index: this.entries.length - 1, event: fromUtf8(event) ?? "" };
    this.events[type] = logged;
    return logged;
  }

  /**
   * @param {number} voter
   * @param {number[][]} [answers]
   * @returns {string} the ballot's hash
   */
  cast(voter, answers = FOR) {
    return this.put(ballots.encrypt(toUtf8(parts.election), this.codes[voter], answers));
  }

  /**
   * @param {Uint8Array} data a ballot
   * @returns {string} its hash
   */
  put(data) {
    const digest = hashHex(data);
    this.cast_.set(digest, this.event("Ballot", data));
    this.newest.set(ballots.parse(data).credential.hex(), digest);
    return digest;
  }

  /** Closes, sums, opens. */
  decide() {
    this.event("EndBallots");
    const sums = new tally.Accumulator(this.setup);
    for (const digest of this.newest.values()) sums.add(ballots.parse(this.object(digest)));
    const encrypted = sums.encryptedTally();
    this.event("EncryptedTally", encrypted, sums.sized());
    parts.private_keys.forEach((/** @type {string} */ key, /** @type {number} */ i) => {
      const share = tally.partialDecryption(this.setup, encrypted, BigInt(key));
      this.event(
        "PartialDecryption",
        share,
        json.encode({ owner: i + 1, payload: hashHex(share) }),
      );
    });
    this.event("Result", json.encode({ result: [] }));
  }

  /** @param {string} digest */
  object(digest) {
    const found = this.objects.get(digest);
    if (found === undefined) throw new Error(`no object ${digest}`);
    return found;
  }

  get log() {
    return new Log(this.name, this.entries, this.seed);
  }

  /**
   * @param {string} digest
   * @param {number} [size]
   * @returns {Uint8Array}
   */
  receipt(digest, size = this.entries.length) {
    return this.log.receipt(this.logged(digest).index, size);
  }

  /** @param {string} digest */
  logged(digest) {
    const found = this.cast_.get(digest);
    if (found === undefined) throw new Error(`no ballot ${digest}`);
    return found;
  }

  /**
   * What the service says of a ballot.
   * @param {string} digest
   * @returns {Place | null}
   */
  place(digest) {
    if (!this.cast_.has(digest)) return null;
    const { credential } = ballots.parse(this.object(digest));
    const newest = this.newest.get(credential.hex()) ?? "";
    return {
      election: this.uuid,
      ballot: "main",
      logged: this.logged(digest),
      newest: { digest: newest, ...this.logged(newest) },
      tally: "Result" in this.events ? this.events.EncryptedTally : null,
      result: this.events.Result ?? null,
      archive_bytes: this.archive.reduce((sum, { length }) => sum + length, 0),
    };
  }

  /**
   * An honest service; `changes` make it another one.
   * @param {Partial<Board>} [changes]
   * @returns {Board}
   */
  board(changes = {}) {
    const { log } = this;
    return {
      key: VerifierKey.parse(log.vkey),
      checkpoint: async () => log.checkpoint(),
      tile: async (path) => log.tile(path),
      find: async (digest) => this.place(digest),
      object: async (_, digest) => this.objects.get(digest) ?? null,
      election: async () => toUtf8(parts.election),
      archive: async () => new Blob([/** @type {BlobPart} */ (concatBytes(this.archive))]),
      ...changes,
    };
  }
}
