// A member's way through mandates: naming a holder, taking back, declining, voting for others.

import { RefusedError } from "./api.mjs";
import { h } from "./dom.mjs";
import { ProtocolError } from "./errors.mjs";
import { faultWords } from "./faults.mjs";
import { loadBehalf } from "./session.mjs";
import { button, head, message } from "./views/frame.mjs";
import { aroundPapers, confirmGift, confirmView, deskView } from "./views/proxies.mjs";

/** @typedef {import("./dom.mjs").Child} Child */
/** @typedef {import("./session.mjs").Session} Session */
/** @typedef {import("./proxy_desk.mjs").ProxyDesk} ProxyDesk */
/** @typedef {import("./proxy_desk.mjs").Held} Held */
/** @typedef {import("./proxy_desk.mjs").Offer} Offer */
/** @typedef {import("./views/proxies.mjs").Form} Form */

/** @typedef {import("./views/done.mjs").Next} Next */

/** The mandates of the member who signed in. */
export class Proxies {
  #frame;
  #own;
  #desk;
  #fill;
  #eyebrow;

  /**
   * @param {import("./frame.mjs").Frame} frame
   * @param {object} member
   * @param {Session} member.own
   * @param {ProxyDesk} member.desk
   * @param {(session: Session) => void} member.fill lets a session's ballot papers be filled in
   * @param {() => string} member.eyebrow
   */
  constructor(frame, { own, desk, fill, eyebrow }) {
    this.#frame = frame;
    this.#own = own;
    this.#desk = desk;
    this.#fill = fill;
    this.#eyebrow = eyebrow;
  }

  get #words() {
    return this.#frame.words;
  }

  /**
   * @param {Session} session
   * @returns {{ above: Child[], below: Child[] }} what stands around its ballot papers
   */
  around(session) {
    const actions = { onOpen: () => this.open(), onBack: () => this.#toOwn() };
    return aroundPapers(this.#desk, session, this.#words, actions);
  }

  /**
   * @param {Session} session
   * @returns {Next | null} where to go on after a ballot was cast
   */
  afterCasting(session) {
    const waiting = this.#desk.standing.some(({ papers }) =>
      papers.some(({ state, voted }) => state === "open" && !voted),
    );
    if (!session.behalf && !waiting) return null;
    const label = this.#words.t(session.behalf ? "mandates_back" : "mandates_go");
    return { label, onClick: () => this.open() };
  }

  /** Fetches the mandates anew and shows them. */
  async open() {
    this.#wait();
    try {
      await this.#refresh();
      this.#show();
    } catch (error) {
      this.#showFault(error, () => this.open());
    }
  }

  async #refresh() {
    await this.#desk.load();
    this.#own.representedBy = this.#desk.representedBy;
  }

  /** @param {Form} [form] what has been typed, and what is wrong with it */
  #show(form = { member: "", name: "", fault: null }) {
    const { papers, timeZone } = this.#own;
    this.#frame.show(() =>
      deskView(this.#desk, { papers, timeZone, form }, this.#eyebrow(), this.#words, {
        onName: (member, name) => this.#name(member, name),
        onRevoke: () => this.#askToRevoke(),
        onDecline: (held) => this.#askToDecline(held),
        onVote: (held) => this.#vote(held),
        onBack: () => this.#toOwn(),
      }),
    );
    if (form.fault !== null) document.getElementById("holder-member")?.focus();
  }

  /**
   * @param {string} member
   * @param {string} name
   */
  async #name(member, name) {
    this.#wait();
    try {
      const uuids = this.#own.papers.map(({ uuid }) => uuid);
      const offer = await this.#desk.ask(member, name, uuids);
      this.#askToGive(offer);
    } catch (error) {
      if (error instanceof RefusedError && !error.isPassing) {
        return this.#show({ member, name, fault: error.message });
      }
      this.#showFault(error, () => this.#name(member, name));
    }
  }

  /** @param {Offer} offer */
  #askToGive(offer) {
    const { deadline } = this.#desk.now;
    const about = { ...offer, until: () => this.#moment(deadline) };
    this.#frame.show(() =>
      confirmGift(about, this.#eyebrow(), this.#words, {
        onConfirm: () => this.#give(offer),
        onBack: () => this.#show(),
      }),
    );
  }

  /** @param {Offer} offer */
  #give(offer) {
    return this.#change(
      () => this.#desk.give(offer),
      () => this.#give(offer),
    );
  }

  #askToRevoke() {
    const name = this.#desk.now.given?.holder.name ?? "";
    const act = () => this.#change(() => this.#desk.revoke(), act);
    this.#confirm("revoke", name, act);
  }

  /** @param {Held} held */
  #askToDecline({ mandate, grantor }) {
    const act = () => this.#change(() => this.#desk.decline(mandate), act);
    this.#confirm("decline", grantor.name, act);
  }

  /**
   * @param {"revoke" | "decline"} what
   * @param {string} name
   * @param {() => void} onConfirm
   */
  #confirm(what, name, onConfirm) {
    this.#frame.show(() =>
      confirmView(what, name, this.#eyebrow(), this.#words, {
        onConfirm,
        onBack: () => this.#show(),
      }),
    );
  }

  /**
   * Does something that changes the mandates, and shows how they stand then.
   * @param {() => Promise<void>} act
   * @param {() => void} again
   */
  async #change(act, again) {
    this.#wait();
    try {
      await act();
      this.#own.representedBy = this.#desk.representedBy;
      this.#own.included.clear();
      this.#show();
    } catch (error) {
      this.#showFault(error, again);
    }
  }

  /** @param {Held} held */
  async #vote(held) {
    this.#wait();
    try {
      this.#fill(await loadBehalf(this.#own, held));
    } catch (error) {
      if (error instanceof ProtocolError) return this.#showUnopened(held.grantor.name, error.code);
      this.#showFault(error, () => this.#vote(held));
    }
  }

  /** Back to the member's own ballot papers. */
  #toOwn() {
    const { papers, included, representedBy } = this.#own;
    if (representedBy === null && included.size === 0) {
      for (const { uuid, state, voted } of papers) {
        if (state === "open" && !voted) included.add(uuid);
      }
    }
    this.#fill(this.#own);
  }

  #wait() {
    this.#frame.show(() => [
      head(this.#eyebrow(), this.#words.t("mandates_title")),
      h("p", { class: "work" }, h("progress", { "aria-label": this.#words.t("mandates_wait") })),
    ]);
  }

  /**
   * @param {string} name
   * @param {string} code
   */
  #showUnopened(name, code) {
    this.#frame.show(() => {
      const words = this.#words;
      const said = { title: words.t("unopened_title"), text: words.t("unopened", { name }), code };
      return message(this.#eyebrow(), said, words, this.#backToDesk());
    });
  }

  /**
   * @param {unknown} error
   * @param {() => void} again
   */
  #showFault(error, again) {
    this.#frame.show(() => {
      const words = this.#words;
      const strange = { title: words.t("service_title"), text: words.t("mandate_strange") };
      const said =
        error instanceof ProtocolError
          ? { ...strange, code: error.code }
          : faultWords(error, words);
      const retry =
        error instanceof RefusedError && !error.isPassing
          ? null
          : button(words.t("try_again"), again);
      return message(this.#eyebrow(), said, words, retry, this.#backToDesk());
    });
  }

  /** @returns {HTMLElement} */
  #backToDesk() {
    return button(this.#words.t("mandates_back"), () => this.open(), "secondary outline");
  }

  /** @param {string} time */
  #moment(time) {
    return this.#words.moment(time, this.#own.timeZone);
  }
}
