// One ballot paper on its way into the box: sealed once, sent until an answer comes, its receipt checked.

import { requestBytes, withRetries } from "./api.mjs";
import { LogError, ProtocolError } from "./errors.mjs";
import { verifyReceipt } from "./receipt.mjs";

/** @typedef {"seal" | "send" | "retry" | "check"} Step */
/** @typedef {import("./receipt.mjs").Receipt} Receipt */

/** The answer was no proof that this ballot is in the box. */
export class BadReceiptError extends Error {
  name = "BadReceiptError";

  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** A ballot that is cast. It is made once: sending it again cannot make it count twice. */
export class Casting {
  /** @type {Uint8Array | null} */
  #ballot = null;
  /** @type {{ file: Uint8Array, receipt: Receipt } | null} */
  done = null;

  /**
   * @param {import("./paper.mjs").Paper} paper
   * @param {number[][]} answers
   */
  constructor(paper, answers) {
    this.paper = paper;
    this.answers = answers;
  }

  /**
   * Goes on from wherever it stopped.
   * @param {object} means
   * @param {import("./encryptor.mjs").Encryptor} means.encryptor
   * @param {string | bigint} means.code or the number that stands for one in this election
   * @param {string} means.token
   * @param {import("./tlog/note.mjs").VerifierKey} means.logKey
   * @param {(step: Step, progress: number) => void} onStep
   */
  async run({ encryptor, code, token, logKey }, onStep) {
    const { election, uuid } = this.paper;
    if (this.done !== null) return;
    if (election === null) throw new Error("a ballot is cast only on an open ballot paper");
    onStep("seal", 0);
    this.#ballot ??= await encryptor.encrypt(election, code, this.answers, (progress) =>
      onStep("seal", progress),
    );
    const body = this.#ballot;
    onStep("send", 1);
    const path = `/api/elections/${uuid}/ballots`;
    const file = await withRetries(
      () => requestBytes(path, { method: "POST", token, body }),
      () => onStep("retry", 1),
    );
    onStep("check", 1);
    this.done = { file, receipt: checked(file, body, logKey) };
  }
}

/**
 * @param {Uint8Array} file
 * @param {Uint8Array} ballot
 * @param {import("./tlog/note.mjs").VerifierKey} logKey
 * @returns {Receipt}
 */
function checked(file, ballot, logKey) {
  try {
    return verifyReceipt(file, ballot, logKey);
  } catch (error) {
    if (error instanceof LogError || error instanceof ProtocolError) {
      throw new BadReceiptError(error.code);
    }
    throw error;
  }
}
