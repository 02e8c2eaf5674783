// A ballot log of the tests' own: entries, tiles, signed checkpoints and receipts.

import { concatBytes, toBase64, toHex, toUtf8 } from "../../static/booth/encoding.mjs";
import sodium, { sha256 } from "../../static/booth/sodium.mjs";
import { EMPTY_ROOT, leafHash, nodeHash } from "../../static/booth/tlog/merkle.mjs";
import { TILE_WIDTH } from "../../static/booth/tlog/tiles.mjs";
import { siblings } from "../../static/check/tree.mjs";

/** @typedef {Uint8Array} Hash */

/** A log with a key of its own, held in memory. */
export class Log {
  /** @type {Map<string, Hash>} */
  #known = new Map();

  /**
   * @param {string} name
   * @param {Uint8Array[]} entries
   * @param {number} [seed] another one gives another key
   */
  constructor(name, entries, seed = 1) {
    this.name = name;
    this.entries = entries;
    this.leaves = entries.map(leafHash);
    this.keys = sodium.crypto_sign_seed_keypair(new Uint8Array(32).fill(seed));
    const material = concatBytes([Uint8Array.of(1), this.keys.publicKey]);
    this.keyId = sha256(concatBytes([toUtf8(`${name}\n`), material])).slice(0, 4);
    this.vkey = `${name}+${toHex(this.keyId)}+${toBase64(material)}`;
  }

  /**
   * @param {number} first
   * @param {number} end
   * @returns {Hash} the root of these entries
   */
  root(first = 0, end = this.leaves.length) {
    if (end === first) return EMPTY_ROOT;
    if (end - first === 1) return this.leaves[first];
    const name = `${first}-${end}`;
    const found = this.#known.get(name);
    if (found !== undefined) return found;
    const middle = first + 2 ** Math.floor(Math.log2(end - first - 1));
    const made = nodeHash(this.root(first, middle), this.root(middle, end));
    this.#known.set(name, made);
    return made;
  }

  /**
   * @param {number} [size]
   * @returns {Uint8Array} the signed checkpoint
   */
  checkpoint(size = this.leaves.length) {
    return this.sign(`${this.name}\n${size}\n${toBase64(this.root(0, size))}\n`);
  }

  /**
   * @param {string} text
   * @returns {Uint8Array} a note
   */
  sign(text) {
    const signature = sodium.crypto_sign_detached(toUtf8(text), this.keys.privateKey);
    const value = toBase64(concatBytes([this.keyId, signature]));
    return toUtf8(`${text}\n— ${this.name} ${value}\n`);
  }

  /**
   * @param {string} path
   * @param {number} [size] what is published
   * @returns {Uint8Array}
   */
  tile(path, size = this.leaves.length) {
    const [, level, groups, partial] =
      /^tile\/(entries|[0-9]+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
    const number = Number(groups.replaceAll(/[x/]/g, ""));
    const width = Number(partial ?? TILE_WIDTH);
    const span = TILE_WIDTH ** (level === "entries" ? 0 : Number(level));
    const [first, end] = [number * TILE_WIDTH, number * TILE_WIDTH + width];
    if (end > Math.floor(size / span)) throw new Error(`there is no tile ${path} yet`);
    const places = Array.from({ length: width }, (_, i) => first + i);
    if (level === "entries") {
      return concatBytes(
        places.flatMap((place) => [uint16(this.entries[place].length), this.entries[place]]),
      );
    }
    return concatBytes(places.map((place) => this.root(place * span, (place + 1) * span)));
  }

  /**
   * @param {number} index
   * @param {number} [size]
   * @returns {Uint8Array} the receipt for an entry
   */
  receipt(index, size = this.leaves.length) {
    const path = siblings(index, size).map(({ first, end }) => toBase64(this.root(first, end)));
    const extra = toBase64(this.entries[index]);
    const lines = ["c2sp.org/tlog-proof@v1", `extra ${extra}`, `index ${index}`, ...path, "", ""];
    return concatBytes([toUtf8(lines.join("\n")), this.checkpoint(size)]);
  }
}

/** @param {number} value */
function uint16(value) {
  return Uint8Array.of(value >> 8, value & 255);
}
