// What a check finds wrong.

/**
 * `receipt-…`, `not-a-…`, `other-…`, `tracker-…`: something about what was given. `box-…`: the published ballot
 * box contradicts a genuine receipt, or itself; that is an alarm.
 * @typedef {"tracker-syntax" | "tracker-letters" | "unknown-tracker" | "not-a-receipt" | "picture-unreadable"
 *   | "no-code-in-picture" | "receipt-line-ends"
 *   | "receipt-changed" | "other-box" | "other-key" | "not-a-ballot" | "box-shorter" | "box-rewritten"
 *   | "box-ballot-missing" | "box-unsigned" | "box-answer"} FaultCode
 */

/** A check that did not end well. */
export class CheckFault extends Error {
  name = "CheckFault";

  /**
   * @param {FaultCode} code
   * @param {{ params?: Record<string, string | number>, assembly?: string | null, cause?: unknown }} [about]
   *   `params` for the sentence that is shown; `assembly`: whose page knows more
   */
  constructor(code, { params = {}, assembly = null, cause } = {}) {
    super(cause instanceof Error ? `${code}: ${cause.message}` : code, { cause });
    this.code = code;
    this.params = params;
    this.assembly = assembly;
  }

  /** @returns {boolean} whether what was typed is to be looked at again */
  get isTyping() {
    return this.code.includes("tracker");
  }

  /** @returns {boolean} whether somebody has to be told */
  get isAlarm() {
    return this.code.startsWith("box-");
  }
}
