// Steps 4, 5 and 8 to 11: the archives (vote/audit/archives.py; how, is in static/booth/check.mjs).

import * as check from "../../booth/check.mjs";
import { hashHex } from "../../booth/fingerprint.mjs";
import * as json from "../../booth/jsontext.mjs";
import { Sums } from "../../booth/sums.mjs";
import { ballotWidth } from "../../booth/tally.mjs";
import { verifyAll } from "../../trustee/pool.mjs";
import { BundleFault } from "./ledger.mjs";

/** @typedef {import("./definition.mjs").Listed} Listed */
/** @typedef {import("./ledger.mjs").Ledger} Ledger */
/** @typedef {import("./zip.mjs").Zip} Zip */

const CHUNK = 8;

/**
 * An archive on its way through the steps: what each of them gave, null where it failed.
 * @typedef {object} Archive
 * @property {Listed} listed
 * @property {Blob | null} blob
 * @property {check.Scan | null} scan
 * @property {import("../../booth/setup.mjs").Setup | null} setup
 * @property {Sums | null} sums
 * @property {number[][] | null} result
 */

/**
 * Steps 4 and 5.
 * @param {Zip} zip
 * @param {Listed[]} listed
 * @param {Ledger} ledger
 * @returns {Promise<Archive[]>}
 */
export async function openArchives(zip, listed, ledger) {
  /** @type {Archive[]} */
  const archives = listed.map((each) => ({
    listed: each,
    blob: null,
    scan: null,
    setup: null,
    sums: null,
    result: null,
  }));
  for (const [place, archive] of archives.entries()) {
    const { file } = archive.listed;
    ledger.progress("archive", place, archives.length);
    archive.scan = await ledger.make("archive", [], () => scan(zip, archive), file);
  }
  ledger.progress("archive", archives.length, archives.length);
  for (const archive of archives) {
    const {
      scan: found,
      listed: { file },
    } = archive;
    archive.setup = await ledger.make("setup", [found], () => check.checkSetup(there(found)), file);
  }
  const ballots = archives.reduce((sum, { scan: found }) => sum + (found?.ballots.size ?? 0), 0);
  ledger.tell("archive", { ballots, elections: archives.length });
  return archives;
}

/**
 * @param {Zip} zip
 * @param {Archive} archive
 */
async function scan(zip, archive) {
  archive.blob = await zip.file(archive.listed.file);
  return check.scan(archive.blob.stream());
}

/**
 * @template T
 * @param {T | null} value
 * @returns {T} what an earlier step gave
 */
export function there(value) {
  if (value === null) throw new Error("a step was made without what it needs");
  return value;
}

/**
 * @param {check.Scan} found
 * @returns {string} the payload of the first event, which no other election shares
 */
export function setupPayload({ election, trustees, credentials }) {
  const hashes = {
    election: hashHex(election),
    trustees: hashHex(trustees),
    credentials: hashHex(credentials),
  };
  return hashHex(json.encode(hashes));
}

/**
 * Step 8, on all cores.
 * @param {Archive[]} archives
 * @param {Ledger} ledger
 */
export async function checkBallots(archives, ledger) {
  const total = archives.reduce((sum, { scan: found }) => sum + (found?.ballots.size ?? 0), 0);
  let done = 0;
  ledger.progress("ballots", done, total);
  for (const archive of archives) {
    const { scan: found, setup, blob, listed } = archive;
    archive.sums = await ledger.make(
      "ballots",
      [found, setup],
      async () => {
        const [scanned, set, stream] = [there(found), there(setup), there(blob).stream()];
        check.checkRoll(scanned, set);
        const sums = new Sums(ballotWidth(set.election));
        const chunks = check.chunks(stream, scanned, set, CHUNK);
        await verifyAll(scanned.election, chunks, (part, { ballots }) => {
          sums.merge(part);
          done += ballots.length;
          ledger.progress("ballots", done, total);
        });
        return sums;
      },
      listed.file,
    );
  }
  const counted = archives.reduce((sum, { sums }) => sum + (sums?.count ?? 0), 0);
  ledger.tell("ballots", { ballots: total, counted });
}

/**
 * Steps 9 to 11.
 * @param {Archive[]} archives
 * @param {Ledger} ledger
 */
export async function checkTallies(archives, ledger) {
  for (const { scan: found, setup, sums, listed } of archives) {
    const tallied = () => {
      if (there(found).tally === null) {
        throw new BundleFault("tally-missing", "the ballots have not been summed");
      }
      check.checkTally(there(found), there(setup), there(sums));
    };
    await ledger.make("sum", [found, setup, sums], tallied, listed.file);
  }
  let shares = 0;
  for (const archive of archives) {
    const {
      scan: found,
      setup,
      listed: { file },
    } = archive;
    const held = await ledger.make(
      "decryption",
      [found, setup],
      () => {
        const owners = [...there(found).shares.keys()];
        for (const owner of owners) check.checkPartialDecryption(there(found), there(setup), owner);
        shares += owners.length;
        return true;
      },
      file,
    );
    const result = () => {
      const sums = check.checkResult(there(found), there(setup));
      if (sums === null) throw new BundleFault("result-missing", "the election has no result");
      return sums;
    };
    archive.result = await ledger.make("result", [found, setup, held], result, file);
  }
  ledger.tell("decryption", { shares });
}
