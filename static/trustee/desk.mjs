// A trustee's way: making a key, waiting, checking the ballot box, handing in a part of its opening. The key
// is in this object's memory alone and goes with the page.

import { NetworkError, RefusedError, request, requestJson } from "../booth/api.mjs";
import { h } from "../booth/dom.mjs";
import { fromUtf8, toUtf8 } from "../booth/encoding.mjs";
import { LogError, ProtocolError } from "../booth/errors.mjs";
import { mulBase } from "../booth/group.mjs";
import { lotShare } from "../booth/lot.mjs";
import { partialDecryption } from "../booth/tally.mjs";
import {
  generatePrivateKey,
  parsePrivateKey,
  parsePublicKey,
  privateKeyJson,
  publicKeyJson,
} from "../booth/trustee.mjs";
import { button, head, message, notice } from "../booth/views/frame.mjs";
import { readBoard, verifyElection } from "./verify.mjs";
import { doneView, keyView, openView, waitingView } from "./views.mjs";

/** @typedef {import("./verify.mjs").Task} Task */
/** @typedef {import("./verify.mjs").Verified} Verified */
/** @typedef {import("./views.mjs").KeyState} KeyState */
/** @typedef {import("./views.mjs").OpenState} OpenState */

/**
 * What the service says is to be done.
 * @typedef {{ name: string, number: number, public_key: string | null,
 *   state: "key-needed" | "waiting" | "decrypt" | "done", elections: Task[] }} Tasks
 */

/** A trustee's desk. */
export class Desk {
  /**
   * @param {import("../booth/frame.mjs").Frame} frame
   * @param {string} token
   */
  constructor(frame, token) {
    this.frame = frame;
    this.token = token;
    this.home = `/api/assemblies/${encodeURIComponent(frame.data.assembly)}/trustee`;
  }

  get #words() {
    return this.frame.words;
  }

  /** Asks what is to be done, and shows it. */
  async start() {
    const { frame } = this;
    if (this.token === "") {
      return frame.show(() =>
        message(
          frame.data.title,
          { title: this.#words.t("no_link_title"), text: this.#words.t("no_link"), kind: "info" },
          this.#words,
        ),
      );
    }
    frame.show(() => [
      head(frame.data.title, this.#words.t("loading")),
      h("p", { class: "work" }, h("progress", {})),
    ]);
    try {
      /** @type {Tasks} */
      const tasks = await requestJson(this.home, { token: this.token });
      this.#showTasks(tasks);
    } catch (error) {
      this.#showFault(error, () => this.start());
    }
  }

  /** @param {Tasks} tasks */
  #showTasks(tasks) {
    if (tasks.state === "key-needed") return this.#makeKey(tasks);
    if (tasks.state === "decrypt") return this.#open(tasks);
    const published = tasks.public_key;
    if (tasks.state === "done" || published === null) {
      return this.frame.show(() =>
        doneView(this.#words, this.#eyebrow(tasks), this.frame.data.board),
      );
    }
    return this.frame.show(() =>
      waitingView(this.#words, this.#eyebrow(tasks), (data) => this.#fileFault(data, published)),
    );
  }

  /** @param {Tasks} tasks */
  #eyebrow({ name }) {
    return `${this.frame.data.title} · ${this.#words.t("eyebrow", { name })}`;
  }

  /**
   * @param {Uint8Array} data a file
   * @param {string} published the public key that was handed in
   * @returns {string | null} the key of what is wrong with it
   */
  #fileFault(data, published) {
    try {
      const own = mulBase(parsePrivateKey(data));
      return own.equals(parsePublicKey(toUtf8(published))) ? null : "file_other_key";
    } catch (error) {
      if (error instanceof ProtocolError) return "file_not_key";
      throw error;
    }
  }

  // ---------------------------------------------------------------- the key

  /** @param {Tasks} tasks */
  #makeKey(tasks) {
    const file = `${this.frame.data.assembly}-trustee-${tasks.number}-key.json`;
    /** @type {KeyState} */
    const state = { file, fileData: null, published: null, checked: false, fault: null };
    const show = () =>
      this.frame.show(() =>
        keyView(this.#words, this.#eyebrow(tasks), state, {
          onMake: () => {
            const privateKey = generatePrivateKey();
            state.fileData = privateKeyJson(privateKey);
            state.published = fromUtf8(publicKeyJson(privateKey));
            show();
          },
          onFile: (data) => {
            state.fault = this.#fileFault(data, state.published ?? "");
            state.checked = state.fault === null;
            show();
          },
          onHandIn: () => this.#handInKey(state.published ?? ""),
        }),
      );
    show();
  }

  /** @param {string} published */
  async #handInKey(published) {
    try {
      await request(`${this.home}/key`, { method: "POST", token: this.token, body: published });
      await this.start();
    } catch (error) {
      this.#showFault(error, () => this.#handInKey(published));
    }
  }

  // ---------------------------------------------------------------- opening the result

  /** @param {Tasks} tasks */
  #open(tasks) {
    const todo = tasks.elections.filter(({ done, event_hash: hash }) => !done && hash !== null);
    /** @type {OpenState} */
    const state = {
      count: todo.length,
      privateKey: null,
      fault: null,
      step: null,
      verified: null,
      definition: null,
      board: null,
    };
    const show = () =>
      this.frame.show(() =>
        openView(this.#words, this.#eyebrow(tasks), state, {
          onFile: (data) => {
            state.fault = this.#fileFault(data, tasks.public_key ?? "");
            state.privateKey = state.fault === null ? parsePrivateKey(data) : null;
            show();
          },
          onVerify: () => this.#verify(todo, state, show),
          onHandIn: () => this.#handInParts(state),
        }),
      );
    show();
  }

  /**
   * @param {Task[]} todo
   * @param {OpenState} state
   * @param {() => void} show
   */
  async #verify(todo, state, show) {
    const { privateKey } = state;
    if (privateKey === null) return;
    const publicKey = mulBase(privateKey);
    state.step = { name: "download", done: 0, total: 0, place: 0, of: todo.length };
    show();
    let current = "";
    try {
      const { board, definition } = await readBoard(this.frame.data.assembly);
      /** @type {Verified[]} */
      const verified = [];
      for (const [place, task] of todo.entries()) {
        current = task.uuid;
        const onStep = (
          /** @type {import("./verify.mjs").Step} */ name,
          /** @type {number} */ done,
          /** @type {number} */ total,
        ) => {
          state.step = { name, done, total, place, of: todo.length };
          state.onStep?.();
        };
        verified.push(await verifyElection(task, board, publicKey, onStep));
      }
      Object.assign(state, { verified, definition, board, step: null });
      show();
    } catch (error) {
      if (error instanceof ProtocolError || error instanceof LogError) this.#refuse(error, current);
      else this.#showFault(error, () => this.#verify(todo, state, show));
    }
  }

  /**
   * @param {ProtocolError | LogError} error
   * @param {string} uuid
   */
  #refuse(error, uuid) {
    const place = error instanceof ProtocolError && error.index !== null ? ` ${error.index}` : "";
    this.frame.show(() => {
      const words = this.#words;
      const said = { title: words.t("bad_title"), text: words.t("bad") };
      return [
        ...message(this.frame.data.title, said, words),
        notice(
          "info",
          h("p", {}, words.t("bad_where", { paper: uuid })),
          h("p", { lang: "en" }, `${error.code}${place}: ${error.message}`),
        ),
      ];
    });
  }

  /** @param {OpenState} state */
  async #handInParts(state) {
    const { privateKey, verified } = state;
    if (privateKey === null || verified === null) return;
    try {
      for (const each of verified.filter(({ task }) => !task.done)) {
        const path = `/api/elections/${each.task.uuid}/partial-decryptions`;
        const body = contribution(each, privateKey);
        await request(path, { method: "POST", token: this.token, body });
        each.task.done = true;
      }
      state.privateKey = null;
      await this.start();
    } catch (error) {
      this.#showFault(error, () => this.#handInParts(state));
    }
  }

  /**
   * @param {unknown} error
   * @param {() => void} again
   */
  #showFault(error, again) {
    this.frame.show(() => {
      const words = this.#words;
      const said = faultWords(error, words);
      const unknown = error instanceof RefusedError && error.code === "unknown-trustee";
      const retry = unknown ? null : button(words.t("try_again"), again);
      return message(this.frame.data.title, said, words, retry);
    });
  }
}

/**
 * @param {Verified} verified
 * @param {bigint} privateKey
 * @returns {string} JSON: the partial decryption, and the share of the lot where one may be drawn
 */
function contribution({ task, setup, tally, eventHash }, privateKey) {
  const partial = fromUtf8(partialDecryption(setup, tally, privateKey));
  const lot = task.lot ? fromUtf8(lotShare(privateKey, setup.fingerprint, eventHash)) : "null";
  return `{"partial_decryption":${partial},"lot_share":${lot}}`;
}

/**
 * @param {unknown} error
 * @param {import("../booth/words.mjs").Words} words
 * @returns {{ title: string, text: string, code: string | null }}
 */
function faultWords(error, words) {
  if (error instanceof NetworkError) {
    return { title: words.t("no_connection_title"), text: words.t("no_connection"), code: null };
  }
  if (error instanceof RefusedError && error.code === "unknown-trustee") {
    return { title: words.t("unknown_title"), text: words.t("unknown"), code: error.code };
  }
  if (error instanceof RefusedError) {
    return { title: words.t("service_title"), text: error.message, code: error.code };
  }
  return { title: words.t("unsupported_title"), text: words.t("unsupported"), code: String(error) };
}
