// The projector: moves between slides with the arrow keys, and asks every few seconds for numbers.
// The server writes every word; when the assembly enters another stage the page is loaded again.

const EVERY = 3000; // milliseconds between two questions to the server
const PATIENCE = 4; // failures in a row before the room is told

const main = document.getElementById("main");
const slides = [...document.querySelectorAll("[data-slide]")];
const moves = document.querySelector(".screen-moves");
const where = document.querySelector("[data-where]");
const late = document.querySelector("[data-late]");
let shown = 0;
let failures = 0;

function show(index) {
  shown = Math.min(Math.max(index, 0), slides.length - 1);
  slides.forEach((slide, at) => {
    slide.hidden = at !== shown;
  });
  where.textContent = `${shown + 1} / ${slides.length}`;
  history.replaceState(null, "", shown ? `#${shown + 1}` : location.pathname + location.search);
}

const KEYS = {
  ArrowRight: () => show(shown + 1),
  PageDown: () => show(shown + 1),
  " ": () => show(shown + 1),
  ArrowLeft: () => show(shown - 1),
  PageUp: () => show(shown - 1),
  Home: () => show(0),
  End: () => show(slides.length - 1),
};

function pressed(event) {
  const onControl = event.target instanceof Element && event.target.closest("a, button");
  if (event.altKey || event.ctrlKey || event.metaKey || (onControl && event.key === " ")) return;
  const move = KEYS[event.key];
  if (move) {
    event.preventDefault();
    move();
  }
}

function lengthen(holder, units) {
  const bar = holder?.querySelector("rect:nth-of-type(2)");
  bar?.setAttribute("width", String(units));
}

function write(holder, selector, text) {
  const place = holder?.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

function fill(slide, paper) {
  write(slide, "[data-voters]", paper.voters);
  write(slide, ".live-percent [data-percent]", paper.percent);
  lengthen(slide.querySelector(".live > [data-bar]"), paper.part);
  slide.querySelectorAll("[data-college]").forEach((row, at) => {
    write(row, "[data-percent]", paper.colleges[at].percent);
    lengthen(row.querySelector("[data-bar]"), paper.colleges[at].part);
  });
  const quorum = slide.querySelector("[data-quorum]");
  if (quorum && paper.quorum) {
    quorum.classList.toggle("reached", paper.quorum.reached);
    write(quorum, "[data-quorum-percent]", paper.quorum.percent);
    lengthen(quorum, paper.quorum.part);
  }
}

function progress(numbers) {
  write(main, "[data-counted]", numbers.counted);
  lengthen(main.querySelector(".screen-steps [data-bar]"), numbers.part);
}

function changed(numbers) {
  const trustees = [...document.querySelectorAll("[data-trustee]")];
  return (
    numbers.stage !== main.dataset.stage ||
    String(numbers.step) !== main.dataset.step ||
    trustees.some((row, at) => row.classList.contains("done") !== numbers.trustees[at])
  );
}

async function refresh() {
  try {
    const answer = await fetch(main.dataset.numbers, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const numbers = await answer.json();
    failures = 0;
    if (changed(numbers)) {
      location.reload();
      return;
    }
    for (const paper of numbers.papers) {
      const slide = slides.find((each) => each.dataset.paper === paper.ballot);
      if (slide) fill(slide, paper);
    }
    progress(numbers);
  } catch {
    failures += 1;
  }
  late.hidden = failures < PATIENCE;
  setTimeout(refresh, EVERY);
}

function lighting() {
  const root = document.documentElement;
  const set = (theme) => {
    root.dataset.theme = theme;
    localStorage.setItem("screen-theme", theme);
  };
  set(localStorage.getItem("screen-theme") === "light" ? "light" : "dark");
  document
    .querySelector("[data-light]")
    .addEventListener("click", () => set(root.dataset.theme === "dark" ? "light" : "dark"));
}

if (slides.length > 1) {
  moves.hidden = false;
  for (const button of moves.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => show(shown + Number(button.dataset.move)));
  }
  document.addEventListener("keydown", pressed);
  show(Number(location.hash.slice(1) || 1) - 1);
}
lighting();
if (main.dataset.stage !== "decided") setTimeout(refresh, EVERY);
