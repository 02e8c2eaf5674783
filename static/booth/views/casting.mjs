// While the ballots are on their way.

import { h } from "../dom.mjs";
import { head, steps } from "./frame.mjs";

/** @typedef {import("../words.mjs").Words} Words */

/**
 * @param {Words} words
 * @param {import("../dom.mjs").Child} eyebrow
 * @returns {{ content: import("../dom.mjs").Child[],
 *   onStep: (step: import("../casting.mjs").Step, progress: number) => void }}
 */
export function castingView(words, eyebrow) {
  const progress = h("progress", { max: 100, value: 0, "aria-labelledby": "casting-now" });
  const now = h("p", { id: "casting-now", role: "status" }, words.t("casting_seal"));
  let last = "seal";
  return {
    content: [
      steps(words, 1),
      head(eyebrow, words.t("casting_title"), h("p", { class: "lead" }, words.t("casting_stay"))),
      h("div", { class: "work" }, progress, now),
    ],
    onStep(step, share) {
      // Sealing is most of it; an answer is waited for without a measure.
      if (step === "seal") progress.value = Math.round(80 * share);
      else if (step === "check") progress.value = 100;
      else progress.value = 85;
      if (step !== last) now.textContent = words.t(`casting_${step}`);
      last = step;
    },
  };
}
