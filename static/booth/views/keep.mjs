// Ways to keep a receipt beside its file: on paper, and in one's own mailbox.

import { NetworkError, RefusedError, requestBytes } from "../api.mjs";
import { h } from "../dom.mjs";
import { button } from "./frame.mjs";

/** @typedef {import("../words.mjs").Words} Words */

/**
 * What is kept, and by whom: `token` is null where it cannot be sent by e-mail.
 * @typedef {{ assembly: string, name: string, file: Uint8Array, token: string | null }} Keeping
 */

/**
 * @param {Keeping} keeping
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function keepButtons(keeping, words) {
  const state = h("p", { class: "keep-state", role: "status" });
  const { token } = keeping;
  return h(
    "div",
    { class: "keep" },
    h(
      "div",
      { class: "actions" },
      button(
        words.t("keep_paper"),
        () => attempt(state, words, () => paper(keeping, words, state)),
        "secondary outline",
      ),
      token !== null &&
        button(
          words.t("keep_mail"),
          () => attempt(state, words, () => mail(keeping, token, words, state)),
          "secondary outline",
        ),
    ),
    state,
    token !== null && h("p", { class: "muted" }, words.t("keep_mail_note")),
  );
}

/**
 * @param {HTMLElement} state
 * @param {Words} words
 * @param {() => Promise<void>} action
 */
async function attempt(state, words, action) {
  state.replaceChildren(words.t("keep_working"));
  try {
    await action();
  } catch (error) {
    if (error instanceof RefusedError) state.replaceChildren(error.message);
    else if (error instanceof NetworkError) state.replaceChildren(words.t("keep_no_connection"));
    else throw error;
  }
}

/**
 * @param {Keeping} keeping
 * @param {Words} words
 * @param {HTMLElement} state
 */
async function paper({ assembly, name, file }, words, state) {
  const path = `/api/assemblies/${encodeURIComponent(assembly)}/receipt.pdf?lang=${words.language}`;
  const pdf = await requestBytes(path, { method: "POST", body: file });
  const blob = new Blob([/** @type {BlobPart} */ (pdf)], { type: "application/pdf" });
  const link = h(
    "a",
    { href: URL.createObjectURL(blob), download: `${name}.pdf` },
    words.t("keep_paper_link"),
  );
  state.replaceChildren(words.t("keep_paper_made"), " ", link);
  link.click();
}

/**
 * @param {Keeping} keeping
 * @param {string} token
 * @param {Words} words
 * @param {HTMLElement} state
 */
async function mail({ assembly, file }, token, words, state) {
  const path = `/api/assemblies/${encodeURIComponent(assembly)}/receipt-mail`;
  await requestBytes(path, { method: "POST", token, body: file });
  state.replaceChildren(words.t("keep_mail_sent"));
}
