// What a mandate carries, from the grantor's browser to the holder's, sealed. The twin of
// vote/election/mandate.py.

import { secretKey } from "./credential.mjs";
import { parseUuid } from "./election.mjs";
import { ProtocolError } from "./errors.mjs";
import { parseScalar } from "./group.mjs";
import * as json from "./jsontext.mjs";

/**
 * What votes for the grantor in one election: the number that signs ballots there (never the code from
 * which it was derived), and the service's ticket for the holder.
 * @typedef {{ uuid: string, secretKey: bigint, ticket: string }} ElectionKey
 * @typedef {{ assembly: string, mandate: string, elections: ElectionKey[] }} Mandate
 */

export const FORMAT = 1;
export const MAX_MANDATE_BYTES = 64 * 1024;

/**
 * @param {Mandate} mandate
 * @returns {Uint8Array}
 */
export function encode({ assembly, mandate, elections }) {
  const listed = elections.map(({ uuid, secretKey, ticket }) => ({
    uuid,
    secret_key: secretKey.toString(),
    ticket,
  }));
  return json.encode({ format: FORMAT, assembly, mandate, elections: listed });
}

/**
 * @param {Uint8Array} data
 * @returns {Mandate}
 */
export function parse(data) {
  const names = ["format", "assembly", "mandate", "elections"];
  const found = json.fields(json.parse(data, MAX_MANDATE_BYTES), names);
  if (json.integer(found.format) !== FORMAT) {
    throw new ProtocolError("mandate-format", "A mandate of another format.");
  }
  return {
    assembly: json.text(found.assembly),
    mandate: matching(/^[0-9a-f]{32}$/, found.mandate),
    elections: json.array(found.elections).map(electionKey),
  };
}

/**
 * @param {json.Json} value
 * @returns {ElectionKey}
 */
function electionKey(value) {
  const found = json.fields(value, ["uuid", "secret_key", "ticket"]);
  const secretKey = parseScalar(json.text(found.secret_key));
  if (secretKey === 0n) throw new ProtocolError("key-is-neutral", "The number 0 signs nothing.");
  const ticket = matching(/^[0-9a-f]{64}$/, found.ticket);
  return { uuid: parseUuid(json.text(found.uuid)), secretKey, ticket };
}

/**
 * @param {RegExp} form
 * @param {json.Json | undefined} value
 * @returns {string}
 */
function matching(form, value) {
  const found = json.text(value);
  if (!form.test(found)) {
    throw new ProtocolError("mandate-syntax", "An identifier or a ticket of another form.");
  }
  return found;
}

/**
 * The grantor's own side: everything that votes for them, without their code.
 * @param {string} assembly
 * @param {string} code the grantor's
 * @param {{ mandate: string, tickets: Record<string, string> }} offer the service's, by uuid
 * @returns {Mandate}
 */
export function drawUp(assembly, code, { mandate, tickets }) {
  const elections = Object.entries(tickets).map(([uuid, ticket]) => ({
    uuid,
    secretKey: secretKey(code, uuid),
    ticket,
  }));
  return { assembly, mandate, elections };
}

/**
 * @param {string} token the holder's own, which signs them in; the grantor knows the rest
 * @param {string} mandate its identifier
 * @param {string} ticket
 * @returns {string} what the holder bears when casting for the grantor
 */
export function bearer(token, mandate, ticket) {
  return `${token}.${mandate}.${ticket}`;
}
