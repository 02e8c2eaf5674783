// The receipts, and what to do with them.

import { h } from "../dom.mjs";
import { pathPicture } from "../picture.mjs";
import { groups } from "../receipt.mjs";
import { button, head, say, steps } from "./frame.mjs";
import { keepButtons } from "./keep.mjs";

/** @typedef {import("../words.mjs").Words} Words */
/** @typedef {import("../dom.mjs").Child} Child */
/** @typedef {import("../casting.mjs").Casting} Casting */
/** @typedef {{ label: string, onClick: () => void }} Next */

/**
 * @param {Casting[]} castings all done
 * @param {{ assembly: string, timeZone: string, severalPapers: boolean, behalf: string | null,
 *   check: string, mailToken: string | null }} about `behalf`: the member for whom they were cast, if not
 *   the reader; `check`: the address where ballots are looked up; `mailToken`: null where no e-mail is sent
 * @param {Child} eyebrow
 * @param {Words} words
 * @param {{ onAgain: () => void, onFinish: () => void, next: Next | null }} actions
 * @returns {Child[]}
 */
export function doneView(castings, about, eyebrow, words, { onAgain, onFinish, next }) {
  const closes = words.moment(castings[0].paper.closes, about.timeZone);
  return [
    steps(words, 2),
    about.behalf === null
      ? head(
          eyebrow,
          words.n("done_title", castings.length),
          h("p", { class: "lead" }, words.t("done_lead")),
        )
      : head(
          eyebrow,
          words.t("behalf_done", { name: about.behalf }),
          h("p", { class: "lead" }, words.t("behalf_done_lead")),
        ),
    ...castings.map((casting) => receiptCard(casting, about, words)),
    h("p", {}, words.t("again_note", { closes })),
    h(
      "div",
      { class: "actions" },
      next !== null && button(next.label, next.onClick, "big"),
      button(words.t("finish"), onFinish, next === null ? "big" : "secondary"),
      button(words.t("vote_again"), onAgain, "secondary outline"),
    ),
  ];
}

/**
 * @param {Casting} casting
 * @param {{ assembly: string, severalPapers: boolean, check: string, mailToken: string | null }} about
 * @param {Words} words
 * @returns {HTMLElement}
 */
function receiptCard({ paper, done }, { assembly, severalPapers, check, mailToken }, words) {
  if (done === null) throw new Error("a receipt is shown only of a ballot in the box");
  const { file, receipt } = done;
  const title = severalPapers && paper.title !== null && h("h2", {}, say(words, paper.title));
  const state = h("span", { class: "muted", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(receipt.tracker);
      state.textContent = words.t("copied");
    } catch {
      state.textContent = words.t("not_copied");
    }
  };
  const name = `${assembly}-${paper.ballot}`;
  // A link that was clicked may be followed long after this view: the address is never revoked.
  const address = URL.createObjectURL(new Blob([new Uint8Array(file)], { type: "text/plain" }));
  return h(
    "article",
    { class: "receipt" },
    title,
    pathPicture(receipt, words),
    h(
      title ? "h3" : "h2",
      { class: "receipt-heading", id: `tracker-${paper.uuid}` },
      words.t("tracker"),
    ),
    h(
      "p",
      {},
      h(
        "code",
        { class: "tracker" },
        ...groups(receipt.tracker).map((group) => h("span", {}, group)),
      ),
    ),
    h(
      "p",
      { class: "muted" },
      words.t("tracker_help"),
      " ",
      h(
        "a",
        { href: `${check}#${receipt.tracker}`, target: "_blank", rel: "noopener noreferrer" },
        words.t("tracker_look"),
        h("span", { class: "visually-hidden" }, ` (${words.t("new_window")})`),
      ),
    ),
    h("p", { class: "muted" }, words.t("download_help")),
    h(
      "div",
      { class: "actions" },
      h(
        "a",
        { role: "button", href: address, download: `${name}.tlog-proof` },
        words.t("download"),
      ),
      button(words.t("copy"), copy, "secondary outline"),
      state,
    ),
    keepButtons({ assembly, name, file, token: mailToken }, words),
  );
}
