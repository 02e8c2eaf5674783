// Steps 16 to 18: the lots, the files, and the published figures (vote/audit/decision.py).
//
// The verifier computes the whole decision anew. Here its figures are held against the verified results: what the
// rules make of them, who is elected and what is adopted, is for `vote verify` to check.

import { hashHex } from "../../booth/fingerprint.mjs";
import * as json from "../../booth/jsontext.mjs";
import { verifyLotShare } from "../../booth/lot.mjs";
import { there } from "./archives.mjs";
import { canonical, parseCanonical } from "./canonical.mjs";
import { DEFINITION, ELECTIONS } from "./definition.mjs";
import { BundleFault } from "./ledger.mjs";
import { PREFIX, WITNESSES } from "./log.mjs";

/** @typedef {import("./archives.mjs").Archive} Archive */
/** @typedef {import("./entries.mjs").Item} Item */
/** @typedef {import("./zip.mjs").Zip} Zip */

const OUTCOME = "outcome.json";
const MAX_OUTCOME = 64 * 2 ** 20;

/**
 * Step 16: where lots may be drawn, each trustee who decrypted gave a share, once and truly.
 * @param {any} definition
 * @param {Archive[]} archives
 * @param {Item[]} items
 * @returns {number} how many shares there are
 */
export function checkLots(definition, archives, items) {
  const lots = items.flatMap(({ own }) => (own?.type === "lot" ? [own] : []));
  const byUuid = new Map(archives.map((archive) => [archive.listed.uuid, archive]));
  const missing = new Set(archives.flatMap((archive) => wanted(definition, archive)));
  for (const { election, owner, share } of lots) {
    const archive = byUuid.get(election);
    if (archive === undefined || !missing.delete(`${election} ${owner}`)) {
      throw new BundleFault("lot-surplus", `a share of the lot too many, by trustee ${owner}`);
    }
    const { trustees, fingerprint } = there(archive.setup);
    const event = there(there(archive.scan).tallyEvent);
    verifyLotShare(trustees.keyOf(owner), fingerprint, event, json.encode(share));
  }
  if (missing.size > 0) {
    throw new BundleFault("lot-missing", `no share of the lot for ${[...missing].join(", ")}`);
  }
  return lots.length;
}

/**
 * @param {any} definition
 * @param {Archive} archive
 * @returns {string[]} whose shares there must be
 */
function wanted({ questions }, { listed, scan }) {
  const drawn = questions.some(
    (/** @type {any} */ { ballot, type, tie_break: chain }) =>
      ballot === listed.ballot && type === "election" && chain.includes("lot"),
  );
  return drawn ? [...there(scan).shares.keys()].map((owner) => `${listed.uuid} ${owner}`) : [];
}

/**
 * Step 17: every file has the hash that the log's first and last entry name; no other is there.
 * @param {Zip} zip
 * @param {Item[]} items
 * @param {Archive[]} archives
 * @returns {Promise<number>} how many files there are besides the log's
 */
export async function checkFiles(zip, items, archives) {
  /** @type {Map<string, string>} */
  const named = new Map();
  for (const { own } of items) {
    if (own?.type === "definition") {
      named.set(DEFINITION, own.definition_sha256).set(ELECTIONS, own.elections_sha256);
    }
    if (own?.type === "outcome") {
      for (const [path, hash] of Object.entries(own.files)) {
        if (path.startsWith(PREFIX) && path !== WITNESSES) {
          throw new BundleFault(
            "path-reserved",
            "the log's last entry must not name this file",
            path,
          );
        }
        named.set(path, hash);
      }
      named.set(OUTCOME, own.outcome_sha256);
    }
  }
  for (const [path, hash] of named) {
    if (hashHex(await zip.bytes(path, MAX_OUTCOME)) !== hash) {
      throw new BundleFault(
        "file-differs",
        "the file is not the one whose hash is in the log",
        path,
      );
    }
  }
  const known = new Set([...named.keys(), ...archives.map(({ listed }) => listed.file)]);
  for (const name of zip.names) {
    const isOfLog = name.startsWith(PREFIX) && name !== WITNESSES;
    if (!isOfLog && !known.has(name)) {
      throw new BundleFault("file-surplus", "the log does not name this file", name);
    }
  }
  return known.size;
}

/**
 * Step 18, in part: the figures in outcome.json are those of the verified results.
 * @param {Zip} zip
 * @param {import("./definition.mjs").Definition} definition
 * @param {Archive[]} archives
 * @returns {Promise<number>} how many sums were compared
 */
export async function checkFigures(zip, { value, sha256 }, archives) {
  const outcome = parseCanonical(await zip.bytes(OUTCOME, MAX_OUTCOME), OUTCOME);
  compare("assembly", outcome.assembly, value.assembly.id);
  compare("definition_sha256", outcome.definition_sha256, sha256);
  let sums = 0;
  for (const archive of archives) {
    const { ballot, college, questions } = archive.listed;
    const box = college ?? "*";
    const turnout = outcome.ballots?.[ballot] ?? {};
    compare(
      `ballots.${ballot}.enrolled.${box}`,
      turnout.enrolled?.[box],
      there(archive.setup).weights.size,
    );
    compare(`ballots.${ballot}.voters.${box}`, turnout.voters?.[box], there(archive.sums).count);
    const weight = there(archive.sums).totalWeight;
    questions.forEach((question, i) => {
      const result = there(archive.result)[i];
      compareQuestion(outcome.questions?.[question.id], question, box, result, weight);
      sums += result.length;
    });
  }
  return sums;
}

/**
 * @param {any} decided what outcome.json says of a question
 * @param {import("./definition.mjs").PaperQuestion} question
 * @param {string} box
 * @param {number[]} result the sums, blank first where there is blank
 * @param {number} weight that voted
 */
function compareQuestion(decided, { id, answers, blank }, box, result, weight) {
  const sums = blank ? result.slice(1) : result;
  const college = decided?.colleges?.[box] ?? {};
  const listed = decided?.candidates ?? decided?.positions;
  answers.forEach((answer, i) => {
    const place = `questions.${id}.${answer}.${box}`;
    const found = listed?.find((/** @type {any} */ each) => each.id === answer);
    compare(place, listed === undefined ? college[answer] : found?.votes?.[box], sums[i]);
  });
  if (blank) compare(`questions.${id}.blank.${box}`, college.blank, result[0]);
  if (listed !== undefined) {
    compare(`questions.${id}.nonblank.${box}`, college.nonblank, weight - result[0]);
  }
}

/**
 * @param {string} place
 * @param {unknown} found
 * @param {unknown} verified
 */
function compare(place, found, verified) {
  if (canonical(found ?? null) !== canonical(verified)) {
    const message = `${place} is ${canonical(found ?? null)}, the verified results give ${canonical(verified)}`;
    throw new BundleFault("outcome-differs", message, OUTCOME);
  }
}
