// What is fixed before the first ballot: election, trustees, list of public credentials.

import { Election } from "./election.mjs";
import { ProtocolError } from "./errors.mjs";
import { parseHash } from "./fingerprint.mjs";
import { Point } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { Trustees } from "./trustee.mjs";

const MAX_CREDENTIALS_BYTES = 256 * 2 ** 20;
const MAX_SETUP_BYTES = 1024;

/**
 * Public keys, in the file's order, and their weights (specification, section "Credentials").
 * @param {Uint8Array} data
 * @returns {Map<string, number>}
 */
export function parseCredentials(data) {
  /** @type {Map<string, number>} */
  const weights = new Map();
  for (const item of json.array(json.parse(data, MAX_CREDENTIALS_BYTES))) {
    const [, key, digits] = /^([^,]*)(?:,(.*))?$/.exec(json.text(item)) ?? [];
    if (Point.fromHex(key).isIdentity()) {
      throw new ProtocolError("key-is-neutral", "Everybody knows the secret of this credential.");
    }
    if (digits !== undefined && !/^(?:0|[1-9][0-9]{0,11})$/.test(digits)) {
      throw new ProtocolError("number-syntax", "Expected decimal digits without a leading zero.");
    }
    if (digits === "0") throw new ProtocolError("weight-not-positive", "A weight is at least 1.");
    if (weights.has(key)) {
      throw new ProtocolError("credential-twice", "A credential stands twice on the list.");
    }
    weights.set(key, digits === undefined ? 1 : Number(digits));
  }
  return weights;
}

/** A verified set-up. */
export class Setup {
  /**
   * @param {Election} election
   * @param {Trustees} trustees
   * @param {Map<string, number>} weights by the hexadecimal public key of each voter
   */
  constructor(election, trustees, weights) {
    this.election = election;
    this.fingerprint = election.fingerprint;
    this.trustees = trustees;
    this.weights = weights;
  }

  /**
   * Reads and verifies the three files of the set-up (specification, section "Elections").
   * @param {Uint8Array} election
   * @param {Uint8Array} trustees
   * @param {Uint8Array} credentials
   * @returns {Setup}
   */
  static fromParts(election, trustees, credentials) {
    const parsed = Election.parse(election);
    const holders = Trustees.parse(trustees);
    if (!holders.electionPublicKey().equals(parsed.publicKey)) {
      throw new ProtocolError("key-mismatch", "The election's key is not that of its trustees.");
    }
    return new Setup(parsed, holders, parseCredentials(credentials));
  }

  /**
   * @param {Point} credential
   * @returns {number} the weight of a voter
   */
  weightOf(credential) {
    const weight = this.weights.get(credential.hex());
    if (weight === undefined) {
      throw new ProtocolError("credential-unknown", "The credential is not on the list.");
    }
    return weight;
  }
}

/**
 * The payload of a Setup event: the hashes of the three files.
 * @param {Uint8Array} data
 * @returns {{ election: string, trustees: string, credentials: string }}
 */
export function parseSetupData(data) {
  const found = json.fields(json.parse(data, MAX_SETUP_BYTES), [
    "election",
    "trustees",
    "credentials",
  ]);
  return {
    election: parseHash(found.election),
    trustees: parseHash(found.trustees),
    credentials: parseHash(found.credentials),
  };
}
