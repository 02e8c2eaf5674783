// Verifies ballots on all cores of the trustee's device; in the page itself where the browser has no module
// workers.

import { verifyChunk } from "../booth/check.mjs";
import { Election } from "../booth/election.mjs";
import { ProtocolError } from "../booth/errors.mjs";
import { startWorker } from "../booth/workers.mjs";

/** @typedef {import("../booth/check.mjs").Chunk} Chunk */
/** @typedef {import("../booth/sums.mjs").Part} Part */
/** @typedef {import("./verifier.mjs").Report} Report */

const MOST_WORKERS = 8;

/**
 * @param {Worker} worker
 * @param {Chunk} chunk
 * @returns {Promise<Part>}
 */
function verifyIn(worker, chunk) {
  return new Promise((resolve, reject) => {
    worker.onmessage = (/** @type {MessageEvent<Report>} */ { data }) => {
      if (data === "ready") return;
      if ("part" in data) resolve(data.part);
      else reject(new ProtocolError(data.code, data.message, data.index));
    };
    worker.onerror = () => reject(new Error("a worker failed"));
    worker.postMessage({ chunk });
  });
}

/**
 * Verifies every chunk, as many at once as there are cores.
 * @param {Uint8Array} electionData
 * @param {AsyncGenerator<Chunk>} chunks
 * @param {(part: Part, chunk: Chunk) => void} onPart
 */
export async function verifyAll(electionData, chunks, onPart) {
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS));
  const module = new URL("./verifier.mjs", import.meta.url);
  const started = await Promise.all(Array.from({ length: count }, () => startWorker(module)));
  const workers = started.filter((worker) => worker !== null);
  try {
    if (workers.length === 0) return await verifyHere(electionData, chunks, onPart);
    for (const worker of workers) worker.postMessage({ election: electionData });
    // Every worker takes the next chunk as soon as it is done with the last.
    await Promise.all(
      workers.map(async (worker) => {
        for (;;) {
          const { done, value } = await chunks.next();
          if (done) return;
          onPart(await verifyIn(worker, value), value);
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/**
 * @param {Uint8Array} electionData
 * @param {AsyncGenerator<Chunk>} chunks
 * @param {(part: Part, chunk: Chunk) => void} onPart
 */
async function verifyHere(electionData, chunks, onPart) {
  const election = Election.parse(electionData);
  for await (const chunk of chunks) {
    onPart(verifyChunk(election, chunk).toPart(), chunk);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
