// Seals ballots in a worker; in the page itself where the browser has no module workers.

import { encrypt } from "./ballot.mjs";
import { startWorker } from "./workers.mjs";

/** @typedef {import("./worker.mjs").Job} Job */
/** @typedef {import("./worker.mjs").Report} Report */

/** How long sealing took, in milliseconds: for those who measure. */
export const MEASURE = "vote-seal";

/** Makes ballots. One at a time. */
export class Encryptor {
  #jobs = 0;
  /** @type {Promise<Worker | null>} */
  #worker;

  constructor() {
    this.#worker = startWorker(new URL("./worker.mjs", import.meta.url));
  }

  /**
   * @param {Uint8Array} election
   * @param {string | bigint} code or the secret key that stands for one in this election
   * @param {number[][]} answers
   * @param {(done: number) => void} onProgress from 0 to 1
   * @returns {Promise<Uint8Array>}
   */
  async encrypt(election, code, answers, onProgress) {
    const worker = await this.#worker;
    if (worker === null) return encrypt(election, code, answers);
    this.#jobs += 1;
    return runJob(worker, { id: this.#jobs, election, code, answers }, onProgress);
  }

  /** Ends the worker, and with it all that it knew. */
  async close() {
    (await this.#worker)?.terminate();
  }
}

/**
 * @param {Worker} worker
 * @param {Job} job
 * @param {(done: number) => void} onProgress
 * @returns {Promise<Uint8Array>}
 */
function runJob(worker, job, onProgress) {
  return new Promise((resolve, reject) => {
    const end = () => {
      worker.removeEventListener("message", listen);
      worker.removeEventListener("error", fail);
    };
    const fail = () => {
      end();
      reject(new Error("the worker failed"));
    };
    const listen = (/** @type {MessageEvent<Report>} */ { data }) => {
      if (data === "ready" || data.id !== job.id) return;
      if ("progress" in data) return onProgress(data.progress);
      end();
      if ("failure" in data) return reject(new Error(data.failure));
      performance.measure(MEASURE, { start: performance.now() - data.ms, duration: data.ms });
      resolve(data.ballot);
    };
    worker.addEventListener("message", listen);
    worker.addEventListener("error", fail);
    worker.postMessage(job);
  });
}
