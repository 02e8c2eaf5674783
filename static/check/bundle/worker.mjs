// Verifies a bundle away from the page, so that its screen stays alive.

import { verifyBundle } from "./verify.mjs";

/**
 * @typedef {{ file: Blob, key: string | null }} Job
 * @typedef {"ready" | { steps: import("./ledger.mjs").Step[] } | { report: import("./verify.mjs").Report }
 *   | { failure: string }} Message
 */

const EVERY_MS = 100;
let last = 0;

/** @param {Message} message */
const post = (message) => postMessage(message);

addEventListener("message", async (/** @type {MessageEvent<Job>} */ { data: { file, key } }) => {
  try {
    const report = await verifyBundle(file, key, (steps) => {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      post({ steps });
    });
    post({ report });
  } catch (error) {
    post({ failure: String(error) });
  }
});

post("ready");
