// C2SP tlog-proof: a receipt that can be checked offline.

import { sameBytes } from "../encoding.mjs";
import { LogError } from "../errors.mjs";
import { openCheckpoint, parseCheckpoint } from "./checkpoint.mjs";
import { decodeBase64, decodeDecimal, decodeText } from "./encoding.mjs";
import { hashFromBase64, leafHash, verifyInclusion } from "./merkle.mjs";
import { MAX_NOTE_SIZE, parseNote } from "./note.mjs";

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_PATH = 63;
const MAX_PROOF_SIZE = MAX_NOTE_SIZE + 100_000;

/** An entry's place in a log, the path to the root, and the signed checkpoint. */
export class TlogProof {
  /**
   * @param {Uint8Array | null} extra authenticated by nothing until `verify` found it equal to the entry
   * @param {bigint} index
   * @param {Uint8Array[]} path
   * @param {Uint8Array} checkpoint
   */
  constructor(extra, index, path, checkpoint) {
    this.extra = extra;
    this.index = index;
    this.path = path;
    this.checkpoint = checkpoint;
  }

  /**
   * Reads a file. Well-formed is all that this says: see `verify`.
   * @param {Uint8Array} data
   * @returns {TlogProof}
   */
  static parse(data) {
    if (data.length > MAX_PROOF_SIZE) {
      throw new LogError("proof-too-large", `The proof has more than ${MAX_PROOF_SIZE} bytes.`);
    }
    const split = data.findIndex((byte, i) => byte === 0x0a && data[i + 1] === 0x0a);
    if (split < 0) {
      throw new LogError("proof-malformed", "The proof has no empty line before a checkpoint.");
    }
    const [version, ...lines] = decodeText(data.slice(0, split), "The proof").split("\n");
    if (version !== HEADER) {
      throw new LogError("proof-version", `The proof does not begin with ${HEADER}.`);
    }
    const extra = lines[0]?.startsWith("extra ")
      ? decodeBase64(/** @type {string} */ (lines.shift()).slice(6), "The extra line")
      : null;
    const line = lines.shift();
    if (!line?.startsWith("index ")) {
      throw new LogError("proof-malformed", "The proof has no index line where it belongs.");
    }
    const index = decodeDecimal(line.slice(6), "The index");
    const path = lines.map(hashFromBase64);
    const checkpoint = data.slice(split + 2);
    if (extra?.length === 0) {
      throw new LogError("extra-empty", "An extra line without data is to be left out.");
    }
    if (path.length > MAX_PATH) {
      throw new LogError("path-length", `A path has at most ${MAX_PATH} hashes.`);
    }
    parseCheckpoint(parseNote(checkpoint).text);
    return new TlogProof(extra, index, path, checkpoint);
  }

  /**
   * Checks that `entry` is in the log of `key` where this receipt says.
   * @param {Uint8Array} entry
   * @param {import("./note.mjs").VerifierKey} key
   * @returns {import("./checkpoint.mjs").Checkpoint} the tree that it is in
   */
  verify(entry, key) {
    if (this.extra !== null && !sameBytes(this.extra, entry)) {
      throw new LogError("extra-differs", "The extra line is not the entry that is proved.");
    }
    const checkpoint = openCheckpoint(this.checkpoint, key);
    const { size, root } = checkpoint;
    verifyInclusion(leafHash(entry), this.index, size, this.path, root);
    return checkpoint;
  }

  /** @returns {Uint8Array} the entry's bytes that this receipt carries */
  entry() {
    if (this.extra === null) {
      throw new LogError("extra-missing", "The receipt does not carry its entry.");
    }
    return this.extra;
  }
}
