// Looking up a ballot: what is asked for, the work, what was found.

import { NetworkError, RefusedError } from "../booth/api.mjs";
import { h } from "../booth/dom.mjs";
import { button, message } from "../booth/views/frame.mjs";
import { networkBoard } from "./board.mjs";
import { Camera, hasCamera, qrDetector } from "./camera.mjs";
import { CheckFault } from "./fault.mjs";
import { checkReceipt, checkTracker } from "./lookup.mjs";
import { readKept } from "./paper.mjs";
import { lookThrough } from "./standing.mjs";
import { askView, faultView, foundView, scanView, showWhole, workView } from "./views.mjs";

/** @typedef {import("./lookup.mjs").Found} Found */
/** @typedef {import("./lookup.mjs").Step} Step */
/** @typedef {import("./views.mjs").Whole} Whole */
/** @typedef {import("../booth/frame.mjs").PageData & { key: string, box: string, verify: string,
 *   papers: Record<string, string> }} Data */

/** Up to this many bytes, the whole box is looked through without being asked. */
const AUTOMATIC = 2_000_000;

/** The desk at which people look up a ballot. */
export class Desk {
  /** @type {import("./camera.mjs").Detector | null} */
  #detector = null;

  /** @param {import("../booth/frame.mjs").Frame} frame */
  constructor(frame) {
    this.frame = frame;
    this.board = networkBoard(this.#data.assembly, this.#data.key);
  }

  /**
   * @param {string} tracker from the address; "" where there was none
   */
  async start(tracker) {
    this.#detector = hasCamera() ? await qrDetector() : null;
    if (tracker === "") this.#ask();
    else await this.#look(tracker);
  }

  get #data() {
    return /** @type {Data} */ (this.frame.data);
  }

  /** @returns {import("./views.mjs").About} */
  get #about() {
    const { board, title, box, verify, papers } = this.#data;
    const { words } = this.frame;
    return { words, eyebrow: h("a", { href: board }, title), box, verify, papers };
  }

  /**
   * @param {{ typed?: string, fault?: CheckFault | null, fileFault?: CheckFault | null }} [asking]
   */
  #ask({ typed = "", fault = null, fileFault = null } = {}) {
    const said = (/** @type {CheckFault | null} */ of) =>
      of === null ? null : this.frame.words.t(of.code.replaceAll("-", "_"), of.params);
    this.frame.show(() =>
      askView(
        { typed, fault: said(fault), fileFault: said(fileFault), canScan: this.#detector !== null },
        this.#about,
        {
          onTracker: (text) => this.#look(text),
          onFile: (file) => this.#open(file),
          onScan: () => this.#scan(),
        },
      ),
    );
    if (fault !== null) document.getElementById("tracker")?.focus();
    if (fileFault !== null) document.getElementById("receipt")?.focus();
  }

  /** @param {string} text a tracker, or the address in a QR code */
  async #look(text) {
    await this.#work((onStep) => checkTracker(text, this.board, { onStep }), text);
  }

  /** @param {File} file */
  async #open(file) {
    try {
      const kept = await readKept(file);
      if ("tracker" in kept) await this.#look(kept.tracker);
      else await this.#work((onStep) => checkReceipt(kept.receipt, this.board, { onStep }));
    } catch (error) {
      if (!(error instanceof CheckFault)) throw error;
      this.#ask({ fileFault: error });
    }
  }

  async #scan() {
    if (this.#detector === null) return;
    const video = h("video", {
      playsinline: true,
      muted: true,
      "aria-label": this.frame.words.t("scan_title"),
    });
    const camera = new Camera(this.#detector, video);
    const stop = () => {
      camera.stop();
      this.#ask();
    };
    this.frame.show(() => scanView(video, this.#about, stop));
    try {
      const said = await camera.scan();
      if (said !== null) await this.#look(said);
    } catch {
      const { words } = this.frame;
      const about = {
        title: words.t("no_camera_title"),
        text: words.t("scan_elsewhere"),
        kind: /** @type {const} */ ("warn"),
      };
      this.frame.show(() =>
        message(
          this.#data.title,
          about,
          words,
          button(words.t("again"), () => this.#ask()),
        ),
      );
    }
  }

  /**
   * @param {(onStep: (step: Step) => void) => Promise<Found>} check
   * @param {string} [typed]
   */
  async #work(check, typed = "") {
    try {
      this.#show(await check((step) => this.frame.show(() => workView(step, this.#about))));
    } catch (error) {
      if (error instanceof CheckFault && error.isTyping) this.#ask({ typed, fault: error });
      else this.#showFault(error, () => this.#work(check, typed));
    }
  }

  /** @param {Found} found */
  #show(found) {
    /** @type {Whole} */
    const whole = { state: "offered", bytes: 0, thorough: null };
    const onWhole = () => this.#lookThrough(found, whole, onWhole);
    this.frame.show(() => {
      const actions = { onWhole, onAgain: () => this.#ask() };
      return foundView(found, whole, this.#about, actions);
    });
    const { standing, place } = found;
    const saves = /** @type {any} */ (navigator).connection?.saveData === true;
    if (standing !== "replaced" && place.archive_bytes <= AUTOMATIC && !saves) onWhole();
  }

  /**
   * @param {Found} found
   * @param {Whole} whole
   * @param {() => void} onWhole
   */
  async #lookThrough(found, whole, onWhole) {
    const { digest, place, box } = found;
    const update = () => showWhole(found, whole, this.frame.words, onWhole);
    Object.assign(whole, { state: "running", bytes: 0 });
    update();
    try {
      const thorough = await lookThrough(digest, place, box, this.board, (bytes) => {
        whole.bytes = bytes;
        update();
      });
      // The counting may be over since the question was asked; a newer ballot may not have been kept quiet.
      if (thorough.standing === "replaced") throw new CheckFault("box-answer");
      Object.assign(whole, { state: "done", thorough });
      update();
    } catch (error) {
      this.#showFault(error, () => this.#show(found));
    }
  }

  /**
   * @param {unknown} error
   * @param {() => void} retry
   */
  #showFault(error, retry) {
    if (error instanceof CheckFault) {
      return this.frame.show(() => faultView(error, this.#about, () => this.#ask()));
    }
    const { words } = this.frame;
    const again = () => button(words.t("try_again"), retry);
    if (error instanceof NetworkError) {
      const said = () => ({
        title: words.t("no_connection_title"),
        text: words.t("no_connection"),
      });
      return this.frame.show(() => message(this.#data.title, said(), words, again()));
    }
    if (error instanceof RefusedError) {
      const { message: text, code } = error;
      const said = () => ({ title: words.t("service_title"), text, code });
      return this.frame.show(() => message(this.#data.title, said(), words, again()));
    }
    throw error;
  }
}
