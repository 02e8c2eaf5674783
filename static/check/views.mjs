// What somebody sees who looks up a ballot.

import { h } from "../booth/dom.mjs";
import { groups } from "../booth/receipt.mjs";
import { button, head, notice } from "../booth/views/frame.mjs";
import { pathFigure } from "./picture.mjs";

/** @typedef {import("../booth/words.mjs").Words} Words */
/** @typedef {import("../booth/dom.mjs").Child} Child */
/** @typedef {import("./lookup.mjs").Found} Found */
/** @typedef {import("./standing.mjs").Thorough} Thorough */
/** @typedef {import("./fault.mjs").CheckFault} CheckFault */

/**
 * What the page knows beside its words: `papers` names the ballot papers where there are several.
 * @typedef {{ words: Words, eyebrow: Child, box: string, verify: string, papers: Record<string, string> }} About
 */

/**
 * @typedef {object} Asking
 * @property {string} typed
 * @property {string | null} fault a sentence about what was typed
 * @property {string | null} fileFault a sentence about the file
 * @property {boolean} canScan
 */

/**
 * @param {Asking} asking
 * @param {About} about
 * @param {{ onTracker: (text: string) => void, onFile: (file: File) => void, onScan: () => void }} actions
 * @returns {Child[]}
 */
export function askView(asking, about, { onTracker, onFile, onScan }) {
  const { words } = about;
  return [
    head(about.eyebrow, words.t("title"), h("p", { class: "lead" }, words.t("lead"))),
    trackerForm(asking, words, onTracker),
    h(
      "section",
      { class: "card", "aria-labelledby": "with-receipt" },
      h("h2", { id: "with-receipt", class: "h-small" }, words.t("file_title")),
      fileField(asking.fileFault, words, onFile),
    ),
    h(
      "section",
      { class: "card", "aria-labelledby": "with-code" },
      h("h2", { id: "with-code", class: "h-small" }, words.t("scan_title")),
      asking.canScan
        ? h(
            "div",
            { class: "actions" },
            button(words.t("scan_button"), onScan, "secondary outline"),
          )
        : h("p", {}, words.t("scan_elsewhere")),
    ),
    h("p", { class: "muted" }, words.t("secret")),
  ];
}

/**
 * @param {Asking} asking
 * @param {Words} words
 * @param {(text: string) => void} onTracker
 * @returns {HTMLElement}
 */
function trackerForm({ typed, fault }, words, onTracker) {
  const input = h("input", {
    id: "tracker",
    name: "tracker",
    type: "text",
    value: typed,
    required: true,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": fault === null ? "tracker-hint" : "tracker-fault tracker-hint",
    "aria-invalid": fault !== null && "true",
  });
  const onSubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onTracker(input.value);
  };
  return h(
    "form",
    { class: "card look-up", novalidate: true, onsubmit: onSubmit },
    h("label", { for: "tracker" }, words.t("tracker_label")),
    input,
    fault !== null && h("p", { id: "tracker-fault", class: "field-error", role: "alert" }, fault),
    h("p", { id: "tracker-hint", class: "muted" }, words.t("tracker_hint")),
    h("button", { type: "submit" }, words.t("tracker_button")),
  );
}

/**
 * @param {string | null} fault
 * @param {Words} words
 * @param {(file: File) => void} onFile
 * @returns {HTMLElement}
 */
function fileField(fault, words, onFile) {
  const input = h("input", {
    id: "receipt",
    type: "file",
    accept: ".tlog-proof,.txt,.pdf,application/pdf,image/*",
    "aria-describedby": fault === null ? "receipt-hint" : "receipt-fault receipt-hint",
    "aria-invalid": fault !== null && "true",
    onchange: () => {
      const file = input.files?.[0];
      if (file !== undefined) onFile(file);
    },
  });
  const area = h(
    "div",
    {
      class: "drop",
      ondragover: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        area.classList.add("drop--over");
      },
      ondragleave: () => area.classList.remove("drop--over"),
      ondrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        area.classList.remove("drop--over");
        const file = event.dataTransfer?.files[0];
        if (file !== undefined) onFile(file);
      },
    },
    h("label", { for: "receipt" }, words.t("file_label")),
    input,
    fault !== null && h("p", { id: "receipt-fault", class: "field-error", role: "alert" }, fault),
    h("p", { id: "receipt-hint", class: "muted" }, words.t("file_hint")),
  );
  return area;
}

/**
 * @param {HTMLVideoElement} video
 * @param {About} about
 * @param {() => void} onStop
 * @returns {Child[]}
 */
export function scanView(video, { words, eyebrow }, onStop) {
  return [
    head(eyebrow, words.t("scan_title"), h("p", { class: "lead" }, words.t("scan_lead"))),
    h("div", { class: "viewfinder" }, video),
    h("div", { class: "actions" }, button(words.t("scan_stop"), onStop, "secondary outline")),
  ];
}

/**
 * @param {import("./lookup.mjs").Step} step
 * @param {About} about
 * @returns {Child[]}
 */
export function workView(step, { words, eyebrow }) {
  return [
    head(eyebrow, words.t("work_title")),
    h("div", { class: "work" }, h("progress", {}), h("p", {}, words.t(`work_${step}`))),
  ];
}

/**
 * How far the look through the whole box has come.
 * @typedef {{ state: "offered" | "running" | "done", bytes: number, thorough: Thorough | null }} Whole
 */

/**
 * @param {Found} found
 * @param {Whole} whole
 * @param {About} about
 * @param {{ onWhole: () => void, onAgain: () => void }} actions
 * @returns {Child[]}
 */
export function foundView(found, whole, about, { onWhole, onAgain }) {
  const { words } = about;
  const { standing, place, tracker } = found;
  const paper = about.papers[place.ballot];
  return [
    head(
      about.eyebrow,
      words.t(`${standing}_title`),
      h("p", { class: "lead" }, words.t(`${standing}_lead`)),
    ),
    h(
      "article",
      { class: `receipt finding finding--${standing}` },
      h("h2", { class: "h-small" }, words.t("tracker_label")),
      h(
        "p",
        {},
        h("code", { class: "tracker" }, ...groups(tracker).map((group) => h("span", {}, group))),
      ),
      paper && h("p", { class: "muted" }, words.t("of_paper", { paper })),
      h("h2", { class: "h-small" }, words.t("checked_title")),
      h(
        "ul",
        { class: "findings" },
        ...findings(found, words),
        lastFinding(found, whole, words, onWhole),
      ),
    ),
    standing === "replaced" && notice("info", h("p", {}, words.t("replaced_by_whom"))),
    h(
      "section",
      { class: "section", "aria-labelledby": "path" },
      h("h2", { id: "path" }, words.t("tree_heading")),
      pathFigure(found.index, found.size, words),
    ),
    h(
      "div",
      { class: "actions" },
      button(words.t("again"), onAgain, "secondary outline"),
      h(
        "a",
        { href: `${about.box}?entry=${found.index + 1}#entry-${found.index + 1}` },
        words.t("see_in_box"),
      ),
    ),
  ];
}

/**
 * @param {Found} found
 * @param {Words} words
 * @returns {HTMLElement[]}
 */
function findings({ before, size, index, standing, place }, words) {
  const said = [];
  if (before > 0) said.push(words.t("finding_receipt"));
  said.push(words.t("finding_place", { place: index + 1, size }));
  if (before === size) said.push(words.t("finding_same"));
  else if (before > 0) said.push(words.n("finding_grown", size - before, { before }));
  if (standing === "replaced")
    said.push(words.t("finding_newer", { place: place.newest.index + 1 }));
  if (standing === "counted") said.push(words.t("finding_tally"));
  return said.map((text) => h("li", { class: "finding-held" }, text));
}

/**
 * That no newer ballot came: said by the service first, then looked at.
 * @param {Found} found
 * @param {Whole} whole
 * @param {Words} words
 * @param {() => void} onWhole
 * @returns {HTMLElement | null}
 */
function lastFinding({ standing, place }, { state, bytes, thorough }, words, onWhole) {
  if (standing === "replaced") return null;
  const id = "whole";
  if (thorough !== null) {
    const text = words.n("finding_last", thorough.ballots);
    return h("li", { id, class: "finding-held", tabindex: -1 }, text);
  }
  if (state === "running") {
    const bar = { max: place.archive_bytes, value: bytes, "aria-label": words.t("whole_work") };
    return h(
      "li",
      { id, class: "finding-told", tabindex: -1 },
      words.t("whole_work"),
      h("progress", bar),
    );
  }
  const size = megabytes(place.archive_bytes, words);
  return h(
    "li",
    { id, class: "finding-told" },
    h("span", {}, words.t("finding_told")),
    button(words.t("whole_button", { size }), onWhole, "link"),
  );
}

/**
 * Shows in its place how far the look through the whole box has come.
 * @param {Found} found
 * @param {Whole} whole
 * @param {Words} words
 * @param {() => void} onWhole
 */
export function showWhole(found, whole, words, onWhole) {
  const item = document.getElementById("whole");
  const bar = item?.querySelector("progress");
  if (item === null) return;
  if (whole.state === "running" && bar) {
    bar.value = whole.bytes;
    return;
  }
  const focused = item.contains(document.activeElement);
  const next = lastFinding(found, whole, words, onWhole);
  if (next !== null) item.replaceWith(next);
  if (focused) next?.focus();
}

/**
 * @param {number} bytes
 * @param {Words} words
 * @returns {string}
 */
export function megabytes(bytes, words) {
  const value = Math.max(0.1, bytes / 1e6);
  const digits = value < 10 ? 1 : 0;
  return value.toLocaleString(words.locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
}

/**
 * @param {CheckFault} fault
 * @param {About} about
 * @param {() => void} onAgain
 * @returns {Child[]}
 */
export function faultView(fault, { words, eyebrow }, onAgain) {
  const key = fault.code.replaceAll("-", "_");
  return [
    head(eyebrow, words.t(`${key}_title`)),
    notice(fault.isAlarm ? "error" : "warn", h("p", {}, words.t(key, fault.params))),
    fault.isAlarm && h("p", {}, words.t("alarm_keep")),
    h(
      "div",
      { class: "actions" },
      button(words.t("again"), onAgain),
      fault.assembly !== null &&
        h("a", { href: `/a/${fault.assembly}/check` }, words.t("other_box_link")),
    ),
    h("p", { class: "small muted" }, words.t("help_code", { code: fault.code })),
  ];
}
