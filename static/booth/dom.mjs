// Elements of the page. Texts become text nodes: nothing that comes from outside is read as HTML.

import { parseMarkdown } from "./markdown.mjs";

/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} element
 * @param {Attributes} attributes a function listens to the event after "on"; true is an empty
 *   attribute; false and null leave it out
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== false && child !== undefined) element.append(child);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * @param {string} source Markdown
 * @param {string} newWindow what is said of links, to those who do not see where they open
 * @returns {HTMLElement[]}
 */
export function prose(source, newWindow) {
  return parseMarkdown(source).map((block) =>
    block.kind === "paragraph"
      ? h("p", {}, ...inline(block.content, newWindow))
      : h(
          block.ordered ? "ol" : "ul",
          {},
          ...block.items.map((item) => h("li", {}, ...inline(item, newWindow))),
        ),
  );
}

/**
 * @param {import("./markdown.mjs").Inline[]} content
 * @param {string} newWindow
 * @returns {Child[]}
 */
function inline(content, newWindow) {
  return content.map((part) => {
    if (part.kind === "text") return part.text;
    if (part.kind === "break") return h("br");
    const children = inline(part.content, newWindow);
    if (part.kind !== "link") return h(part.kind, {}, ...children);
    // In a window of its own, so that no choice is lost.
    const note = h("span", { class: "visually-hidden" }, ` (${newWindow})`);
    const attributes = { href: part.address, target: "_blank", rel: "noopener noreferrer" };
    return h("a", attributes, ...children, note);
  });
}
