// Verifying in a worker; in the page itself where the browser has no module workers.

import { startWorker } from "../../booth/workers.mjs";
import { verifyBundle } from "./verify.mjs";

/** @typedef {import("./ledger.mjs").Step} Step */
/** @typedef {import("./verify.mjs").Report} Report */
/** @typedef {import("./worker.mjs").Message} Message */

/**
 * @param {Blob} file
 * @param {string | null} key
 * @param {(steps: Step[]) => void} onChange
 * @returns {Promise<Report>}
 */
export async function run(file, key, onChange) {
  const worker = await startWorker(new URL("./worker.mjs", import.meta.url));
  if (worker === null) return verifyBundle(file, key, onChange);
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = (/** @type {MessageEvent<Message>} */ { data }) => {
        if (data === "ready") return;
        if ("steps" in data) onChange(data.steps);
        else if ("report" in data) resolve(data.report);
        else reject(new Error(data.failure));
      };
      worker.onerror = () => reject(new Error("the worker failed"));
      worker.postMessage({ file, key });
    });
  } finally {
    worker.terminate();
  }
}
