// The one step between choosing and casting: everything that will go into the box.

import { h } from "../dom.mjs";
import { chosen, spare } from "../paper.mjs";
import { choicesOf } from "./choose.mjs";
import { button, head, notice, say, steps } from "./frame.mjs";
import { answerName } from "./question.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../dom.mjs").Child} Child */
/** @typedef {import("./choose.mjs").ChooseState} ChooseState */
/** @typedef {import("../paper.mjs").Paper} Paper */
/** @typedef {import("../paper.mjs").Question} Question */

/**
 * @param {ChooseState} state
 * @param {Child} eyebrow
 * @param {Words} words
 * @param {{ onCast: () => void, onBack: (field: string | null) => void }} actions
 * @returns {Child[]}
 */
export function checkView(state, eyebrow, words, { onCast, onBack }) {
  const included = state.papers.filter((paper) => state.included.has(paper.uuid));
  const rows = included.flatMap((paper) => [
    included.length > 1 && paper.title !== null
      ? h("h2", { class: "paper-title" }, say(words, paper.title))
      : null,
    h(
      "dl",
      { class: "review" },
      ...paper.questions.flatMap((question) => row(state, paper, question, words, onBack)),
    ),
  ]);
  const replaces = included.some(({ voted }) => voted);
  const lead = words.t(replaces ? "check_lead_again" : "check_lead");
  const closes = words.moment(included[0].closes, state.timeZone);
  return [
    steps(words, 1),
    head(eyebrow, words.t("check_title"), h("p", { class: "lead" }, lead)),
    h("div", { class: "card" }, ...rows),
    h("p", { class: "muted" }, `${words.t("secret_note")} ${words.t("again_note", { closes })}`),
    h(
      "div",
      { class: "actions" },
      button(words.t("cast_button"), onCast, "big"),
      button(words.t("back_button"), () => onBack(null), "secondary outline"),
    ),
  ];
}

/**
 * @param {ChooseState} state
 * @param {Paper} paper
 * @param {Question} question
 * @param {Words} words
 * @param {(field: string) => void} onBack
 * @returns {HTMLElement[]}
 */
function row(state, paper, question, words, onBack) {
  const set = chosen(choicesOf(state, paper), question);
  const rest = spare(question, set);
  const title = say(words, question.title);
  const label = words.t("change_question", { title: words.say(question.title).text });
  const change = h(
    "button",
    {
      type: "button",
      class: "link",
      "aria-label": label,
      onclick: () => onBack(`${paper.uuid}-${question.id}`),
    },
    words.t("change"),
  );
  const names = [...question.options.map((option) => option.id), "@blank"]
    .filter((id) => set.has(id))
    .map((id) => answerName(question, words, id));
  const said =
    names.length === 1
      ? h("p", { class: "review-answer" }, names[0])
      : h("ul", { class: "review-answer" }, ...names.map((name) => h("li", {}, name)));
  return [
    h("dt", {}, title),
    h(
      "dd",
      {},
      h("div", { class: "review-row" }, said, change),
      rest > 0 && notice("warn", h("p", {}, words.n("under", rest))),
    ),
  ];
}
