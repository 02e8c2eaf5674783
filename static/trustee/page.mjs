// The first thing that runs on a trustee's page: it takes the token out of the address, and brings in the rest.

import { beginAnewWithLinks, takeFromAddress } from "../booth/address.mjs";
import { Frame } from "../booth/frame.mjs";
import { message } from "../booth/views/frame.mjs";

const token = takeFromAddress();
beginAnewWithLinks();
const frame = new Frame("trustee");

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

// The link opened again in the same tab: only what stands behind the # has changed. Anchors are left alone.
addEventListener("hashchange", () => {
  const behind = location.hash.slice(1);
  if (behind !== "" && document.getElementById(behind) === null) location.reload();
});

// Brought in apart, so that a browser too old for it can still say so.
import("./desk.mjs").then(
  ({ Desk }) => new Desk(frame, token).start(),
  (error) => {
    const { words, data } = frame;
    const code = String(error);
    const said = { title: words.t("unsupported_title"), text: words.t("unsupported"), code };
    frame.show(() => message(data.title, said, words));
  },
);
