// What all views of the booth share.

import { h } from "../dom.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../dom.mjs").Child} Child */

/**
 * @param {Words} words
 * @param {Record<string, string> | string} texts
 * @returns {HTMLElement | string} marked with its language where that is not the page's
 */
export function say(words, texts) {
  if (typeof texts === "string") return texts;
  const { text, lang } = words.say(texts);
  return lang === null ? text : h("span", { lang }, text);
}

/**
 * The head of a view. Its heading takes the focus when the view appears.
 * @param {Child} eyebrow
 * @param {string} title
 * @param {...Child} rest
 * @returns {HTMLElement}
 */
export function head(eyebrow, title, ...rest) {
  return h(
    "div",
    { class: "hero" },
    h("p", { class: "eyebrow" }, eyebrow),
    h("h1", { tabindex: -1 }, title),
    ...rest,
  );
}

/**
 * @param {Words} words
 * @param {0 | 1 | 2} now
 * @returns {HTMLElement}
 */
export function steps(words, now) {
  const names = ["step_choose", "step_check", "step_done"];
  const items = names.map((name, index) =>
    h(
      "li",
      { class: index < now && "done", "aria-current": index === now && "step" },
      words.t(name),
    ),
  );
  return h("ol", { class: "steps", "aria-label": words.t("steps") }, ...items);
}

/**
 * @param {"info" | "ok" | "warn" | "error"} kind
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function notice(kind, ...children) {
  return h("div", { class: `notice notice--${kind}` }, ...children);
}

/**
 * @param {string} label
 * @param {() => void} onClick
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function button(label, onClick, className = "") {
  return h("button", { type: "button", class: className || null, onclick: onClick }, label);
}

/**
 * A view that says what happened and what to do.
 * @param {Child} eyebrow
 * @param {{ title: string, text: string, kind?: "info" | "warn" | "error", code?: string | null }} said
 * @param {Words} words
 * @param {...Child} actions
 * @returns {Child[]}
 */
export function message(eyebrow, { title, text, kind = "error", code = null }, words, ...actions) {
  return [
    head(eyebrow, title),
    notice(kind, h("p", {}, text)),
    h("div", { class: "actions" }, ...actions),
    code && h("p", { class: "small muted" }, words.t("help_code", { code })),
  ];
}
