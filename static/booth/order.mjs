// The order in which candidates stand on the screen: drawn once per assembly from its definition, and
// therefore the same in every language and on every device.

import { toHex } from "./encoding.mjs";
import { sha256 } from "./sodium.mjs";

/**
 * @template {{ id: string }} T
 * @param {T[]} candidates
 * @param {string} definitionHash hexadecimal SHA-256 of assembly.json
 * @param {string} question
 * @returns {T[]} sorted by SHA-256(definition hash | question | candidate)
 */
export function drawnOrder(candidates, definitionHash, question) {
  return candidates
    .map((candidate) => ({
      candidate,
      key: toHex(sha256(`${definitionHash}|${question}|${candidate.id}`)),
    }))
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ candidate }) => candidate);
}
