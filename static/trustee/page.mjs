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
