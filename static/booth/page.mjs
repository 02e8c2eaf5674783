// The first thing that runs on a member's page. It takes the code out of the address before anything else
// can see it there, and then brings in the booth.

import { Frame } from "./frame.mjs";
import { message } from "./views/frame.mjs";

/** @returns {string} what stood behind the # */
function takeFromAddress() {
  const { hash, pathname, search } = location;
  if (hash !== "") history.replaceState(null, "", pathname + search);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

// "#main" is where the link to skip the header goes.
const typed = takeFromAddress().replace(/^main$/, "");
const frame = new Frame();

// A page that the browser brings back as it was would bring back the code as well.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

try {
  const { Booth } = await import("./booth.mjs");
  new Booth(frame).start(typed);
} catch (error) {
  console.error(error);
  const { words, data } = frame;
  const said = { title: words.t("unsupported_title"), text: words.t("unsupported") };
  frame.show(() => message(data.title, said, words));
}
