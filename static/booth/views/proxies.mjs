// Mandates: who votes for the member, and for whom the member votes.

import { h } from "../dom.mjs";
import { groups } from "../receipt.mjs";
import { button, head, notice, say } from "./frame.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../dom.mjs").Child} Child */
/** @typedef {import("../paper.mjs").Paper} Paper */
/** @typedef {import("../proxy_desk.mjs").ProxyDesk} ProxyDesk */
/** @typedef {import("../proxy_desk.mjs").Held} Held */
/** @typedef {import("../proxy_desk.mjs").Given} Given */
/** @typedef {import("../proxy_desk.mjs").Offer} Offer */

/** @typedef {{ member: string, name: string, fault: string | null }} Form */
/** @typedef {{ papers: Paper[], timeZone: string, form: Form }} About */

/**
 * @typedef {object} Actions
 * @property {(member: string, name: string) => void} onName
 * @property {() => void} onRevoke
 * @property {(held: Held) => void} onDecline
 * @property {(held: Held) => void} onVote
 * @property {() => void} onBack
 */

const DIGITS = 5;

/**
 * What stands above and below ballot papers: whose they are, and the way to the mandates.
 * @param {ProxyDesk} desk
 * @param {import("../session.mjs").Session} session
 * @param {Words} words
 * @param {{ onOpen: () => void, onBack: () => void }} actions
 * @returns {{ above: Child[], below: Child[] }}
 */
export function aroundPapers(desk, session, words, { onOpen, onBack }) {
  if (session.behalf) {
    const { name } = session;
    const back = button(words.t("own_papers"), onBack, "secondary outline");
    return {
      above: [notice("info", h("p", {}, words.t("behalf_note", { name })))],
      below: [h("div", { class: "actions" }, back)],
    };
  }
  const open = (/** @type {string} */ label) => button(label, onOpen, "secondary");
  const { standing, representedBy, now } = desk;
  if (standing.length > 0) {
    const names = standing.map(({ grantor }) => grantor.name).join(", ");
    const said = h("p", {}, words.n("hold_note", standing.length, { names }));
    const actions = h("div", { class: "actions" }, open(words.t("mandates_go")));
    return { above: [notice("info", said, actions)], below: [] };
  }
  if (session.representedBy !== null && representedBy !== null) {
    const said = h("p", {}, words.t("given_note", { name: representedBy }));
    const actions = h("div", { class: "actions" }, open(words.t("mandates_show")));
    return { above: [notice("info", said, actions)], below: [] };
  }
  const voted = session.papers.some((paper) => paper.voted);
  const past = now.held.length > 0 || now.given !== null;
  if (!past && (!now.changeable || voted)) return { above: [], below: [] };
  const below = h(
    "section",
    { class: "proxy-part proxy-way" },
    h("h2", {}, words.t(past ? "mandates_title" : "cannot_title")),
    h("p", {}, words.t("mandates_lead")),
    h("div", { class: "actions" }, open(words.t(past ? "mandates_show" : "mandates_name"))),
  );
  return { above: [], below: [below] };
}

/**
 * @param {ProxyDesk} desk
 * @param {About} about
 * @param {Child} eyebrow
 * @param {Words} words
 * @param {Actions} actions
 * @returns {Child[]}
 */
export function deskView(desk, about, eyebrow, words, actions) {
  const deadline = words.moment(desk.now.deadline, about.timeZone);
  const until = desk.now.changeable ? "mandates_until" : "mandates_over";
  return [
    head(
      eyebrow,
      words.t("mandates_title"),
      h("p", { class: "lead" }, words.t("mandates_lead")),
      h("p", { class: "muted" }, words.t(until, { deadline })),
    ),
    h(
      "section",
      { class: "proxy-part" },
      h("h2", {}, words.t("mandates_own")),
      ...ownMandate(desk, about, words, actions),
    ),
    h(
      "section",
      { class: "proxy-part" },
      h("h2", {}, words.t("mandates_held")),
      ...heldMandates(desk, about, words, actions),
    ),
    h(
      "div",
      { class: "actions" },
      button(words.t("own_papers"), actions.onBack, "secondary outline"),
    ),
  ];
}

/**
 * @param {ProxyDesk} desk
 * @param {About} about
 * @param {Words} words
 * @param {Actions} actions
 * @returns {Child[]}
 */
function ownMandate({ now, standing }, about, words, actions) {
  const { given, changeable } = now;
  const became = given !== null && becameOf(given, about, words);
  if (given?.state === "given") {
    const back = button(words.t("revoke_button"), actions.onRevoke, "secondary");
    return [became, changeable && h("div", { class: "actions" }, back)];
  }
  if (about.papers.some(({ voted }) => voted)) {
    return [became || h("p", {}, words.t("mandates_you_voted"))];
  }
  if (standing.length > 0) return [became, h("p", {}, words.t("mandates_you_hold"))];
  return [became, changeable && nameForm(about.form, words, actions.onName)];
}

/**
 * @param {Given} given
 * @param {About} about
 * @param {Words} words
 * @returns {HTMLElement}
 */
function becameOf({ state, holder, papers }, about, words) {
  const { name } = holder;
  if (state !== "given") return notice("info", h("p", {}, words.t(`mine_${state}`, { name })));
  const voted = papers.filter((paper) => paper.voted);
  return notice(
    "ok",
    h("p", {}, h("strong", {}, words.t("mine_given", { name }))),
    h("p", {}, words.t(voted.length > 0 ? "mine_used" : "mine_unused", { name })),
    titles(voted, about, words),
    h("p", {}, words.t("mine_ends")),
  );
}

/**
 * @param {import("../paper.mjs").Entitlement[]} entitlements
 * @param {About} about
 * @param {Words} words
 * @returns {Child} the ballot papers' titles, where there are several papers
 */
function titles(entitlements, { papers }, words) {
  if (papers.length < 2) return null;
  const named = entitlements.map(({ uuid, ballot }) => {
    const paper = papers.find((each) => each.uuid === uuid || each.ballot === ballot);
    return h("li", {}, say(words, paper?.title ?? ballot));
  });
  return h("ul", {}, ...named);
}

/**
 * @param {Form} form
 * @param {Words} words
 * @param {(member: string, name: string) => void} onName
 * @returns {HTMLElement}
 */
function nameForm(form, words, onName) {
  const fault = h("p", { id: "holder-error", class: "field-error", hidden: form.fault === null });
  fault.textContent = form.fault ?? "";
  const input = (/** @type {"member" | "name"} */ name) =>
    h("input", {
      id: `holder-${name}`,
      name,
      type: "text",
      value: form[name],
      oninput: (/** @type {Event} */ event) => {
        form[name] = /** @type {HTMLInputElement} */ (event.target).value;
      },
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      "aria-describedby": "holder-hint holder-error",
      "aria-invalid": form.fault !== null && "true",
    });
  const [member, name] = [input("member"), input("name")];
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const empty = [member, name].find(({ value }) => value.trim() === "");
    if (empty === undefined) return onName(member.value.trim(), name.value.trim());
    fault.textContent = words.t(empty === member ? "holder_no_member" : "holder_no_name");
    fault.hidden = false;
    empty.setAttribute("aria-invalid", "true");
    empty.focus();
  };
  return h(
    "form",
    { novalidate: true, class: "proxy-form", onsubmit: submit },
    h("p", {}, words.t("holder_lead")),
    fault,
    h("label", { for: "holder-member" }, words.t("holder_member")),
    member,
    h("label", { for: "holder-name" }, words.t("holder_name")),
    name,
    h("p", { id: "holder-hint", class: "muted" }, words.t("holder_hint")),
    h("button", { type: "submit" }, words.t("holder_next")),
  );
}

/**
 * @param {ProxyDesk} desk
 * @param {About} about
 * @param {Words} words
 * @param {Actions} actions
 * @returns {Child[]}
 */
function heldMandates(desk, about, words, actions) {
  const { held, most } = desk.now;
  if (most === 0 && held.length === 0) return [h("p", {}, words.t("mandates_barred"))];
  const cards = held.map((each) => heldCard(each, about, words, actions));
  const free = held.length === 0 && h("p", {}, words.n("mandates_none", most));
  return [...cards, free, mailboxNumber(desk.number, "mailbox_help", words)];
}

/**
 * @param {Held} held
 * @param {About} about
 * @param {Words} words
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
function heldCard(held, about, words, { onVote, onDecline }) {
  const { name } = held.grantor;
  const became = held.state;
  const heading = h("h3", {}, name);
  if (became !== "given") {
    return h("article", {}, heading, h("p", {}, words.t(`held_${became}`, { name })));
  }
  const open = held.papers.filter(({ state }) => state === "open");
  const voted = held.papers.filter((paper) => paper.voted);
  const label = voted.length > 0 ? "vote_again_for" : "vote_for";
  const decline = h(
    "button",
    { type: "button", class: "secondary outline", onclick: () => onDecline(held) },
    words.t("decline_button"),
    h("span", { class: "visually-hidden" }, ` (${name})`),
  );
  const state = open.length > 0 ? "held_open" : "held_shut";
  return h(
    "article",
    {},
    heading,
    h("p", {}, words.t(voted.length > 0 ? "held_used" : state, { name })),
    titles(voted, about, words),
    h(
      "div",
      { class: "actions" },
      open.length > 0 && button(words.t(label, { name }), () => onVote(held)),
      voted.length === 0 && decline,
    ),
  );
}

/**
 * @param {string} number
 * @param {"mailbox_help" | "mailbox_compare"} help
 * @param {Words} words
 * @param {string} [name] whose mailbox it is; the reader's own without it
 * @returns {HTMLElement}
 */
function mailboxNumber(number, help, words, name) {
  const title = name === undefined ? words.t("mailbox_own") : words.t("mailbox_of", { name });
  const digits = groups(number, DIGITS).map((group) => h("span", {}, group));
  return h(
    "details",
    { open: name !== undefined },
    h("summary", {}, title),
    h("p", {}, h("code", { class: "tracker" }, ...digits)),
    h("p", { class: "muted" }, words.t(help, { name: name ?? "" })),
  );
}

/**
 * Before a mandate is given: to whom, and what it means.
 * @param {Offer & { until: () => string }} offer
 * @param {Child} eyebrow
 * @param {Words} words
 * @param {{ onConfirm: () => void, onBack: () => void }} actions
 * @returns {Child[]}
 */
export function confirmGift({ holder, number, until }, eyebrow, words, { onConfirm, onBack }) {
  const { name } = holder;
  const points = ["gift_free", "gift_back", "gift_self", "gift_seen"];
  const values = { name, deadline: until() };
  return [
    head(eyebrow, words.t("gift_title", { name })),
    h("ul", {}, ...points.map((point) => h("li", {}, words.t(point, values)))),
    mailboxNumber(number, "mailbox_compare", words, name),
    h(
      "div",
      { class: "actions" },
      button(words.t("gift_button"), onConfirm, "big"),
      button(words.t("back_button"), onBack, "secondary outline"),
    ),
  ];
}

/**
 * @param {"revoke" | "decline"} what
 * @param {string} name
 * @param {Child} eyebrow
 * @param {Words} words
 * @param {{ onConfirm: () => void, onBack: () => void }} actions
 * @returns {Child[]}
 */
export function confirmView(what, name, eyebrow, words, { onConfirm, onBack }) {
  return [
    head(eyebrow, words.t(`confirm_title_${what}`, { name })),
    h("p", {}, words.t(`confirm_text_${what}`, { name })),
    h(
      "div",
      { class: "actions" },
      button(words.t(`confirm_button_${what}`), onConfirm),
      button(words.t("back_button"), onBack, "secondary outline"),
    ),
  ];
}
