// The projector: moves between slides with the arrow keys, and asks every few seconds for numbers.
// The server writes every word; when the assembly enters another stage the page is loaded again.

/**
 * @typedef {{ voters: string, percent: string, part: number }} Turnout
 * @typedef {{ percent: string, part: number, reached: boolean }} Quorum
 * @typedef {Turnout & { ballot: string, colleges: Turnout[], quorum: Quorum | null }} Paper
 * @typedef {{ stage: string, step: number, counted: string, part: number, trustees: boolean[],
 *   papers: Paper[] }} Numbers what vote/web/pages/screen.py answers
 */

const EVERY = 3000; // milliseconds between two questions to the server
const PATIENCE = 4; // failures in a row before the room is told
const THEME = "screen-theme"; // where this device remembers light or dark

/**
 * @param {ParentNode} parent
 * @param {string} selector
 * @returns {HTMLElement}
 */
function find(parent, selector) {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page lacks ${selector}`);
  return found;
}

const main = find(document, "main");
const late = find(document, "[data-late]");
/** @type {HTMLElement[]} */
const slides = [...document.querySelectorAll("[data-slide]")].filter(
  (element) => element instanceof HTMLElement,
);
let shown = 0;
let failures = 0;

/** @param {number} index the slide to show, counted from 0 */
function show(index) {
  shown = Math.min(Math.max(index || 0, 0), slides.length - 1);
  slides.forEach((slide, at) => {
    slide.hidden = at !== shown;
  });
  find(document, "[data-where]").textContent = `${shown + 1} / ${slides.length}`;
  history.replaceState(null, "", shown ? `#${shown + 1}` : location.pathname + location.search);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowRight: () => show(shown + 1),
  PageDown: () => show(shown + 1),
  " ": () => show(shown + 1),
  ArrowLeft: () => show(shown - 1),
  PageUp: () => show(shown - 1),
  Home: () => show(0),
  End: () => show(slides.length - 1),
};

/** @param {KeyboardEvent} event */
function pressed(event) {
  const onControl = event.target instanceof Element && event.target.closest("a, button");
  if (event.altKey || event.ctrlKey || event.metaKey || (onControl && event.key === " ")) return;
  const move = KEYS[event.key];
  if (move) {
    event.preventDefault();
    move();
  }
}

/**
 * @param {Element | null} holder of a bar, whose second piece grows
 * @param {number} units of the drawing
 */
function lengthen(holder, units) {
  holder?.querySelector("rect:nth-of-type(2)")?.setAttribute("width", String(units));
}

/**
 * @param {Element} holder
 * @param {string} selector
 * @param {string} text
 */
function write(holder, selector, text) {
  const place = holder.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

/**
 * @param {HTMLElement} slide
 * @param {Paper} paper
 */
function fill(slide, paper) {
  write(slide, "[data-voters]", paper.voters);
  write(slide, ".live-percent", paper.percent);
  lengthen(slide.querySelector(".live > [data-bar]"), paper.part);
  slide.querySelectorAll("[data-college]").forEach((row, at) => {
    const college = paper.colleges[at];
    if (!college) return;
    write(row, "[data-percent]", college.percent);
    lengthen(row.querySelector("[data-bar]"), college.part);
  });
  const quorum = slide.querySelector("[data-quorum]");
  if (quorum && paper.quorum) {
    quorum.classList.toggle("reached", paper.quorum.reached);
    write(quorum, "[data-quorum-percent]", paper.quorum.percent);
    lengthen(quorum, paper.quorum.part);
  }
}

/** @param {Numbers} numbers */
function changed(numbers) {
  const trustees = [...document.querySelectorAll("[data-trustee]")];
  return (
    numbers.stage !== main.dataset.stage ||
    String(numbers.step) !== main.dataset.step ||
    trustees.some((row, at) => row.classList.contains("done") !== numbers.trustees[at])
  );
}

/** @returns {Promise<Numbers>} */
async function ask() {
  const address = main.dataset.numbers ?? "";
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function refresh() {
  try {
    const numbers = await ask();
    failures = 0;
    if (changed(numbers)) {
      location.reload();
      return;
    }
    for (const paper of numbers.papers) {
      const slide = slides.find((each) => each.dataset.paper === paper.ballot);
      if (slide) fill(slide, paper);
    }
    write(main, "[data-counted]", numbers.counted);
    lengthen(main.querySelector(".screen-steps [data-bar]"), numbers.part);
  } catch {
    failures += 1;
  }
  late.hidden = failures < PATIENCE;
  setTimeout(refresh, EVERY);
}

/** @param {string} theme light or dark */
function light(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(THEME, theme);
}

if (slides.length > 1) {
  const moves = find(document, ".screen-moves");
  moves.hidden = false;
  moves.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-move]");
    if (button instanceof HTMLElement) show(shown + Number(button.dataset.move));
  });
  document.addEventListener("keydown", pressed);
  show(Number(location.hash.slice(1)) - 1);
}
light(localStorage.getItem(THEME) === "light" ? "light" : "dark");
find(document, "[data-light]").addEventListener("click", () => {
  light(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
});
if (main.dataset.stage !== "decided") setTimeout(refresh, EVERY);
