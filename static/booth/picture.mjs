// The path of a ballot, drawn: sealed here, in the box, confirmed by a receipt.

import { h, svg } from "./dom.mjs";

/**
 * @param {import("./receipt.mjs").Receipt} receipt
 * @param {import("./words.mjs").Words} words
 * @returns {HTMLElement}
 */
export function pathPicture({ index, size }, words) {
  const drawing = svg(
    "svg",
    { viewBox: "0 0 600 124", "aria-hidden": "true", focusable: "false" },
    svg("path", { class: "path-line", d: "M 158 70 H 222" }),
    svg("path", { class: "path-line", d: "M 378 70 H 444" }),
    svg("path", { class: "path-head", d: "M 214 60 l 12 10 l -12 10" }),
    svg("path", { class: "path-head", d: "M 436 60 l 12 10 l -12 10" }),
    ...envelope(),
    ...box(),
    ...slip(),
  );
  const place = words.t("picture_place", { place: index + 1n, size });
  return h(
    "figure",
    { class: "path" },
    drawing,
    h(
      "ol",
      {},
      station(words.t("picture_sealed"), null),
      station(words.t("picture_box"), place),
      station(words.t("picture_receipt"), words.t("picture_checked")),
    ),
  );
}

/**
 * @param {string} name
 * @param {string | null} more
 * @returns {HTMLElement}
 */
function station(name, more) {
  const dot = more !== null && h("span", { class: "path-dot" }, " · ");
  return h("li", {}, h("strong", {}, name), dot, more);
}

/** @returns {SVGElement[]} */
function envelope() {
  return [
    svg("rect", { class: "path-sheet", x: 50, y: 36, width: 100, height: 68, rx: 6 }),
    svg("path", { class: "path-fold", d: "M 52 40 L 100 78 L 148 40" }),
    svg("circle", { class: "path-seal", cx: 100, cy: 78, r: 13 }),
    svg("path", { class: "path-tick", d: "M 94 78 l 4.5 5 l 8 -9" }),
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
      d: "M 460 24 h 80 v 86 l -10 -7 l -10 7 l -10 -7 l -10 7 l -10 -7 l -10 7 l -10 -7 l -10 7 z",
    }),
    svg("path", { class: "path-fold", d: "M 473 46 h 54 M 473 62 h 36" }),
    svg("circle", { class: "path-mark", cx: 536, cy: 92, r: 17 }),
    svg("path", { class: "path-mark-tick", d: "M 528 92 l 6 7 l 11 -13" }),
  ];
}
