// The numbered steps, and what each of them found. The numbers are those of `vote verify` (vote/audit/verify.py).

import { LogError, ProtocolError } from "../../booth/errors.mjs";

/** In the order in which they are made. The last one is not the verifier's: see figures.mjs. */
export const STEPS = /** @type {const} */ ([
  [1, "bundle"],
  [2, "definition"],
  [3, "elections"],
  [4, "archive"],
  [5, "setup"],
  [6, "prescribed"],
  [7, "together"],
  [12, "checkpoint"],
  [13, "tiles"],
  [14, "logged"],
  [15, "order"],
  [8, "ballots"],
  [9, "sum"],
  [10, "decryption"],
  [11, "result"],
  [16, "lots"],
  [17, "files"],
  [18, "outcome"],
]);

/** @typedef {(typeof STEPS)[number][1]} StepName */
/** @typedef {"waiting" | "running" | "held" | "failed" | "unchecked"} State */
/** @typedef {{ code: string, message: string, file: string | null }} Finding */

/**
 * A step as it stands: what can be sent from a worker to the page.
 * @typedef {{ number: number, name: StepName, state: State, findings: Finding[], facts: Record<string, number>,
 *   done: number, total: number }} Step
 */

/** Something in the bundle is not as it must be. */
export class BundleFault extends Error {
  name = "BundleFault";

  /**
   * @param {string} code kebab-case
   * @param {string} message an English sentence without its capital and its full stop
   * @param {string | null} [file]
   */
  constructor(code, message, file = null) {
    super(message);
    this.code = code;
    this.file = file;
  }
}

/** The report while it is made. */
export class Ledger {
  /** @param {(steps: Step[]) => void} [onChange] */
  constructor(onChange = () => {}) {
    this.onChange = onChange;
    this.steps = Ledger.blank();
  }

  /** @returns {Step[]} before anything was done */
  static blank() {
    return STEPS.map(([number, name]) => ({
      number,
      name,
      state: "waiting",
      findings: [],
      facts: {},
      done: 0,
      total: 0,
    }));
  }

  /** @param {StepName} name */
  step(name) {
    return /** @type {Step} */ (this.steps.find((step) => step.name === name));
  }

  /** @returns {boolean} whether every step was made and holds */
  get holds() {
    return this.steps.every(({ state }) => state === "held");
  }

  /**
   * Makes a step. A fault is noted; anything else than a fault of the bundle is thrown.
   * @template T
   * @param {StepName} name
   * @param {unknown[]} needs what earlier steps gave; null where one of them failed
   * @param {() => T | Promise<T>} check
   * @param {string | null} [file]
   * @returns {Promise<T | null>}
   */
  async make(name, needs, check, file = null) {
    const step = this.step(name);
    if (needs.includes(null)) {
      if (step.state !== "failed") step.state = "unchecked";
      this.onChange(this.steps);
      return null;
    }
    if (step.state === "waiting" || step.state === "held") step.state = "running";
    this.onChange(this.steps);
    try {
      const found = await check();
      if (step.state === "running") step.state = "held";
      return found;
    } catch (error) {
      step.state = "failed";
      step.findings.push(findingOf(error, file));
      return null;
    } finally {
      this.onChange(this.steps);
    }
  }

  /**
   * @param {StepName} name
   * @param {Record<string, number>} facts
   */
  tell(name, facts) {
    Object.assign(this.step(name).facts, facts);
  }

  /**
   * @param {StepName} name
   * @param {number} done
   * @param {number} total
   */
  progress(name, done, total) {
    Object.assign(this.step(name), { done, total });
    this.onChange(this.steps);
  }
}

/**
 * @param {unknown} error
 * @param {string | null} file
 * @returns {Finding}
 */
function findingOf(error, file) {
  if (error instanceof BundleFault) {
    return { code: error.code, message: error.message, file: error.file ?? file };
  }
  if (error instanceof ProtocolError) {
    const where = error.index === null ? "" : ` (number ${error.index})`;
    return { code: error.code, message: `${error.message}${where}`, file };
  }
  if (error instanceof LogError) return { code: error.code, message: error.message, file };
  throw error;
}
