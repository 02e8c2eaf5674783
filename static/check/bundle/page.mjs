// The page where a whole bundle is verified in the browser.

import { download, NetworkError, RefusedError } from "../../booth/api.mjs";
import { h } from "../../booth/dom.mjs";
import { Frame } from "../../booth/frame.mjs";
import { message } from "../../booth/views/frame.mjs";

/** @typedef {import("../../booth/frame.mjs").PageData & { key: string | null, bundle: string | null,
 *   withheld: boolean }} Data */

const frame = new Frame("verify");
const { run } = await import("./run.mjs").catch(unsupported);
const { Ledger } = await import("./ledger.mjs");
const { beginView, fetchView, showSteps, workView } = await import("./views.mjs");

/** How long verifying took, in milliseconds: for those who measure. */
const MEASURE = "vote-verify-bundle";

/** @returns {Data} */
const data = () => /** @type {Data} */ (frame.data);
const about = () => ({ words: frame.words, eyebrow: h("a", { href: data().board }, data().title) });

/**
 * @param {unknown} error
 * @returns {never}
 */
function unsupported(error) {
  const { words, data: given } = frame;
  const said = { title: words.t("unsupported_title"), text: words.t("unsupported") };
  frame.show(() => message(given.title, { ...said, code: String(error) }, words));
  throw error;
}

/** @param {string | null} fault */
function begin(fault = null) {
  const actions = {
    onOwn: fetchOwn,
    onFile: (/** @type {File} */ file) => verify(file, null, file.name),
  };
  const why = () => frame.words.t(data().withheld ? "withheld" : "not_decided");
  frame.show(() => beginView(about(), data().bundle === null ? why() : null, fault, actions));
}

async function fetchOwn() {
  const { bundle, key, title } = data();
  if (bundle === null) return;
  try {
    await verify(await fetchBlob(bundle), key, title);
  } catch (error) {
    if (error instanceof NetworkError) return begin(frame.words.t("no_connection"));
    if (error instanceof RefusedError) return begin(error.message);
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Promise<Blob>}
 */
async function fetchBlob(path) {
  let [bytes, total] = [0, 0];
  const show = () => frame.show(() => fetchView(bytes, total, about()));
  show();
  return download(path, (now, whole) => {
    const isFirst = bytes === 0;
    [bytes, total] = [now, whole];
    const bar = document.getElementById("fetched");
    if (isFirst) show();
    else if (bar instanceof HTMLProgressElement && total > 0) bar.value = bytes;
  });
}

/**
 * @param {Blob} file
 * @param {string | null} key
 * @param {string} what
 */
async function verify(file, key, what) {
  /** @type {import("./views.mjs").Work} */
  const work = { steps: [], report: null, what, seconds: 0 };
  const started = performance.now();
  const show = () => frame.show(() => workView(work, about(), begin));
  work.steps = Ledger.blank();
  show();
  const report = await run(file, key, (steps) => {
    work.steps = steps;
    showSteps(steps, frame.words);
  });
  const duration = performance.now() - started;
  performance.measure(MEASURE, { start: started, duration });
  Object.assign(work, { steps: report.steps, report, seconds: duration / 1000 });
  show();
}

begin();
