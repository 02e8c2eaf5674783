// Verifies each zip of a folder and prints, as JSON, what the browser would say: node verify_bundles.mjs FOLDER

import { openAsBlob, readdirSync } from "node:fs";
import { join } from "node:path";
import { verifyBundle } from "../../static/check/bundle/verify.mjs";

// Node has no module workers of the web's kind: ballots are verified where they are.
Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 1 } });

const [folder] = process.argv.slice(2);
/** @type {Record<string, unknown>} */
const reports = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith(".zip"))) {
  try {
    reports[name] = await verifyBundle(await openAsBlob(join(folder, name)), null);
  } catch (error) {
    reports[name] = { crashed: String(error instanceof Error ? error.stack : error) };
  }
}
process.stdout.write(JSON.stringify(reports));
