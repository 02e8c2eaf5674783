// One question: what is asked, and the answers that can be chosen.

import { h, prose } from "../dom.mjs";
import { BLANK, isSingle } from "../paper.mjs";
import { say } from "./frame.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../paper.mjs").Question} Question */
/** @typedef {import("../paper.mjs").Option} Option */

/**
 * What a question needs to know of its surroundings.
 * @typedef {object} Surroundings
 * @property {Words} words
 * @property {string} photos address under which pictures are
 * @property {Map<string, Record<string, string>>} colleges names by id
 * @property {Map<string, string[]>} rules how each question is decided, in sentences
 * @property {(text: string) => void} announce says something to those who do not see the page
 * @property {() => void} onChange
 */

/**
 * @param {Question} question
 * @param {Words} words
 * @param {string} id
 * @returns {HTMLElement | string} the name of an answer
 */
export function answerName(question, words, id) {
  if (id === BLANK) return words.t("blank");
  const title = question.options.find((option) => option.id === id)?.title;
  return title === null || title === undefined ? words.t(id) : say(words, title);
}

/**
 * @param {Question} question
 * @param {Surroundings} around
 * @returns {HTMLElement[]} text and rule
 */
export function explanation(question, { words, rules }) {
  const text = question.text === null ? null : words.say(question.text);
  const rule = rules.get(question.id) ?? [];
  // What decides a resolution belongs beside it; the rest is for those who want to know.
  const shown = question.type === "election" ? 0 : 2;
  const [first, rest] = [rule.slice(0, shown), rule.slice(shown)];
  return [
    ...(text === null
      ? []
      : [
          h(
            "div",
            { class: "question-text", lang: text.lang },
            ...prose(text.text, words.t("new_window")),
          ),
        ]),
    ...(first.length === 0 ? [] : [h("p", { class: "question-rule" }, first.join(" "))]),
    ...(rest.length === 0
      ? []
      : [
          h(
            "details",
            { class: "question-more" },
            h("summary", {}, words.t("rule")),
            h("ul", {}, ...rest.map((sentence) => h("li", {}, sentence))),
          ),
        ]),
  ];
}

/**
 * @param {Question} question
 * @param {{ n: number, total: number }} place
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function heading(question, place, words) {
  return h(
    "h2",
    {},
    h("span", { class: "question-number" }, words.t("question_number", place)),
    say(words, question.title),
  );
}

/**
 * @param {string} prefix makes ids of the page unique
 * @param {Question} question
 * @param {{ n: number, total: number }} place
 * @param {Set<string>} chosen changed as the reader chooses
 * @param {Surroundings} around
 * @returns {HTMLFieldSetElement}
 */
export function questionField(prefix, question, place, chosen, around) {
  const id = `${prefix}-${question.id}`;
  const error = h("p", { id: `${id}-error`, class: "field-error", hidden: true });
  error.textContent = around.words.t("open_question");
  const answers = isSingle(question)
    ? singleAnswers(id, question, chosen, around)
    : nameAnswers(id, question, chosen, around);
  const field = h(
    "fieldset",
    { class: "question", id, "aria-describedby": `${id}-error` },
    h("legend", {}, heading(question, place, around.words)),
    ...explanation(question, around),
    error,
    ...answers,
  );
  field.addEventListener("change", () => {
    if (chosen.size > 0) error.hidden = true;
  });
  return field;
}

/**
 * Shows that an answer is missing.
 * @param {HTMLElement} field
 */
export function markUnanswered(field) {
  const error = field.querySelector(".field-error");
  if (error instanceof HTMLElement) error.hidden = false;
}

/** A sign beside a word, for those who look before they read; never colour alone. */
const SIGNS = /** @type {Record<string, string>} */ ({
  for: "+",
  against: "−",
  abstain: "○",
  consent: "+",
  reservations: "±",
  objection: "−",
});

/** Which of the page's colours an answer has. */
const COLOURS = /** @type {Record<string, string>} */ ({
  for: "for",
  consent: "for",
  against: "against",
  objection: "against",
  abstain: "abstain",
  [BLANK]: "blank",
});

/**
 * @param {string} id
 * @param {Question} question
 * @param {Set<string>} chosen
 * @param {Surroundings} around
 * @returns {HTMLElement[]}
 */
function singleAnswers(id, question, chosen, around) {
  const ids = [...question.options.map((option) => option.id), ...(question.blank ? [BLANK] : [])];
  const { words } = around;
  const cards = ids.map((answer) => {
    const note = noteOf(question, answer, words);
    const input = h("input", { type: "radio", name: id, value: answer });
    input.checked = chosen.has(answer);
    input.addEventListener("change", () => {
      chosen.clear();
      chosen.add(answer);
      around.onChange();
    });
    const sign = SIGNS[answer];
    return h(
      "label",
      { class: `choice choice--${COLOURS[answer] ?? "other"}` },
      input,
      h(
        "span",
        { class: "choice-body" },
        h(
          "span",
          { class: "choice-name" },
          answerName(question, words, answer),
          sign !== undefined && h("span", { class: "choice-sign", "aria-hidden": "true" }, sign),
        ),
        note !== null && h("span", { class: "choice-note" }, note),
      ),
    );
  });
  const row = question.type === "resolution" ? "choices choices--row" : "choices";
  return [h("div", { class: row }, ...cards)];
}

/**
 * @param {Question} question
 * @param {string} answer
 * @param {Words} words
 * @returns {string | null}
 */
function noteOf(question, answer, words) {
  if (answer === BLANK) {
    return words.t(question.type === "election" ? "blank_names" : "blank_answers");
  }
  return question.type === "consent" ? words.t(`${answer}_note`) : null;
}

/**
 * @param {string} id
 * @param {Question} question
 * @param {Set<string>} chosen
 * @param {Surroundings} around
 * @returns {HTMLElement[]}
 */
function nameAnswers(id, question, chosen, around) {
  const { words, announce, onChange } = around;
  const { max } = question;
  const count = h("p", { class: "count" });
  const warning = h("p", { class: "field-error", hidden: true });
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();

  const show = () => {
    for (const [answer, box] of boxes) box.checked = chosen.has(answer);
    const blank = chosen.has(BLANK);
    const full = !blank && chosen.size === max;
    count.classList.toggle("count--full", full);
    count.textContent = blank ? words.t("count_blank") : words.n("count", chosen.size, { max });
    if (full) count.textContent = words.t("count_full", { max });
  };

  const choose = (/** @type {string} */ answer, /** @type {string} */ name) => {
    warning.hidden = true;
    if (chosen.delete(answer)) {
      // taken back
    } else if (answer === BLANK) {
      const cleared = chosen.size > 0;
      chosen.clear();
      chosen.add(BLANK);
      if (cleared) announce(words.t("blank_clears"));
    } else if (chosen.delete(BLANK)) {
      chosen.add(answer);
      announce(words.t("name_clears_blank", { name }));
    } else if (chosen.size === max) {
      // More cannot be chosen: the box stays empty, and the reason stands beside it.
      warning.textContent = words.n("over", max, { name });
      warning.hidden = false;
      boxes.get(answer)?.closest("label")?.after(warning);
      warning.scrollIntoView({ block: "nearest" });
      announce(warning.textContent);
      return show();
    } else {
      chosen.add(answer);
    }
    show();
    onChange();
    announce(count.textContent ?? "");
  };

  const people = question.options.map((option) => candidate(id, option, boxes, choose, around));
  const blank = blankBox(id, boxes, choose, words);
  show();
  return [
    h("p", { class: "muted" }, `${words.n("election_limit", max)} ${words.t("election_order")}`),
    h("div", { class: "count-bar" }, count),
    h("ul", { class: "portraits candidates", role: "list" }, ...people),
    ...(question.blank ? [blank] : []),
  ];
}

/**
 * @param {string} id
 * @param {Option} option
 * @param {Map<string, HTMLInputElement>} boxes
 * @param {(answer: string, name: string) => void} choose
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
function candidate(id, option, boxes, choose, { words, photos, colleges }) {
  const name = String(option.title);
  const college = option.college === null ? undefined : colleges.get(option.college);
  const input = h("input", { type: "checkbox", name: id, value: option.id });
  input.addEventListener("change", () => choose(option.id, name));
  boxes.set(option.id, input);
  const said = option.statement === null ? null : words.say(option.statement);
  return h(
    "li",
    { class: "candidate" },
    h(
      "label",
      { class: "portrait" },
      input,
      h(
        "span",
        { class: "portrait-body" },
        face(option, photos),
        h("span", { class: "portrait-name" }, name),
        college !== undefined && h("span", { class: "portrait-note" }, say(words, college)),
      ),
    ),
    said !== null &&
      h(
        "details",
        { class: "portrait-more" },
        h(
          "summary",
          {},
          words.t("statement"),
          h("span", { class: "visually-hidden" }, `: ${name}`),
        ),
        h("div", { lang: said.lang }, ...prose(said.text, words.t("new_window"))),
      ),
  );
}

/**
 * @param {Option} option
 * @param {string} photos
 * @returns {HTMLElement}
 */
function face({ photo, title }, photos) {
  if (photo !== null) {
    const src = photos + photo.replace(/^photos\//, "").replaceAll("/", "%2F");
    return h("img", {
      class: "portrait-face",
      src,
      alt: "",
      width: 88,
      height: 88,
      loading: "lazy",
      decoding: "async",
    });
  }
  const parts = String(title).split(/\s+/).filter(Boolean);
  const initials = [parts[0], ...parts.slice(1).slice(-1)].map((part) => [...part][0]).join("");
  return h("span", { class: "portrait-initials", "aria-hidden": "true" }, initials.toUpperCase());
}

/**
 * @param {string} id
 * @param {Map<string, HTMLInputElement>} boxes
 * @param {(answer: string, name: string) => void} choose
 * @param {Words} words
 * @returns {HTMLElement}
 */
function blankBox(id, boxes, choose, words) {
  const input = h("input", { type: "checkbox", name: id, value: BLANK });
  input.addEventListener("change", () => choose(BLANK, words.t("blank")));
  boxes.set(BLANK, input);
  return h(
    "label",
    { class: "choice choice--blank" },
    input,
    h(
      "span",
      { class: "choice-body" },
      h("span", { class: "choice-name" }, words.t("blank")),
      h("span", { class: "choice-note" }, words.t("blank_names")),
    ),
  );
}
