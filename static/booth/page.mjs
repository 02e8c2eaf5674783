// The first thing that runs on a member's page. It takes the code out of the address before anything else
// can see it there, and then brings in the booth.

import { beginAnewWithLinks, takeFromAddress } from "./address.mjs";
import { Frame } from "./frame.mjs";
import { message } from "./views/frame.mjs";

const typed = takeFromAddress();
beginAnewWithLinks();
const frame = new Frame("booth");

// A page that the browser brings back as it was would bring back the code as well.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

// Brought in apart, so that a browser too old for it can still say so.
import("./booth.mjs").then(
  ({ Booth }) => new Booth(frame).start(typed),
  (error) => {
    const { words, data } = frame;
    const code = String(error);
    const said = { title: words.t("unsupported_title"), text: words.t("unsupported"), code };
    frame.show(() => message(data.title, said, words));
  },
);
