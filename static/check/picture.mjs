// The path of a ballot to the signed seal, drawn for people who would rather look, and said in words.
//
// A spine: the ballot at the foot, the seal at the head; at every joint a neighbour joins from its own side.

import { h, svg } from "../booth/dom.mjs";
import { siblings } from "./tree.mjs";

/** @typedef {import("../booth/words.mjs").Words} Words */
/** @typedef {import("./tree.mjs").Sibling} Sibling */

const WIDTH = 400;
const MIDDLE = WIDTH / 2;
const HEAD = 64;
const ROW = 58;
const FOOT = 96;
const REACH = 74;

/**
 * @param {number} index from 0
 * @param {number} size
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function pathFigure(index, size, words) {
  const neighbours = siblings(index, size);
  const height = HEAD + neighbours.length * ROW + FOOT;
  const foot = height - FOOT + 26;
  const place = index + 1;
  const drawing = svg(
    "svg",
    { class: "spine", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", focusable: "false" },
    svg("title", {}, words.t("tree_title", { place, size })),
    svg("path", { class: "spine-line", d: `M ${MIDDLE} ${foot} V 46`, pathLength: 1 }),
    ...neighbours.flatMap((sibling, level) => joint(sibling, foot - 40 - level * ROW, words)),
    ...seal(size, words),
    ...ballot(foot, place, words),
  );
  return h(
    "figure",
    { class: "tree-figure" },
    drawing,
    h(
      "figcaption",
      {},
      h("p", {}, words.n("tree_caption", neighbours.length)),
      h(
        "details",
        {},
        h("summary", {}, words.t("tree_in_words")),
        h("ol", {}, ...steps(index, size, neighbours, words).map((step) => h("li", {}, step))),
      ),
    ),
  );
}

/**
 * @param {Sibling} sibling
 * @param {number} y of the joint
 * @param {Words} words
 * @returns {SVGElement[]}
 */
function joint({ first, end, side }, y, words) {
  const to = side === "left" ? -1 : 1;
  const x = MIDDLE + to * REACH;
  const branch = `M ${MIDDLE} ${y} C ${MIDDLE + to * 30} ${y}, ${x} ${y - 6}, ${x} ${y + 12}`;
  const count = end - first;
  const shape =
    count === 1
      ? svg("rect", { class: "spine-sheet", x: x - 9, y: y + 12, width: 18, height: 13, rx: 2 })
      : svg("path", {
          class: "spine-sheet",
          d: `M ${x} ${y + 10} L ${x + 17} ${y + 32} H ${x - 17} Z`,
        });
  return [
    svg("path", { class: "spine-branch", d: branch }),
    shape,
    svg("circle", { class: "spine-joint", cx: MIDDLE, cy: y, r: 5.5 }),
    svg(
      "text",
      { class: "spine-label", x: x + to * 26, y: y + 25, "text-anchor": to < 0 ? "end" : "start" },
      range(first, end, words),
    ),
  ];
}

/**
 * @param {number} first
 * @param {number} end
 * @param {Words} words
 * @returns {string} entries as people count them, from 1
 */
function range(first, end, words) {
  const number = (/** @type {number} */ value) => value.toLocaleString(words.locale);
  return end - first === 1 ? number(end) : `${number(first + 1)}–${number(end)}`;
}

/**
 * @param {number} size
 * @param {Words} words
 * @returns {SVGElement[]}
 */
function seal(size, words) {
  return [
    svg("circle", { class: "spine-seal", cx: MIDDLE, cy: 30, r: 20 }),
    svg("path", { class: "spine-tick", d: `M ${MIDDLE - 8} 30 l 6 7 l 11 -13` }),
    svg(
      "text",
      { class: "spine-label spine-label--end", x: MIDDLE + 32, y: 26 },
      svg("tspan", {}, words.t("tree_seal")),
      svg("tspan", { class: "spine-note", x: MIDDLE + 32, dy: 17 }, words.n("tree_size", size)),
    ),
  ];
}

/**
 * @param {number} y
 * @param {number} place
 * @param {Words} words
 * @returns {SVGElement[]}
 */
function ballot(y, place, words) {
  const label = { class: "spine-label spine-label--end", x: MIDDLE, y: y + 46 };
  return [
    svg("rect", { class: "spine-ballot", x: MIDDLE - 25, y: y - 8, width: 50, height: 34, rx: 4 }),
    svg("path", {
      class: "spine-fold",
      d: `M ${MIDDLE - 24} ${y - 6} L ${MIDDLE} ${y + 11} L ${MIDDLE + 24} ${y - 6}`,
    }),
    svg(
      "text",
      { ...label, "text-anchor": "middle" },
      svg("tspan", {}, words.t("tree_ballot", { place })),
    ),
  ];
}

/**
 * @param {number} index
 * @param {number} size
 * @param {Sibling[]} neighbours
 * @param {Words} words
 * @returns {string[]}
 */
export function steps(index, size, neighbours, words) {
  const place = index + 1;
  const joined = neighbours.map(({ first, end, side }, level) => {
    const key = `tree_step_${level === 0 ? "first" : "next"}_${side}`;
    return words.n(key, end - first, { place, from: first + 1, to: end });
  });
  return [...joined, words.n("tree_step_last", size)];
}
