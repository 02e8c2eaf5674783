// The first thing that runs on the page where ballots are looked up. A tracker may stand in the address.

import { takeFromAddress } from "../booth/address.mjs";
import { Frame } from "../booth/frame.mjs";
import { message } from "../booth/views/frame.mjs";

const given = takeFromAddress();
const frame = new Frame("check");

try {
  const { Desk } = await import("./desk.mjs");
  await new Desk(frame).start(given);
  // The camera program of a phone may bring another code to a page that is open already.
  addEventListener("hashchange", () => {
    const tracker = takeFromAddress();
    if (tracker !== "") new Desk(frame).start(tracker);
  });
} catch (error) {
  const { words, data } = frame;
  const said = {
    title: words.t("unsupported_title"),
    text: words.t("unsupported"),
    code: String(error),
  };
  frame.show(() => message(data.title, said, words));
}
