// What a trustee sees: a list of steps, one of them in work.

import { h } from "../booth/dom.mjs";
import { groups } from "../booth/receipt.mjs";
import { button, head, notice } from "../booth/views/frame.mjs";

/** @typedef {import("../booth/words.mjs").Words} Words */
/** @typedef {import("../booth/dom.mjs").Child} Child */
/** @typedef {import("./verify.mjs").Verified} Verified */

/**
 * @typedef {object} KeyState
 * @property {string} file name of the key's file
 * @property {Uint8Array | null} fileData
 * @property {string | null} published the public half
 * @property {boolean} checked whether the saved file was read again
 * @property {string | null} fault key of what is wrong with the file that was chosen
 */

/**
 * @typedef {object} OpenState
 * @property {number} count of the elections to open
 * @property {bigint | null} privateKey
 * @property {string | null} fault
 * @property {{ name: import("./verify.mjs").Step, done: number, total: number, place: number,
 *   of: number } | null} step
 * @property {(() => void) | null} [onStep] shows the step where it stands
 * @property {Verified[] | null} verified
 * @property {any} definition
 * @property {import("./verify.mjs").Board | null} board
 */

/** A sum of fewer ballots than this may show how somebody voted. */
const FEW = 5;

/**
 * @param {"done" | "now" | "later"} state
 * @param {string} title
 * @param {...Child} content
 * @returns {HTMLElement}
 */
function item(state, title, ...content) {
  const current = state === "now" && "step";
  return h("li", { class: state, "aria-current": current }, h("h2", {}, title), ...content);
}

/**
 * @param {Words} words
 * @param {string | null} faultKey
 * @param {(data: Uint8Array) => void} onFile
 * @returns {HTMLElement}
 */
function fileField(words, faultKey, onFile) {
  const input = h("input", {
    id: "key-file",
    type: "file",
    accept: ".json,.privkey,application/json",
    "aria-describedby": faultKey === null ? null : "key-file-error",
    "aria-invalid": faultKey !== null && "true",
    onchange: async () => {
      const file = input.files?.[0];
      if (file !== undefined) onFile(new Uint8Array(await file.arrayBuffer()));
    },
  });
  return h(
    "div",
    {},
    h("label", { for: "key-file" }, words.t("key_file_label")),
    input,
    faultKey !== null &&
      h("p", { id: "key-file-error", class: "field-error", role: "alert" }, words.t(faultKey)),
  );
}

/** @param {KeyState} state */
function save({ file, fileData }) {
  if (fileData === null) return;
  const blob = new Blob([new Uint8Array(fileData)], { type: "application/json" });
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * @param {Words} words
 * @param {Child} eyebrow
 * @param {KeyState} state
 * @param {{ onMake: () => void, onFile: (data: Uint8Array) => void, onHandIn: () => void }} actions
 * @returns {Child[]}
 */
export function keyView(words, eyebrow, state, { onMake, onFile, onHandIn }) {
  const made = state.fileData !== null;
  const make = () => {
    onMake();
    save(state);
  };
  return [
    head(eyebrow, words.t("key_title"), h("p", { class: "lead" }, words.t("key_lead"))),
    h("p", {}, words.t("explain")),
    h(
      "ol",
      { class: "checklist" },
      made
        ? item(
            "done",
            words.t("key_make"),
            h("p", {}, words.t("key_made", { file: state.file })),
            button(words.t("key_save_again"), () => save(state), "link"),
          )
        : item(
            "now",
            words.t("key_make"),
            h("p", {}, words.t("key_make_text")),
            button(words.t("key_make_button"), make, "big"),
          ),
      item(
        state.checked ? "done" : made ? "now" : "later",
        words.t("key_check"),
        made && !state.checked && h("p", {}, words.t("key_check_text")),
        made && !state.checked && fileField(words, state.fault, onFile),
        state.checked && h("p", {}, words.t("file_good"), " ", words.t("key_keep")),
      ),
      item(
        state.checked ? "now" : "later",
        words.t("key_hand_in"),
        state.checked && h("p", {}, words.t("key_hand_in_text")),
        state.checked && button(words.t("key_hand_in_button"), onHandIn, "big"),
      ),
    ),
  ];
}

/**
 * @param {Words} words
 * @param {Child} eyebrow
 * @param {(data: Uint8Array) => string | null} faultOf
 * @returns {Child[]}
 */
export function waitingView(words, eyebrow, faultOf) {
  const answer = h("div", { role: "status" });
  const onFile = (/** @type {Uint8Array} */ data) => {
    const fault = faultOf(data);
    const text = h("p", {}, words.t(fault ?? "file_good"));
    answer.replaceChildren(notice(fault === null ? "ok" : "error", text));
  };
  return [
    head(eyebrow, words.t("waiting_title"), h("p", { class: "lead" }, words.t("waiting"))),
    h(
      "section",
      { class: "card" },
      h("h2", {}, words.t("waiting_check")),
      h("p", {}, words.t("waiting_check_text")),
      fileField(words, null, onFile),
      answer,
    ),
  ];
}

/**
 * @param {Words} words
 * @param {Child} eyebrow
 * @param {OpenState} state
 * @param {{ onFile: (data: Uint8Array) => void, onVerify: () => void, onHandIn: () => void }} actions
 * @returns {Child[]}
 */
export function openView(words, eyebrow, state, { onFile, onVerify, onHandIn }) {
  const hasKey = state.privateKey !== null;
  const verified = state.verified !== null;
  return [
    head(
      eyebrow,
      words.t("open_title"),
      h("p", { class: "lead" }, words.n("open_lead", state.count)),
    ),
    h("p", {}, words.t("explain")),
    h(
      "ol",
      { class: "checklist" },
      hasKey
        ? item("done", words.t("open_key"), h("p", {}, words.t("file_good")))
        : item("now", words.t("open_key"), fileField(words, state.fault, onFile)),
      item(
        verified ? "done" : hasKey ? "now" : "later",
        words.t("open_verify"),
        h("p", {}, words.t("open_verify_text")),
        hasKey && !verified && verifying(words, state, onVerify),
      ),
      item(
        verified ? "now" : "later",
        words.t("open_hand_in"),
        ...(verified ? handIn(words, state, onHandIn) : []),
      ),
    ),
  ];
}

/**
 * @param {Words} words
 * @param {OpenState} state
 * @param {() => void} onVerify
 * @returns {HTMLElement}
 */
function verifying(words, state, onVerify) {
  if (state.step === null) return button(words.t("open_verify_button"), onVerify, "big");
  const bar = h("progress", { max: 1, "aria-labelledby": "verify-now" });
  const now = h("p", { id: "verify-now" });
  state.onStep = () => {
    if (state.step === null) return;
    const { name, done, total, place, of } = state.step;
    now.textContent = words.t(`step_${name}`, { done, total });
    bar.value = (place + shareOf(name, done, total)) / of;
  };
  state.onStep();
  return h("div", { class: "work" }, bar, now);
}

/**
 * @param {import("./verify.mjs").Step} name
 * @param {number} done
 * @param {number} total
 * @returns {number} how much of an election's verification that is, from 0 to 1
 */
function shareOf(name, done, total) {
  const share = total === 0 ? 0 : done / total;
  if (name === "download") return 0.1 * share;
  if (name === "structure") return 0.1 + 0.05 * share;
  if (name === "ballots") return 0.15 + 0.8 * share;
  return 0.95;
}

/**
 * @param {Words} words
 * @param {OpenState} state
 * @param {() => void} onHandIn
 * @returns {Child[]}
 */
function handIn(words, state, onHandIn) {
  const list = state.verified ?? [];
  const few = list.filter(({ counted }) => counted > 0 && counted < FEW);
  const agree = h("input", { type: "checkbox", id: "few-agree" });
  const submit = h("button", { type: "button", class: "big", onclick: onHandIn });
  submit.textContent = words.t("open_hand_in_button");
  submit.disabled = few.length > 0;
  agree.addEventListener("change", () => {
    submit.disabled = !agree.checked;
  });
  const warnings = few.map((each) => {
    const paper = paperName(each, state.definition, words);
    return h("p", {}, words.n(paper === "" ? "few_only" : "few", each.counted, { paper }));
  });
  return [
    h("p", {}, words.t("open_hand_in_text")),
    table(words, list, state.definition),
    ...seal(words, state.board),
    few.length > 0 &&
      notice(
        "warn",
        ...warnings,
        h("label", { for: "few-agree" }, agree, " ", words.t("few_agree")),
      ),
    h("div", { class: "actions" }, submit),
  ];
}

/**
 * What trustees compare among themselves, so that nobody is shown a box of their own.
 * @param {Words} words
 * @param {import("./verify.mjs").Board | null} board
 * @returns {HTMLElement[]}
 */
function seal(words, board) {
  if (board === null) return [];
  const { size, root } = board.sums;
  const parts = groups(root).map((group) => h("span", {}, group));
  return [
    h("p", {}, words.t("seal", { size })),
    h("p", {}, h("code", { class: "tracker" }, ...parts)),
  ];
}

/**
 * @param {Words} words
 * @param {Verified[]} list
 * @param {any} definition
 * @returns {HTMLElement}
 */
function table(words, list, definition) {
  const names = list.map((each) => paperName(each, definition, words));
  const named = names.some((name) => name !== "");
  const columns = ["column_cast", "column_counted", "column_enrolled"];
  const number = (/** @type {number} */ value) =>
    h("td", { class: "num" }, value.toLocaleString(words.locale));
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.t("table") },
    h(
      "table",
      {},
      h("caption", {}, words.t("table")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          named && h("th", { scope: "col" }, words.t("column_paper")),
          ...columns.map((column) => h("th", { scope: "col", class: "num" }, words.t(column))),
        ),
      ),
      h(
        "tbody",
        {},
        ...list.map((each, index) =>
          h(
            "tr",
            {},
            named && h("th", { scope: "row" }, names[index]),
            number(each.cast),
            number(each.counted),
            number(each.credentials),
          ),
        ),
      ),
    ),
  );
}

/**
 * The election's name is ASSEMBLY/PAPER, and /COLLEGE where colleges have shares. The only paper of an
 * assembly needs no name.
 * @param {Verified} verified
 * @param {any} definition
 * @param {Words} words
 * @returns {string} nothing where there is only one election
 */
function paperName({ setup }, { ballots, colleges }, words) {
  const [, paper, college] = setup.election.name.split("/");
  const nameIn = (/** @type {any[]} */ list, /** @type {string} */ wanted) => {
    const found = list.find(({ id }) => id === wanted);
    const texts = found?.title ?? found?.name;
    return texts === undefined ? wanted : words.say(texts).text;
  };
  const parts = ballots.length > 1 ? [nameIn(ballots, paper)] : [];
  if (college !== undefined) parts.push(nameIn(colleges ?? [], college));
  return parts.join(" · ");
}

/**
 * @param {Words} words
 * @param {Child} eyebrow
 * @param {string} board
 * @returns {Child[]}
 */
export function doneView(words, eyebrow, board) {
  return [
    head(eyebrow, words.t("done_title"), h("p", { class: "lead" }, words.t("done"))),
    h("p", {}, h("a", { href: board }, words.t("board_link"))),
  ];
}
