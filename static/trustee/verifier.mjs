// A worker that verifies ballots, a chunk at a time, and returns the sums of those that count.

import { verifyChunk } from "../booth/check.mjs";
import { Election } from "../booth/election.mjs";
import { ProtocolError } from "../booth/errors.mjs";

/** @typedef {import("../booth/check.mjs").Chunk} Chunk */
/** @typedef {import("../booth/sums.mjs").Part} Part */

/**
 * @typedef {{ election: Uint8Array } | { chunk: Chunk }} Task
 * @typedef {"ready" | { part: Part } | { code: string, message: string, index: number | null }} Report
 */

/** @type {Election | null} */
let election = null;

/** @param {Report} report */
const post = (report) => postMessage(report);

/**
 * @param {Chunk} chunk
 * @returns {Report}
 */
function verified(chunk) {
  try {
    if (election === null) throw new Error("no election was given");
    return { part: verifyChunk(election, chunk).toPart() };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, message, index } = error;
    return { code, message, index };
  }
}

addEventListener("message", (/** @type {MessageEvent<Task>} */ { data }) => {
  if ("election" in data) election = Election.parse(data.election);
  else post(verified(data.chunk));
});

post("ready");
