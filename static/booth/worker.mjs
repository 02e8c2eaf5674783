// Seals one ballot after another, away from the page, so that its screen stays alive.

import { encrypt } from "./ballot.mjs";

/**
 * @typedef {{ id: number, election: Uint8Array, code: string | bigint, answers: number[][] }} Job
 * @typedef {{ id: number, progress: number } | { id: number, ballot: Uint8Array, ms: number }
 *   | { id: number, failure: string } | "ready"} Report
 */

/** @param {Report} report */
const post = (report) => postMessage(report);

addEventListener("message", (/** @type {MessageEvent<Job>} */ { data }) => {
  const { id, election, code, answers } = data;
  const started = performance.now();
  try {
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) =>
      post({ id, progress: done / total });
    const ballot = encrypt(election, code, answers, { onProgress });
    post({ id, ballot, ms: performance.now() - started });
  } catch (error) {
    post({ id, failure: String(error) });
  }
});

post("ready");
