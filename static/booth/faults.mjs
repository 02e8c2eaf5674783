// What went wrong, in the reader's words, and what can be done.

import { NetworkError, RefusedError } from "./api.mjs";
import { BadReceiptError } from "./casting.mjs";
import { ProtocolError } from "./errors.mjs";

/** @typedef {import("./words.mjs").Words} Words */

/**
 * @param {unknown} error
 * @param {Words} words
 * @returns {{ title: string, text: string, code: string | null }}
 */
export function faultWords(error, words) {
  if (error instanceof NetworkError) {
    return { title: words.t("no_connection_title"), text: words.t("no_connection"), code: null };
  }
  if (error instanceof RefusedError) {
    return { title: words.t("service_title"), text: error.message, code: error.code };
  }
  if (error instanceof ProtocolError) {
    return { title: words.t("agenda_title"), text: words.t("agenda"), code: error.code };
  }
  return { title: words.t("unsupported_title"), text: words.t("unsupported"), code: String(error) };
}

/** @typedef {"send" | "choose" | "leave"} Again what can be done about a ballot that was not recorded */

/** The refusals of a ballot that the page has words of its own for. */
const REFUSALS = /** @type {Record<string, string>} */ ({
  "not-open-yet": "refused_before",
  "unknown-code": "refused_code",
  "another-credential": "refused_code",
});

/**
 * @param {unknown} error
 * @returns {boolean} whether voting has ended
 */
export function isTooLate(error) {
  return error instanceof RefusedError && error.code === "closed";
}

/**
 * @param {unknown} error
 * @param {Words} words
 * @param {boolean} counts whether an earlier ballot stays the one that counts
 * @returns {{ title: string, text: string, kind: "warn" | "error", code: string | null, again: Again }}
 */
export function uncastWords(error, words, counts) {
  const kind = /** @type {const} */ ("error");
  if (error instanceof NetworkError || (error instanceof RefusedError && error.isPassing)) {
    const said = { title: words.t("unsent_title"), text: words.t("unsent"), code: null };
    return { ...said, kind: "warn", again: "send" };
  }
  if (error instanceof BadReceiptError) {
    const said = { title: words.t("receipt_title"), text: words.t("receipt_wrong") };
    return { ...said, code: error.code, kind, again: "send" };
  }
  const title = words.t("refused_title");
  if (isTooLate(error)) {
    const text = words.t(counts ? "refused_closed_counts" : "refused_closed");
    return { title, text, code: null, kind, again: "leave" };
  }
  if (error instanceof RefusedError) {
    const own =
      REFUSALS[error.code] ?? (error.code.startsWith("ballot-") ? "refused_ballot" : null);
    const text = own === null ? error.message : words.t(own);
    return { title, text, code: error.code, kind, again: "choose" };
  }
  return { title, text: words.t("refused_ballot"), code: String(error), kind, again: "choose" };
}
