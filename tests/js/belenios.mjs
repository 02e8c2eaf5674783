// belenios-tool, the independent implementation: elections made by it, in a folder of their own.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const places = [
  process.env.BELENIOS_TOOL ?? "",
  fileURLToPath(new URL("../../.tools/belenios-tool/belenios-tool", import.meta.url)),
  "/opt/belenios-tool/belenios-tool",
];
const tool = places.find((place) => place !== "" && existsSync(place));
if (tool === undefined) {
  throw new Error("belenios-tool is not installed; tools/install-belenios-tool does it");
}

/** A folder with one election. */
export class Belenios {
  /** @param {object} template questions, name and description as belenios-tool takes them */
  constructor(template) {
    this.dir = mkdtempSync(join(tmpdir(), "belenios-"));
    this.uuid = this.run("setup", "generate-token").trim();
    this.write("template.json", JSON.stringify(template));
  }

  /** Removes the folder. */
  close() {
    rmSync(this.dir, { recursive: true });
  }

  /**
   * @param {string} name
   * @param {string | Uint8Array} content
   */
  write(name, content) {
    writeFileSync(join(this.dir, name), content);
  }

  /**
   * @param {string} name
   * @returns {Uint8Array}
   */
  read(name) {
    return new Uint8Array(readFileSync(join(this.dir, name)));
  }

  /**
   * @param {string} ending
   * @returns {string[]} the names of the files that end so
   */
  files(ending) {
    return readdirSync(this.dir)
      .filter((name) => name.endsWith(ending))
      .sort();
  }

  /**
   * @param {...string} args
   * @returns {string} what it prints
   */
  run(...args) {
    return this.feed("", ...args);
  }

  /**
   * @param {string | Uint8Array} input
   * @param {...string} args
   * @returns {string} what it prints
   */
  feed(input, ...args) {
    const { status, stdout, stderr } = this.attempt(input, ...args);
    if (status !== 0) throw new Error(`belenios-tool ${args.join(" ")}: ${stderr.slice(0, 2000)}`);
    return stdout;
  }

  /**
   * @param {string | Uint8Array} input
   * @param {...string} args
   */
  attempt(input, ...args) {
    return spawnSync(/** @type {string} */ (tool), args, {
      cwd: this.dir,
      input,
      encoding: "utf8",
    });
  }

  /**
   * @param {number[]} weights of the voters
   * @returns {string[]} their codes
   */
  voters(weights) {
    const count = String(weights.length);
    const group = ["--group", "Ed25519", "--uuid", this.uuid];
    this.run("setup", "generate-credentials", "--count", count, ...group);
    const [publicFile] = this.files(".pubcreds");
    const [privateFile] = this.files(".privcreds");
    const codes = /** @type {Record<string, string>} */ (
      JSON.parse(readFileSync(join(this.dir, privateFile), "utf8"))
    );
    const list = /** @type {string[]} */ (
      JSON.parse(readFileSync(join(this.dir, publicFile), "utf8"))
    );
    // KEY,,VOTER: the weight goes between the commas, the voter is left out.
    const lines = list.map((line) => {
      const [key, , voter] = line.split(",");
      return `${key},${weights[Number(voter) - 1]}`;
    });
    this.write("public_creds.json", JSON.stringify(lines));
    return weights.map((_, index) => codes[String(index + 1)]);
  }

  /**
   * One key, whose owner is needed.
   * @returns {string} the name of its private key's file
   */
  trustee() {
    const before = this.files(".privkey");
    this.run("setup", "generate-trustee-key", "--group", "Ed25519");
    return /** @type {string} */ (this.files(".privkey").find((name) => !before.includes(name)));
  }

  /**
   * A group of trustees of whom some are needed, after the whole ceremony.
   * @param {number} threshold
   * @param {number} size
   * @returns {string[]} their identifiers, in order
   */
  thresholdTrustees(threshold, size) {
    const step = (/** @type {string[]} */ ...args) => [
      "setup",
      "generate-trustee-key-threshold",
      "--group",
      "Ed25519",
      ...args,
    ];
    const ids = Array.from({ length: size }, (_, i) =>
      this.run(
        ...step("--step", "1", "--threshold-context", `${i + 1}/${threshold}/${size}`),
      ).trim(),
    );
    const text = (/** @type {string} */ name) => readFileSync(join(this.dir, name), "utf8");
    this.write("certs", ids.map((id) => text(`${id}.cert`)).join(""));
    const polynomials = ids.map((id) =>
      this.run(...step("--step", "3", "--certs", "certs", "--key", `${id}.key`)),
    );
    this.write("polynomials", polynomials.join(""));
    const common = ["--certs", "certs", "--polynomials", "polynomials"];
    this.run(...step("--step", "4", ...common));
    const voutputs = ids.map((id) =>
      this.feed(
        text(`${id}.vinput`),
        ...step("--step", "5", "--certs", "certs", "--key", `${id}.key`),
      ),
    );
    this.write("threshold.json", this.feed(voutputs.join(""), ...step("--step", "6", ...common)));
    return ids;
  }

  /** Election file and archive, from the voters and trustees made before. */
  open() {
    const keys = this.files(".privkey").map((name) => this.read(name.replace("privkey", "pubkey")));
    this.write("public_keys.jsons", Buffer.concat(keys));
    this.run("setup", "make-trustees");
    const group = ["--group", "Ed25519", "--uuid", this.uuid];
    this.run("setup", "make-election", ...group, "--template", "template.json");
    this.run("archive", "init");
  }

  /** @returns {Uint8Array} the election's exact bytes, as they are in the archive */
  election() {
    return trimmed(this.read("election.json"));
  }

  /** @returns {Uint8Array} */
  archive() {
    return this.read(`${this.uuid}.bel`);
  }

  /**
   * @param {string} code
   * @param {number[][]} answers
   * @returns {Uint8Array} a ballot made by belenios-tool
   */
  ballot(code, answers) {
    this.write("code", code);
    this.write("choice", JSON.stringify(answers));
    const made = this.run(
      "election",
      "generate-ballot",
      "--privcred",
      "code",
      "--choice",
      "choice",
    );
    return new TextEncoder().encode(made.trim());
  }

  /**
   * @param {Uint8Array} ballot
   * @returns {boolean} whether belenios-tool finds it valid
   */
  accepts(ballot) {
    this.write("ballot", ballot);
    return this.attempt("", "election", "verify-ballot", "--ballot", "ballot").status === 0;
  }

  /**
   * @param {string} type
   * @param {string | Uint8Array} [lines] data, the payload last
   */
  addEvent(type, lines = "") {
    this.feed(lines, "archive", "add-event", "--type", type);
  }

  /** Ends the ballots and adds the encrypted tally. */
  tally() {
    this.addEvent("EndBallots");
    this.addEvent("EncryptedTally", this.run("election", "compute-encrypted-tally"));
  }
}

/**
 * @param {Uint8Array} data
 * @returns {Uint8Array} without the line's end that files of belenios-tool have
 */
export function trimmed(data) {
  return data.at(-1) === 0x0a ? data.subarray(0, -1) : data;
}
