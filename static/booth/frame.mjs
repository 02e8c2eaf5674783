// The page round the views: its language, its heading, what it says aloud.

import { Words } from "./words.mjs";

/** @typedef {import("./dom.mjs").Child} Child */

/**
 * What the server puts into the page.
 * @typedef {{ assembly: string, language: string, languages: string[], title: string, board: string,
 *   rehearsal?: boolean, strings: import("./words.mjs").Strings, rules?: Record<string, string[]>,
 *   check?: string, mail?: boolean }} PageData
 */

/**
 * @param {Document} from
 * @param {string} id
 * @returns {PageData}
 */
function readData(from, id) {
  return JSON.parse(from.getElementById(id)?.textContent ?? "");
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

/** The parts of the page that are in the reader's language and not the booth's own. */
const SURROUNDINGS = [".skip-link", ".masthead", ".footing"];

/** The page. */
export class Frame {
  /** @type {() => Child[]} */
  #view = () => [];
  #announcements = byId("announcements");
  #root;
  #suffix = document.title.split(" · ").slice(1).join(" · ");

  /** @param {string} id of the element that the views fill; its data stand in ID-data */
  constructor(id) {
    this.#root = byId(id);
    this.data = readData(document, `${id}-data`);
    this.words = wordsOf(this.data);
    document.addEventListener("click", (event) => changeLanguage(event, this), { capture: true });
  }

  /**
   * Shows a view in place of the one before. Its heading takes the focus.
   * @param {() => Child[]} view drawn again when the language changes
   */
  show(view) {
    this.#view = view;
    this.draw();
    // Otherwise the second click of a double click selects what has come under it.
    getSelection()?.removeAllRanges();
    scrollTo(0, 0);
    this.#root.querySelector("h1")?.focus({ preventScroll: true });
  }

  /** @param {string} text said to those who do not see the page */
  announce(text) {
    this.#announcements.textContent = text;
  }

  /**
   * Turns the page into another language where it stands; nothing that was chosen is lost.
   * @param {string} language
   */
  async turnInto(language) {
    const address = new URL(location.href);
    address.searchParams.set("lang", language);
    address.hash = "";
    const response = await fetch(address, { cache: "no-store" });
    if (!response.ok) throw new Error(`no page in ${language}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    this.data = readData(page, `${this.#root.id}-data`);
    this.words = wordsOf(this.data);
    document.documentElement.lang = page.documentElement.lang;
    for (const selector of SURROUNDINGS) {
      const part = page.querySelector(selector);
      if (part !== null) document.querySelector(selector)?.replaceWith(document.adoptNode(part));
    }
    this.#suffix = page.title.split(" · ").slice(1).join(" · ");
    history.replaceState(history.state, "", address.pathname + address.search);
    this.draw();
  }

  /** Draws the view anew, in the language of now. */
  draw() {
    const children = this.#view().filter((child) => child !== null && child !== undefined);
    this.#root.replaceChildren(.../** @type {Node[]} */ (children.filter((c) => c !== false)));
    const heading = this.#root.querySelector("h1")?.textContent;
    if (heading) document.title = `${heading} · ${this.#suffix}`;
    this.announce("");
  }
}

/**
 * Turns the page where a link would leave it.
 * @param {MouseEvent} event
 * @param {Frame} frame
 */
function changeLanguage(event, frame) {
  const link = event.target instanceof Element && event.target.closest(".languages a[hreflang]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const { hreflang } = link;
  frame.turnInto(hreflang).then(
    () => focusLanguage(hreflang),
    () => frame.announce(frame.words.t("no_connection")),
  );
}

/** @param {string} language */
function focusLanguage(language) {
  const link = document.querySelector(`.languages a[hreflang="${CSS.escape(language)}"]`);
  if (link instanceof HTMLElement) link.focus();
}

/** @param {PageData} data */
function wordsOf({ language, languages, strings }) {
  return new Words(language, languages, strings);
}
