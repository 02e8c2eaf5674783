// The path of a ballot, drawn: sealed here, in the box, confirmed by a receipt.

import { svg } from "./dom.mjs";

/**
 * @param {import("./receipt.mjs").Receipt} receipt
 * @param {import("./words.mjs").Words} words
 * @returns {SVGElement}
 */
export function pathPicture({ index, size }, words) {
  const place = { place: index + 1n, size };
  const title = svg("title", {}, words.t("picture", place));
  return svg(
    "svg",
    { class: "path", viewBox: "0 0 600 190", role: "img" },
    title,
    svg("path", { class: "path-line", d: "M 130 70 H 232" }),
    svg("path", { class: "path-line", d: "M 368 70 H 470" }),
    svg("path", { class: "path-head", d: "M 222 60 l 12 10 l -12 10" }),
    svg("path", { class: "path-head", d: "M 460 60 l 12 10 l -12 10" }),
    ...envelope(),
    ...box(),
    ...slip(),
    label(75, words.t("picture_sealed"), ""),
    label(300, words.t("picture_box"), words.t("picture_place", place)),
    label(525, words.t("picture_receipt"), words.t("picture_checked")),
  );
}

/** @returns {SVGElement[]} */
function envelope() {
  return [
    svg("rect", { class: "path-sheet", x: 25, y: 36, width: 100, height: 68, rx: 6 }),
    svg("path", { class: "path-fold", d: "M 27 40 L 75 78 L 123 40" }),
    svg("circle", { class: "path-seal", cx: 75, cy: 78, r: 13 }),
    svg("path", { class: "path-tick", d: "M 69 78 l 4.5 5 l 8 -9" }),
  ];
}

/** @returns {SVGElement[]} */
function box() {
  return [
    svg("path", { class: "path-sheet", d: "M 270 14 h 60 v 34 h -60 z" }),
    svg("path", { class: "path-fold", d: "M 270 14 L 300 34 L 330 14" }),
    svg("rect", { class: "path-box", x: 240, y: 48, width: 120, height: 66, rx: 6 }),
    svg("rect", { class: "path-slot", x: 262, y: 45, width: 76, height: 8, rx: 4 }),
  ];
}

/** @returns {SVGElement[]} */
function slip() {
  return [
    svg("path", {
      class: "path-sheet",
      d: "M 485 24 h 80 v 86 l -10 -7 l -10 7 l -10 -7 l -10 7 l -10 -7 l -10 7 l -10 -7 l -10 7 z",
    }),
    svg("path", { class: "path-fold", d: "M 498 46 h 54 M 498 62 h 36" }),
    svg("circle", { class: "path-mark", cx: 561, cy: 92, r: 17 }),
    svg("path", { class: "path-mark-tick", d: "M 553 92 l 6 7 l 11 -13" }),
  ];
}

/**
 * @param {number} x
 * @param {string} first
 * @param {string} second
 * @returns {SVGElement}
 */
function label(x, first, second) {
  return svg(
    "text",
    { class: "path-label", x, y: 148, "text-anchor": "middle" },
    svg("tspan", { class: "path-name", x }, first),
    svg("tspan", { x, dy: 26 }, second),
  );
}
