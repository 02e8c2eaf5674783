// Homomorphic sums of ballots, kept apart by weight and multiplied by it only once, at the end.

import { concatBytes } from "./encoding.mjs";
import { add, IDENTITY, mul, Point, sub, total } from "./group.mjs";
import { Ciphertext } from "./proofs.mjs";

const POINT_BYTES = 32;

/**
 * @param {import("./ballot.mjs").Ballot} ballot
 * @returns {Uint8Array} its ciphertexts, in order, as 64 bytes each: alpha, then beta
 */
export function ciphertextsOf(ballot) {
  const choices = ballot.answers.flatMap((answer) => answer.choices);
  return concatBytes(choices.flatMap(({ alpha, beta }) => [alpha.bytes, beta.bytes]));
}

/**
 * @param {Uint8Array} points
 * @returns {Point[]}
 */
function split(points) {
  return Array.from(
    { length: points.length / POINT_BYTES },
    (_, i) => new Point(points.slice(i * POINT_BYTES, (i + 1) * POINT_BYTES)),
  );
}

/**
 * What workers send each other: for each weight, its sums as `ciphertextsOf` writes them.
 * @typedef {{ width: number, count: number, totalWeight: number, points: Map<number, Uint8Array> }} Part
 */

/** For each weight, the sums of the ciphertexts of ballots of that weight. */
export class Sums {
  count = 0;
  totalWeight = 0;
  /** @type {Map<number, Point[]>} */
  #points = new Map();

  /** @param {number} width the number of ciphertexts of each ballot */
  constructor(width) {
    this.width = width;
  }

  /**
   * @param {Uint8Array} points the ciphertexts of a verified ballot
   * @param {number} weight
   */
  add(points, weight) {
    this.#combine(add, split(points), weight);
    this.count += 1;
    this.totalWeight += weight;
  }

  /**
   * Takes away what was added before.
   * @param {Uint8Array} points
   * @param {number} weight
   */
  subtract(points, weight) {
    this.#combine(sub, split(points), weight);
    this.count -= 1;
    this.totalWeight -= weight;
  }

  /** @param {Part} part the sums of other ballots */
  merge({ count, totalWeight, points }) {
    for (const [weight, sums] of points) this.#combine(add, split(sums), weight);
    this.count += count;
    this.totalWeight += totalWeight;
  }

  /** @returns {Part} */
  toPart() {
    const { width, count, totalWeight } = this;
    const entries = [...this.#points].map(
      ([weight, points]) =>
        /** @type {const} */ ([weight, concatBytes(points.map(({ bytes }) => bytes))]),
    );
    return { width, count, totalWeight, points: new Map(entries) };
  }

  /** @returns {Ciphertext[]} for each ciphertext, the sum of weight times ballot */
  weighted() {
    const multiplied = [...this.#points].map(([weight, points]) =>
      points.map((point) => (weight === 1 ? point : mul(point, BigInt(weight)))),
    );
    const column = (/** @type {number} */ i) => total(multiplied.map((points) => points[i]));
    return Array.from(
      { length: this.width },
      (_, i) => new Ciphertext(column(2 * i), column(2 * i + 1)),
    );
  }

  /**
   * @param {(left: Point, right: Point) => Point} operation
   * @param {Point[]} points
   * @param {number} weight
   */
  #combine(operation, points, weight) {
    const sums = this.#points.get(weight) ?? points.map(() => IDENTITY);
    this.#points.set(
      weight,
      sums.map((sum, i) => operation(sum, points[i])),
    );
  }
}
