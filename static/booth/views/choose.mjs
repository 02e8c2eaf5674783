// The ballot papers: what can be voted on now, later, and no more.

import { h } from "../dom.mjs";
import { abstainFromTheRest, chosen, unanswered } from "../paper.mjs";
import { button, head, notice, say, steps } from "./frame.mjs";
import { explanation, heading, markUnanswered, questionField } from "./question.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../dom.mjs").Child} Child */
/** @typedef {import("../paper.mjs").Paper} Paper */
/** @typedef {import("../paper.mjs").Choices} Choices */
/** @typedef {import("./question.mjs").Surroundings} Surroundings */

/**
 * @typedef {object} ChooseState
 * @property {Paper[]} papers
 * @property {Set<string>} included uuids of the papers voted on in this round
 * @property {Map<string, Choices>} choices by uuid
 * @property {string} name of the member whose ballot it is
 * @property {boolean} behalf whether somebody else fills it in for them
 * @property {string | null} representedBy who has a mandate to vote for the member
 * @property {string} timeZone
 * @property {string} board address of the assembly's page
 * @property {string} check address where ballots are looked up
 */

/**
 * @param {ChooseState} state
 * @param {Child} eyebrow
 * @param {Surroundings} around
 * @param {{ onCheck: () => void, onInclude: (uuid: string) => void,
 *   around: { above: Child[], below: Child[] } }} actions `around`: what stands around the papers
 * @returns {Child[]}
 */
export function chooseView(state, eyebrow, around, actions) {
  const { onCheck, onInclude } = actions;
  const { above, below } = actions.around;
  const { words } = around;
  const included = state.papers.filter((paper) => state.included.has(paper.uuid));
  const total = included.reduce((sum, paper) => sum + paper.questions.length, 0);
  const summary = h("div", { id: "summary", tabindex: -1, role: "group", hidden: true });
  const answered = h("p", { class: "answered muted" });
  const showAnswered = () => {
    const open = included.flatMap((paper) => unanswered(paper, choicesOf(state, paper)));
    answered.textContent = words.n("answered", total - open.length, { total });
  };
  const changing = {
    ...around,
    onChange: () => {
      around.onChange();
      showAnswered();
    },
  };
  showAnswered();
  let number = 0;
  const sections = state.papers.map((paper) => {
    if (!included.includes(paper)) return otherPaper(paper, state, around, onInclude);
    const fields = paper.questions.map((question) => {
      number += 1;
      const set = chosen(choicesOf(state, paper), question);
      return questionField(paper.uuid, question, { n: number, total }, set, changing);
    });
    return h("section", {}, paperHeading(paper, state, words), ...fields);
  });
  if (included.length === 0) {
    const none = state.papers.length === 0 && notice("info", h("p", {}, words.t("no_papers")));
    const title = titleWithoutBallot(state, words);
    return [head(eyebrow, title), none, ...above, ...sections, ...below];
  }
  const check = () => {
    const open = included.flatMap((paper) =>
      unanswered(paper, choicesOf(state, paper)).map((question) => ({ paper, question })),
    );
    if (open.length === 0) return onCheck();
    fillSummary(summary, open, words, () => {
      for (const paper of included) abstainFromTheRest(paper, choicesOf(state, paper));
      onCheck();
    });
    for (const { paper, question } of open) {
      const field = document.getElementById(`${paper.uuid}-${question.id}`);
      if (field !== null) markUnanswered(field);
    }
    summary.hidden = false;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  };
  const closes = words.moment(included[0].closes, state.timeZone);
  return [
    steps(words, 0),
    head(
      eyebrow,
      words.t(state.behalf ? "behalf_title" : "hello", { name: state.name }),
      h("p", { class: "lead" }, words.n("agenda_lead", total)),
      h("p", { class: "muted" }, words.t("closes", { closes })),
    ),
    ...above,
    summary,
    h(
      "form",
      {
        novalidate: true,
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          check();
        },
      },
      ...sections,
      h(
        "div",
        { class: "actions actions--sticky" },
        h("button", { type: "submit", class: "big" }, words.t("check_button")),
        answered,
      ),
    ),
    ...below,
  ];
}

/**
 * @param {ChooseState} state
 * @param {Paper} paper
 * @returns {Choices}
 */
export function choicesOf(state, paper) {
  let choices = state.choices.get(paper.uuid);
  if (choices === undefined) {
    choices = new Map();
    state.choices.set(paper.uuid, choices);
  }
  return choices;
}

/**
 * @param {ChooseState} state
 * @param {Words} words
 * @returns {string}
 */
function titleWithoutBallot({ papers, representedBy }, words) {
  if (papers.length === 0) return words.t("no_papers_title");
  if (representedBy !== null && papers.some((paper) => isLeft(representedBy, paper))) {
    return words.t("represented_title", { name: representedBy });
  }
  if (papers.some(({ state, voted }) => state === "open" && voted)) return words.t("voted_title");
  if (papers.some(({ state }) => state === "before")) return words.t("before_title");
  return words.t("closed_title");
}

/**
 * @param {string | null} holder
 * @param {Paper} paper
 * @returns {boolean} whether the member leaves an open paper to whoever represents them
 */
function isLeft(holder, { state, voted }) {
  return holder !== null && state === "open" && !voted;
}

/**
 * The heading of a paper that has a title of its own.
 * @param {Paper} paper
 * @param {ChooseState} state
 * @param {Words} words
 * @returns {Child}
 */
function paperHeading(paper, { papers }, words) {
  if (paper.title === null || papers.length === 1) return null;
  return h("p", { class: "paper-title" }, say(words, paper.title));
}

/**
 * A paper that is not being filled in, and why.
 * @param {Paper} paper
 * @param {ChooseState} state
 * @param {Surroundings} around
 * @param {(uuid: string) => void} onInclude
 * @returns {HTMLElement}
 */
function otherPaper(paper, state, around, onInclude) {
  const { words } = around;
  const opens = words.moment(paper.opens, state.timeZone);
  const closes = words.moment(paper.closes, state.timeZone);
  const title = paperHeading(paper, state, words);
  if (isLeft(state.representedBy, paper)) {
    return h(
      "section",
      {},
      title,
      h("p", {}, words.t("represented", { closes })),
      h(
        "div",
        { class: "actions" },
        button(words.t("vote_myself"), () => onInclude(paper.uuid), "secondary"),
      ),
    );
  }
  if (paper.state === "open") {
    return h(
      "section",
      {},
      title,
      notice("ok", h("p", {}, words.t("voted", { closes }))),
      h(
        "div",
        { class: "actions" },
        button(words.t("vote_again"), () => onInclude(paper.uuid), "secondary"),
      ),
      h("p", {}, h("a", { href: state.check }, words.t("check_link"))),
      h("p", {}, h("a", { href: state.board }, words.t("board_link"))),
    );
  }
  if (paper.state === "before") {
    return h(
      "section",
      {},
      title,
      notice("info", h("p", {}, words.t("before", { opens }))),
      ...readOnly(paper, around),
    );
  }
  const closed = words.t(paper.voted ? "closed_voted" : "closed");
  return h(
    "section",
    {},
    title,
    notice("info", h("p", {}, closed)),
    paper.voted && h("p", {}, h("a", { href: state.check }, words.t("check_link"))),
    h("p", {}, h("a", { href: state.board }, words.t("board_link"))),
  );
}

/**
 * The questions, to be read before voting opens.
 * @param {Paper} paper
 * @param {Surroundings} around
 * @returns {HTMLElement[]}
 */
function readOnly(paper, around) {
  const total = paper.questions.length;
  return paper.questions.map((question, index) =>
    h(
      "article",
      { class: "question" },
      heading(question, { n: index + 1, total }, around.words),
      ...explanation(question, around),
    ),
  );
}

/**
 * What is not answered yet, with a way to each question, and one to abstain from all of them.
 * @param {HTMLElement} summary
 * @param {{ paper: Paper, question: import("../paper.mjs").Question }[]} open
 * @param {Words} words
 * @param {() => void} onAbstain
 */
function fillSummary(summary, open, words, onAbstain) {
  const items = open.map(({ paper, question }) => {
    const id = `${paper.uuid}-${question.id}`;
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      const input = document.getElementById(id)?.querySelector("input");
      input?.focus();
      document.getElementById(id)?.scrollIntoView({ block: "start" });
    };
    return h("li", {}, h("a", { href: `#${id}`, onclick: go }, say(words, question.title)));
  });
  summary.replaceChildren(
    notice(
      "error",
      h("h2", { id: "summary-title" }, words.n("open_title", open.length)),
      h("ul", {}, ...items),
      h("p", {}, words.t("open_rest")),
      h("div", { class: "actions" }, button(words.t("open_rest_button"), onAbstain, "secondary")),
    ),
  );
  summary.setAttribute("aria-labelledby", "summary-title");
}
