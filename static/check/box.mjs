// The ballot box as it is published now: its newest signed tree, and proofs out of its tiles.

import { LogError } from "../booth/errors.mjs";
import { openCheckpoint } from "../booth/tlog/checkpoint.mjs";
import { leafHash, verifyConsistency, verifyInclusion } from "../booth/tlog/merkle.mjs";
import { CheckFault } from "./fault.mjs";
import { consistencyProof, inclusionProof, tileNodes } from "./tree.mjs";

/** @typedef {import("../booth/tlog/checkpoint.mjs").Checkpoint} Checkpoint */
/** @typedef {import("../booth/tlog/merkle.mjs").Hash} Hash */
/** @typedef {import("./board.mjs").Board} Board */

const PAUSES_MS = [500, 1_500, 3_000];

/** A tree that the box's key signed. */
export class Box {
  /**
   * @param {Checkpoint} tree
   * @param {(path: string) => Promise<Uint8Array>} readTile
   */
  constructor(tree, readTile) {
    this.tree = tree;
    this.size = Number(tree.size);
    this.node = tileNodes(this.size, readTile);
  }

  /**
   * The newest tree, with at least `least` entries if it comes to that within a few seconds: a ballot that was
   * only just cast is signed in a moment.
   * @param {Board} board
   * @param {number} least
   * @param {number[]} [pauses] in milliseconds
   * @returns {Promise<Box>}
   */
  static async open(board, least, pauses = PAUSES_MS) {
    for (const pause of [...pauses, null]) {
      const box = new Box(openTree(await board.checkpoint(), board), board.tile);
      if (box.size >= least || pause === null) return box;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Error("unreachable");
  }

  /**
   * Checks that an entry stands where it is said to.
   * @param {number} index
   * @param {Uint8Array} entry
   * @returns {Promise<Hash[]>} its path to the root
   */
  async prove(index, entry) {
    try {
      if (!(index < this.size)) throw new LogError("index-out-of-range", "No such entry.");
      const path = await inclusionProof(index, this.size, this.node);
      const { size, root } = this.tree;
      verifyInclusion(leafHash(entry), BigInt(index), size, path, root);
      return path;
    } catch (error) {
      if (error instanceof LogError) throw new CheckFault("box-answer", { cause: error });
      throw error;
    }
  }

  /**
   * Checks that this tree goes on from an older one: nothing in it was changed or taken out.
   * @param {Checkpoint} older
   */
  async continues(older) {
    if (this.tree.size < older.size) {
      const params = { size: this.size, receipt: Number(older.size) };
      throw new CheckFault("box-shorter", { params });
    }
    try {
      const path = await consistencyProof(Number(older.size), this.size, this.node);
      verifyConsistency(older.size, this.tree.size, older.root, this.tree.root, path);
    } catch (error) {
      if (error instanceof LogError) throw new CheckFault("box-rewritten", { cause: error });
      throw error;
    }
  }
}

/**
 * @param {Uint8Array} note
 * @param {Board} board
 * @returns {Checkpoint}
 */
function openTree(note, { key }) {
  try {
    const tree = openCheckpoint(note, key);
    if (tree.size <= BigInt(Number.MAX_SAFE_INTEGER)) return tree;
    throw new LogError("size-out-of-range", "No ballot box is as large as that.");
  } catch (error) {
    if (error instanceof LogError) throw new CheckFault("box-unsigned", { cause: error });
    throw error;
  }
}
