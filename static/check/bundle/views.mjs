// What an auditor sees of the verification: numbered steps, one below the other.

import { h } from "../../booth/dom.mjs";
import { button, head, notice } from "../../booth/views/frame.mjs";
import { Ledger } from "./ledger.mjs";

/** @typedef {import("../../booth/words.mjs").Words} Words */
/** @typedef {import("../../booth/dom.mjs").Child} Child */
/** @typedef {import("./ledger.mjs").Step} Step */
/** @typedef {import("./verify.mjs").Report} Report */

/** @typedef {{ words: Words, eyebrow: Child }} About */

/**
 * @typedef {object} Work
 * @property {Step[]} steps
 * @property {Report | null} report
 * @property {string} what whose bundle it is, or the name of its file
 * @property {number} seconds that it took
 */

const MARKS = { waiting: "", running: "…", held: "✓", failed: "✗", unchecked: "–" };

/**
 * @param {About} about
 * @param {string | null} why no bundle of this assembly can be had; null if it can
 * @param {string | null} fault
 * @param {{ onOwn: () => void, onFile: (file: File) => void }} actions
 * @returns {Child[]}
 */
export function beginView({ words, eyebrow }, why, fault, { onOwn, onFile }) {
  const input = h("input", {
    id: "bundle",
    type: "file",
    accept: ".zip,application/zip",
    "aria-describedby": "bundle-hint",
    onchange: () => {
      const file = input.files?.[0];
      if (file !== undefined) onFile(file);
    },
  });
  return [
    head(eyebrow, words.t("title"), h("p", { class: "lead" }, words.t("lead"))),
    fault !== null && notice("error", h("p", {}, fault)),
    why === null
      ? h("div", { class: "actions" }, button(words.t("own_button"), onOwn, "big"))
      : notice("info", h("p", {}, why)),
    h(
      "div",
      { class: "card" },
      h("label", { for: "bundle" }, words.t("file_label")),
      input,
      h("p", { id: "bundle-hint", class: "muted" }, words.t("file_hint")),
    ),
    h("p", {}, words.t("large")),
    h("h2", {}, words.t("steps_title")),
    h("p", {}, words.t("not_here")),
    stepList(Ledger.blank(), words),
  ];
}

/**
 * @param {number} bytes
 * @param {number} total 0 if unknown
 * @param {About} about
 * @returns {Child[]}
 */
export function fetchView(bytes, total, { words, eyebrow }) {
  const bar = total > 0 ? { max: total, value: bytes } : {};
  const label = { id: "fetched", "aria-label": words.t("fetching") };
  return [
    head(eyebrow, words.t("title")),
    h(
      "div",
      { class: "work" },
      h("progress", { ...bar, ...label }),
      h("p", {}, words.t("fetching")),
    ),
  ];
}

/**
 * @param {Work} work
 * @param {About} about
 * @param {() => void} onAgain
 * @returns {Child[]}
 */
export function workView(work, { words, eyebrow }, onAgain) {
  const { report, what } = work;
  return [
    head(eyebrow, words.t(report === null ? "working" : report.holds ? "holds" : "fails")),
    h("p", { class: "lead" }, words.t("of_bundle", { what })),
    report !== null && verdict(work, report, words),
    stepList(work.steps, words),
    h("p", {}, words.t("not_here")),
    report !== null &&
      h("div", { class: "actions" }, button(words.t("again"), onAgain, "secondary outline")),
  ];
}

/**
 * @param {Work} work
 * @param {Report} report
 * @param {Words} words
 * @returns {HTMLElement}
 */
function verdict({ seconds }, { holds, steps, key }, words) {
  const time = Math.max(1, Math.round(seconds));
  if (holds) {
    return notice(
      "ok",
      h("p", {}, words.n("holds_text", time)),
      key && h("p", {}, words.t("key_shown"), " ", h("code", { class: "hash" }, key)),
    );
  }
  const failed = steps.filter(({ state }) => state === "failed").map(({ number }) => number);
  return notice("error", h("p", {}, words.t("fails_text", { steps: failed.join(", ") })));
}

/**
 * @param {Step[]} steps
 * @param {Words} words
 * @returns {HTMLElement}
 */
function stepList(steps, words) {
  const ordered = [...steps].sort((a, b) => a.number - b.number);
  return h("ol", { class: "audit-steps" }, ...ordered.map((step) => stepItem(step, words)));
}

/**
 * @param {Step} step
 * @param {Words} words
 * @returns {HTMLElement}
 */
function stepItem({ number, name, state, findings, facts, done, total }, words) {
  const running = state === "running" && total > 0;
  const title = words.t(`step_${name}`);
  return h(
    "li",
    { class: state, id: `step-${number}` },
    h("span", { class: "audit-mark", "aria-hidden": "true" }, MARKS[state]),
    h(
      "div",
      {},
      h(
        "p",
        {},
        h("strong", {}, `${number}. ${title}`),
        " ",
        h("span", { class: "muted" }, state === "waiting" ? "" : words.t(`state_${state}`)),
      ),
      running && h("progress", { max: total, value: done, "aria-label": title }),
      Object.keys(facts).length > 0 && h("p", { class: "small muted" }, factsText(facts, words)),
      findings.length > 0 &&
        h(
          "ul",
          { lang: "en" },
          ...findings.map(({ code, message, file }) =>
            h("li", {}, h("code", {}, code), ` ${message}`, file && ` (${file})`),
          ),
        ),
    ),
  );
}

/**
 * @param {Record<string, number>} facts
 * @param {Words} words
 * @returns {string}
 */
function factsText(facts, words) {
  return Object.entries(facts)
    .filter(([name, value]) => value > 0 || name !== "witnesses")
    .map(([name, value]) => words.n(`fact_${name}`, value))
    .join(" · ");
}

/**
 * Shows the steps in their place.
 * @param {Step[]} steps
 * @param {Words} words
 */
export function showSteps(steps, words) {
  for (const step of steps) {
    document.getElementById(`step-${step.number}`)?.replaceWith(stepItem(step, words));
  }
}
