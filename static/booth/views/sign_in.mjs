// Typing a code.

import { readCode } from "../code.mjs";
import { h } from "../dom.mjs";
import { head, notice } from "./frame.mjs";

/** @typedef {import("../words.mjs").Words} Words */

/**
 * @param {import("../code.mjs").ReadCode} read
 * @param {Words} words
 * @returns {string | null} what is wrong with it
 */
export function faultOf(read, words) {
  if ("code" in read) return null;
  if (read.fault === "empty") return words.t("code_empty");
  if (read.fault === "letters") return words.t("code_letters", { letters: read.letters });
  return words.n("code_length", read.count);
}

/**
 * @param {Words} words
 * @param {import("../dom.mjs").Child} eyebrow
 * @param {{ typed: string, fault: string | null, notice: string | null }} state
 * @param {(code: string) => void} onCode
 * @returns {import("../dom.mjs").Child[]}
 */
export function signInView(words, eyebrow, state, onCode) {
  const error = h("p", { id: "code-error", class: "field-error", hidden: state.fault === null });
  error.textContent = state.fault ?? "";
  const input = h("input", {
    id: "code",
    name: "code",
    type: "text",
    value: state.typed,
    autocomplete: "off",
    autocapitalize: "none",
    autocorrect: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "code-error code-hint",
    "aria-invalid": state.fault !== null && "true",
  });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    state.typed = input.value;
    const read = readCode(input.value);
    state.fault = faultOf(read, words);
    if ("code" in read) return onCode(read.code);
    error.textContent = state.fault;
    error.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.focus();
  };
  return [
    head(eyebrow, words.t("sign_in_title"), h("p", { class: "lead" }, words.t("sign_in_lead"))),
    state.notice !== null && notice("warn", h("p", {}, state.notice)),
    h(
      "form",
      { class: "sign-in", novalidate: true, onsubmit: submit },
      h("label", { for: "code" }, words.t("code_label")),
      input,
      error,
      h("p", { id: "code-hint", class: "muted" }, words.t("code_hint")),
      h("button", { type: "submit", class: "big" }, words.t("sign_in_button")),
    ),
  ];
}
