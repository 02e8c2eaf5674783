// The verification of a whole bundle, step by step, as `vote verify` makes it; the numbers are the same.

import { checkBallots, checkTallies, openArchives, setupPayload, there } from "./archives.mjs";
import { checkFigures, checkFiles, checkLots } from "./decision.mjs";
import { checkDefinition, checkElections, checkPrescribed, checkTogether } from "./definition.mjs";
import { checkLogged, checkOrder, readContents } from "./entries.mjs";
import { BundleFault, Ledger } from "./ledger.mjs";
import { checkCheckpoint, checkTiles } from "./log.mjs";
import { Zip } from "./zip.mjs";

/** @typedef {import("./archives.mjs").Archive} Archive */
/** @typedef {import("./definition.mjs").Definition} Definition */
/** @typedef {import("./definition.mjs").Listed} Listed */
/** @typedef {import("./ledger.mjs").Step} Step */

/**
 * What a verification ended with. `assembly` and `key` are what the bundle says of itself, null where it cannot be read.
 * @typedef {{ holds: boolean, steps: Step[], assembly: string | null, key: string | null }} Report
 */

const FIXED = ["assembly.json", "elections.json", "outcome.json", "log/key", "log/checkpoint"];

/**
 * @param {Blob} file
 * @param {string | null} expected the log's key as it is known from elsewhere
 * @param {(steps: Step[]) => void} [onChange]
 * @returns {Promise<Report>}
 */
export async function verifyBundle(file, expected, onChange) {
  const ledger = new Ledger(onChange);
  const zip = await ledger.make("bundle", [], () => open(file));
  if (zip !== null) ledger.tell("bundle", { files: zip.names.size });
  const definition = await ledger.make("definition", [zip], () => checkDefinition(there(zip)));
  const listed = await ledger.make("elections", [zip, definition], () =>
    checkElections(there(zip), there(definition)),
  );
  const archives = zip === null || listed === null ? null : await openArchives(zip, listed, ledger);
  await checkSetUps(ledger, definition, archives);
  const log = await checkLog(ledger, zip, definition, archives, expected);
  if (archives === null) {
    for (const step of /** @type {const} */ ([
      "archive",
      "setup",
      "ballots",
      "sum",
      "decryption",
      "result",
    ])) {
      await ledger.make(step, [null], () => null);
    }
  } else {
    await checkBallots(archives, ledger);
    await checkTallies(archives, ledger);
  }
  await checkDecision(ledger, zip, definition, archives, log?.items ?? null);
  return {
    holds: ledger.holds,
    steps: ledger.steps,
    assembly: definition?.value.assembly.id ?? null,
    key: log?.key ?? null,
  };
}

/**
 * Step 1.
 * @param {Blob} file
 * @returns {Promise<Zip>}
 */
async function open(file) {
  const zip = await Zip.open(file);
  for (const name of FIXED) {
    if (!zip.names.has(name))
      throw new BundleFault("file-missing", "the bundle has no such file", name);
  }
  return zip;
}

/**
 * Steps 6 and 7.
 * @param {Ledger} ledger
 * @param {Definition | null} definition
 * @param {Archive[] | null} archives
 */
async function checkSetUps(ledger, definition, archives) {
  const setups = archives?.map(({ setup }) => setup) ?? [null];
  for (const [place, setup] of setups.entries()) {
    const { listed } = archives?.[place] ?? { listed: null };
    await ledger.make("prescribed", [definition, setup], () =>
      checkPrescribed(there(definition), there(listed), there(setup), there(archives)[place].scan),
    );
  }
  await ledger.make("together", setups, () =>
    checkTogether(there(archives).map(({ listed, setup }) => ({ listed, setup: there(setup) }))),
  );
}

/**
 * Steps 12 to 15.
 * @param {Ledger} ledger
 * @param {Zip | null} zip
 * @param {Definition | null} definition
 * @param {Archive[] | null} archives
 * @param {string | null} expected
 */
async function checkLog(ledger, zip, definition, archives, expected) {
  const signed = await ledger.make("checkpoint", [zip], () =>
    checkCheckpoint(there(zip), expected),
  );
  if (signed !== null) {
    ledger.tell("checkpoint", { size: Number(signed.tree.size), witnesses: signed.witnesses });
  }
  const contents = await ledger.make("tiles", [zip, signed], async () => {
    const progress = (/** @type {number} */ done, /** @type {number} */ total) =>
      ledger.progress("tiles", done, total);
    const entries = await checkTiles(there(zip), there(signed).tree, progress);
    ledger.tell("tiles", { entries: entries.length });
    return entries;
  });
  const scans = archives?.map(({ scan }) => scan) ?? [null];
  const read = await ledger.make("order", [contents, ...scans], () =>
    readContents(there(contents)),
  );
  for (const { scan, listed } of archives ?? []) {
    await ledger.make(
      "logged",
      [read, scan],
      () => checkLogged(there(read).chains, there(scan).events, setupPayload(there(scan))),
      listed.file,
    );
  }
  if (archives === null) await ledger.make("logged", [null], () => null);
  await ledger.make("order", [read, definition, ...scans], () => {
    /** @type {Map<string, string[]>} */
    const papers = new Map();
    for (const { listed, scan } of there(archives)) {
      const setups = papers.get(listed.ballot) ?? [];
      papers.set(listed.ballot, [...setups, setupPayload(there(scan))]);
    }
    checkOrder(there(read), there(definition).value.assembly.id, papers);
  });
  const items = read?.items.filter((item) => item !== null) ?? null;
  return signed === null ? null : { key: signed.vkey, items };
}

/**
 * Steps 16 to 18.
 * @param {Ledger} ledger
 * @param {Zip | null} zip
 * @param {Definition | null} definition
 * @param {Archive[] | null} archives
 * @param {import("./entries.mjs").Item[] | null} items
 */
async function checkDecision(ledger, zip, definition, archives, items) {
  const setups = archives?.flatMap(({ scan, setup }) => [scan, setup]) ?? [null];
  const shares = await ledger.make("lots", [definition, items, ...setups], () =>
    checkLots(there(definition).value, there(archives), there(items)),
  );
  if (shares !== null) ledger.tell("lots", { shares });
  const files = await ledger.make("files", [zip, items, archives], () =>
    checkFiles(there(zip), there(items), there(archives)),
  );
  if (files !== null) ledger.tell("files", { files });
  const results = archives?.flatMap(({ sums, result }) => [sums, result]) ?? [null];
  const sums = await ledger.make("outcome", [zip, definition, ...results], () =>
    checkFigures(there(zip), there(definition), there(archives)),
  );
  if (sums !== null) ledger.tell("outcome", { sums });
}
