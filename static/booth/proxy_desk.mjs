// A member's mandates, over the network: what is given is sealed here, what was given is opened here. The
// code and the keys that follow from it never leave this module but in a sealed message.

import { requestJson } from "./api.mjs";
import { fromBase64, toBase64 } from "./encoding.mjs";
import { ProtocolError } from "./errors.mjs";
import { MailboxKey, mailboxKey, openSealed, seal } from "./mailbox.mjs";
import { bearer, drawUp, encode, parse } from "./mandate.mjs";

/** @typedef {"given" | "revoked" | "declined" | "voted"} MandateState */
/** @typedef {{ member: string, name: string }} Person */
/** @typedef {import("./paper.mjs").Entitlement} Entitlement */

/**
 * @typedef {{ mandate: string, holder: Person, state: MandateState, papers: Entitlement[] }} Given
 * @typedef {{ mandate: string, grantor: Person, state: MandateState, sealed: string,
 *   papers: Entitlement[] }} Held `voted` of a paper: the holder has voted on it for the grantor
 * @typedef {{ deadline: string, changeable: boolean, most: number, given: Given | null,
 *   held: Held[] }} Standing
 */

/**
 * What the service offers: the holder as the roll has them, and the number of their mailbox.
 * @typedef {{ mandate: string, holder: Person, key: MailboxKey, number: string,
 *   tickets: Record<string, string> }} Offer
 */

/** One member's mandates. */
export class ProxyDesk {
  #assembly;
  #code;
  #token;

  /**
   * @param {string} assembly
   * @param {string} code
   * @param {string} token
   */
  constructor(assembly, code, token) {
    this.#assembly = assembly;
    this.#code = code;
    this.#token = token;
    /** @type {Standing} */
    this.now = { deadline: "", changeable: false, most: 0, given: null, held: [] };
  }

  /** @returns {string} the number of the member's own mailbox */
  get number() {
    return mailboxKey(this.#assembly, this.#code).number(this.#assembly);
  }

  /** @returns {string | null} who votes for the member */
  get representedBy() {
    const { given } = this.now;
    return given?.state === "given" ? given.holder.name : null;
  }

  /** @returns {Held[]} the mandates with which the member can vote */
  get standing() {
    return this.now.held.filter(({ state }) => state === "given");
  }

  async load() {
    this.now = await this.#request("");
  }

  /**
   * @param {string} member number
   * @param {string} name
   * @param {string[]} uuids of the elections that the member may vote in
   * @returns {Promise<Offer>}
   */
  async ask(member, name, uuids) {
    const offer = await this.#request("/offer", { member, name });
    const offered = Object.keys(offer.tickets);
    if (offered.length !== uuids.length || offered.some((uuid) => !uuids.includes(uuid))) {
      throw new ProtocolError("other-agenda", "The mandate is for other elections.");
    }
    const key = MailboxKey.parse(offer.mailbox);
    return { ...offer, key, number: key.number(this.#assembly) };
  }

  /** @param {Offer} offer */
  async give(offer) {
    const { mandate, holder, key } = offer;
    const message = encode(drawUp(this.#assembly, this.#code, offer));
    const sealed = toBase64(seal(key, message));
    this.now = await this.#request("", { mandate, ...holder, sealed });
  }

  async revoke() {
    this.now = await this.#request("/revoke", {});
  }

  /** @param {string} mandate */
  async decline(mandate) {
    this.now = await this.#request(`/${mandate}/decline`, {});
  }

  /**
   * @param {Held} held
   * @returns {import("./mandate.mjs").Mandate} what the grantor sealed for this member
   */
  open({ mandate, sealed }) {
    const message = fromBase64(sealed);
    if (message === null) throw new ProtocolError("sealed-message", "This is not Base64.");
    const found = parse(openSealed(this.#assembly, this.#code, message));
    if (found.assembly !== this.#assembly || found.mandate !== mandate) {
      throw new ProtocolError("sealed-message", "The message is of another mandate.");
    }
    return found;
  }

  /**
   * @param {string} mandate
   * @param {string} ticket
   * @returns {string} what the member bears when casting with this mandate
   */
  bearer(mandate, ticket) {
    return bearer(this.#token, mandate, ticket);
  }

  /**
   * @param {string} path
   * @param {object} [content]
   * @returns {Promise<any>}
   */
  #request(path, content) {
    const home = `/api/assemblies/${encodeURIComponent(this.#assembly)}/proxies`;
    const token = this.#token;
    if (content === undefined) return requestJson(home + path, { token });
    return requestJson(home + path, { method: "POST", token, body: JSON.stringify(content) });
  }
}
