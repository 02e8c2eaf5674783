// "Is my ballot there?", from a receipt or from a tracker alone:
//
// 1. The receipt is genuine: this box's key signed it, and it is for a ballot.
// 2. The ballot's event is in the box as it is published now.
// 3. The box goes on from the one of the receipt: nothing was taken out or changed since.
// 4. The sealed ballot itself is in the archive, and what became of it: see standing.mjs.

import { sameBytes, toUtf8 } from "../booth/encoding.mjs";
import { LogError, ProtocolError } from "../booth/errors.mjs";
import { Box } from "./box.mjs";
import { CheckFault } from "./fault.mjs";
import { ballotEvent, readReceipt } from "./receipt.mjs";
import { standingOf } from "./standing.mjs";
import { parseTracker, trackerFromHex, trackerHex } from "./tracker.mjs";

/** @typedef {import("./board.mjs").Board} Board */
/** @typedef {import("./board.mjs").Place} Place */
/** @typedef {"receipt" | "box" | "since" | "standing"} Step */

/**
 * What was found, all of it proved here but for what standing.mjs says of "newest". `before`: the size of the
 * box when the receipt was made, null without a receipt.
 * @typedef {object} Found
 * @property {string} tracker
 * @property {string} digest
 * @property {number} index
 * @property {number} before
 * @property {number} size
 * @property {Uint8Array[]} path
 * @property {import("./standing.mjs").Standing} standing
 * @property {Place} place
 * @property {Box} box
 */

/**
 * @typedef {object} Options
 * @property {(step: Step) => void} [onStep]
 * @property {number[]} [pauses] before asking for a newer checkpoint; changed by tests only
 */

/**
 * @param {Uint8Array} file
 * @param {Board} board
 * @param {Options} [options]
 * @returns {Promise<Found>}
 */
export async function checkReceipt(file, board, { onStep = () => {}, pauses } = {}) {
  onStep("receipt");
  const { digest, event, index, tree } = readReceipt(file, board.key);
  onStep("box");
  const size = Number(tree.size);
  const box = await Box.open(board, size, pauses);
  onStep("since");
  await box.continues(tree);
  const path = await box.prove(index, event);
  onStep("standing");
  const place = await board.find(digest);
  if (place === null) throw new CheckFault("box-ballot-missing");
  const { logged } = place;
  if (logged.index !== index || !sameBytes(toUtf8(logged.event), event)) {
    throw new CheckFault("box-answer", { cause: new Error("another place than the receipt's") });
  }
  return finish({ digest, index, before: size, path, place, box }, board);
}

/**
 * @param {string} text a tracker as it was typed
 * @param {Board} board
 * @param {Options} [options]
 * @returns {Promise<Found>}
 */
export async function checkTracker(text, board, { onStep = () => {}, pauses } = {}) {
  const digest = trackerHex(parseTracker(text));
  onStep("box");
  const place = await board.find(digest);
  if (place === null) throw new CheckFault("unknown-tracker");
  const { index, event } = place.logged;
  const entry = toUtf8(event);
  const box = await Box.open(board, index + 1, pauses);
  const path = await box.prove(index, entry);
  if (ballotEvent(entry) !== digest) {
    throw new CheckFault("box-answer", { cause: new Error("the entry of another ballot") });
  }
  onStep("standing");
  return finish({ digest, index, before: 0, path, place, box }, board);
}

/**
 * @param {Omit<Found, "tracker" | "size" | "standing">} found
 * @param {Board} board
 * @returns {Promise<Found>}
 */
async function finish(found, board) {
  const { digest, place, box } = found;
  try {
    const standing = await standingOf(digest, place, box, board);
    return { ...found, tracker: trackerFromHex(digest), size: box.size, standing };
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LogError) {
      throw new CheckFault("box-answer", { cause: error });
    }
    throw error;
  }
}
