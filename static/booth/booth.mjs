// A member's way through the booth: signing in, choosing, checking, casting, the receipt. What it knows of
// the member is in this object's memory alone and goes with the page.

import { NetworkError, RefusedError, requestBytes, requestJson } from "./api.mjs";
import { BadReceiptError, Casting } from "./casting.mjs";
import { readCode } from "./code.mjs";
import { signInToken } from "./credential.mjs";
import { h } from "./dom.mjs";
import { Encryptor } from "./encryptor.mjs";
import { ProtocolError } from "./errors.mjs";
import { answersOf, joinPaper } from "./paper.mjs";
import { VerifierKey } from "./tlog/note.mjs";
import { castingView } from "./views/casting.mjs";
import { checkView } from "./views/check.mjs";
import { choicesOf, chooseView } from "./views/choose.mjs";
import { doneView } from "./views/done.mjs";
import { button, head, message, notice } from "./views/frame.mjs";
import { signInView } from "./views/sign_in.mjs";

/** @typedef {import("./paper.mjs").Paper} Paper */
/** @typedef {import("./views/choose.mjs").ChooseState} ChooseState */

/**
 * A member who signed in, and the agenda.
 * @typedef {ChooseState & { code: string, token: string, logKey: VerifierKey | null,
 *   colleges: Map<string, Record<string, string>> }} Session
 */

/** The booth. */
export class Booth {
  /** @type {Session | null} */
  #session = null;
  /** @type {Casting[]} */
  #castings = [];
  /** @type {Encryptor | null} */
  #encryptor = null;
  #dirty = false;

  /** @param {import("./frame.mjs").Frame} frame */
  constructor(frame) {
    this.frame = frame;
    addEventListener("beforeunload", (event) => {
      if (this.#dirty) event.preventDefault();
    });
  }

  get #words() {
    return this.frame.words;
  }

  get #eyebrow() {
    const { title, rehearsal } = this.frame.data;
    return rehearsal ? `${title} · ${this.#words.t("rehearsal")}` : title;
  }

  /** @param {string} typed what the link carried */
  start(typed) {
    const read = readCode(typed);
    if ("code" in read) return this.#signIn(read.code, true);
    return this.#askForCode(typed, read.fault === "empty" ? null : "code_link", null);
  }

  /**
   * @param {string} typed
   * @param {string | null} noticeKey
   * @param {string | null} faultKey
   */
  #askForCode(typed, noticeKey, faultKey) {
    /** @type {{ typed: string, fault: string | null, notice: string | null }} */
    const state = { typed, fault: null, notice: null };
    this.frame.show(() => {
      state.notice = noticeKey && this.#words.t(noticeKey);
      state.fault = faultKey && this.#words.t(faultKey);
      return signInView(this.#words, this.#eyebrow, state, (code) => this.#signIn(code, false));
    });
  }

  /**
   * @param {string} code
   * @param {boolean} byLink whether the reader came straight here, in a language nobody chose
   */
  async #signIn(code, byLink) {
    this.frame.show(() => [
      head(this.#eyebrow, this.#words.t("loading")),
      h("p", { class: "work" }, h("progress", {})),
    ]);
    try {
      const { session, language } = await load(this.frame.data, code);
      this.#session = session;
      this.#encryptor ??= new Encryptor();
      const chosen = new URL(location.href).searchParams.has("lang");
      if (byLink && !chosen) await this.#takeOwnLanguage(language);
      this.#choose(null);
    } catch (error) {
      this.#showFault(error, code, byLink);
    }
  }

  /**
   * The language that the roll has for the member, where the page can speak it.
   * @param {string} language
   */
  async #takeOwnLanguage(language) {
    const { data } = this.frame;
    const offered = document.querySelector(`.languages a[hreflang="${CSS.escape(language)}"]`);
    if (language === data.language || offered === null) return;
    try {
      await this.frame.turnInto(language);
    } catch {
      // The page is as good in the language it came in.
    }
  }

  /**
   * @param {unknown} error
   * @param {string} code
   * @param {boolean} byLink
   */
  #showFault(error, code, byLink) {
    if (error instanceof RefusedError && error.code === "unknown-code") {
      return this.#askForCode(code, null, "code_unknown");
    }
    this.frame.show(() => {
      const again = button(this.#words.t("try_again"), () => this.#signIn(code, byLink));
      return message(this.#eyebrow, faultWords(error, this.#words), this.#words, again);
    });
  }

  /** @param {string | null} field to go back to */
  #choose(field) {
    const session = this.#required();
    this.frame.show(() =>
      chooseView(session, this.#eyebrow, this.#around(session), {
        onCheck: () => this.#check(),
        onInclude: (uuid) => {
          session.included.add(uuid);
          this.#choose(null);
        },
      }),
    );
    if (field === null) return;
    const element = document.getElementById(field);
    element?.querySelector("input")?.focus();
    element?.scrollIntoView({ block: "start" });
  }

  /**
   * @param {Session} session
   * @returns {import("./views/question.mjs").Surroundings}
   */
  #around(session) {
    const { data, words } = this.frame;
    return {
      words,
      photos: `${session.board}photos/`,
      colleges: session.colleges,
      rules: new Map(Object.entries(data.rules ?? {})),
      announce: (text) => this.frame.announce(text),
      onChange: () => {
        this.#dirty = true;
      },
    };
  }

  #check() {
    const session = this.#required();
    this.frame.show(() =>
      checkView(session, this.#eyebrow, this.#words, {
        onCast: () => this.#cast(),
        onBack: (field) => this.#choose(field),
      }),
    );
  }

  #cast() {
    const session = this.#required();
    this.#castings = session.papers
      .filter((paper) => session.included.has(paper.uuid))
      .map((paper) => new Casting(paper, answersOf(paper, choicesOf(session, paper))));
    return this.#send();
  }

  /** Casts what is not in the box yet. */
  async #send() {
    const { code, token, logKey } = this.#required();
    const encryptor = this.#encryptor;
    if (encryptor === null || logKey === null) throw new Error("there is no open ballot box");
    let onStep = (
      /** @type {import("./casting.mjs").Step} */ _step,
      /** @type {number} */ _n,
    ) => {};
    this.frame.show(() => {
      const view = castingView(this.#words, this.#eyebrow);
      onStep = view.onStep;
      return view.content;
    });
    try {
      for (const casting of this.#castings) {
        const means = { encryptor, code, token, logKey };
        await casting.run(means, (step, progress) => onStep(step, progress));
        casting.paper.voted = true;
      }
      this.#dirty = false;
      this.#done();
    } catch (error) {
      this.#showUncast(error);
    }
  }

  /** @param {unknown} error */
  #showUncast(error) {
    const inBox = this.#castings.filter(({ done }) => done !== null);
    this.frame.show(() => {
      const words = this.#words;
      const { again, ...said } = uncastWords(error, words);
      const already = inBox.map(({ paper }) => words.say(paper.title ?? { en: paper.ballot }).text);
      return [
        ...message(
          this.#eyebrow,
          said,
          words,
          again === "send"
            ? button(words.t("send_again"), () => this.#send(), "big")
            : button(words.t("back_button"), () => this.#choose(null)),
        ),
        already.length > 0 &&
          notice("ok", h("p", {}, words.t("already_in"), " ", already.join(", "))),
      ];
    });
  }

  #done() {
    const session = this.#required();
    const about = {
      assembly: this.frame.data.assembly,
      timeZone: session.timeZone,
      severalPapers: session.papers.length > 1,
    };
    this.frame.show(() =>
      doneView(this.#castings, about, this.#eyebrow, this.#words, {
        onAgain: () => this.#choose(null),
        onFinish: () => this.#finish(),
      }),
    );
  }

  /** Forgets the member. */
  #finish() {
    this.#session = null;
    this.#castings = [];
    this.#encryptor?.close();
    this.#encryptor = null;
    const { board } = this.frame.data;
    this.frame.show(() => [
      head(this.#eyebrow, this.#words.t("finished_title")),
      h("p", { class: "lead" }, this.#words.t("finished")),
      h("p", {}, h("a", { href: board }, this.#words.t("board_link"))),
    ]);
  }

  /** @returns {Session} */
  #required() {
    if (this.#session === null) throw new Error("nobody has signed in");
    return this.#session;
  }
}

/**
 * @param {import("./frame.mjs").PageData} data
 * @param {string} code
 * @returns {Promise<{ session: Session, language: string }>}
 */
async function load({ assembly, board }, code) {
  const token = signInToken(assembly, code);
  const home = `/api/assemblies/${encodeURIComponent(assembly)}`;
  const [definitionData, status, member] = await Promise.all([
    requestBytes(home),
    requestJson(`${home}/status`),
    requestJson(`${home}/sign-in`, { method: "POST", token }),
  ]);
  const papers = await Promise.all(
    member.papers.map((/** @type {import("./paper.mjs").Entitlement} */ entitlement) =>
      loadPaper(definitionData, status, entitlement),
    ),
  );
  const definition = JSON.parse(new TextDecoder().decode(definitionData));
  const open = papers.filter(({ state, voted }) => state === "open" && !voted);
  const session = {
    code,
    token,
    logKey: status.log_key === null ? null : VerifierKey.parse(status.log_key),
    papers,
    included: new Set(open.map(({ uuid }) => uuid)),
    choices: new Map(),
    name: member.name,
    timeZone: definition.assembly.timezone,
    board,
    colleges: new Map(
      (definition.colleges ?? []).map((/** @type {any} */ { id, name }) => [id, name]),
    ),
  };
  return { session, language: member.language };
}

/**
 * @param {Uint8Array} definitionData
 * @param {any} status
 * @param {import("./paper.mjs").Entitlement} entitlement
 * @returns {Promise<Paper>}
 */
async function loadPaper(definitionData, status, { ballot, uuid, voted, state }) {
  const found = status.papers.find((/** @type {any} */ each) => each.ballot === ballot);
  const times = { opens: found.opens, closes: found.closes };
  const election =
    state === "before" ? null : await requestBytes(`/api/elections/${uuid}/election`);
  return joinPaper(definitionData, { ballot, uuid, voted, state }, times, election);
}

/**
 * @param {unknown} error
 * @param {import("./words.mjs").Words} words
 * @returns {{ title: string, text: string, code: string | null }}
 */
function faultWords(error, words) {
  if (error instanceof NetworkError) {
    return { title: words.t("no_connection_title"), text: words.t("no_connection"), code: null };
  }
  if (error instanceof RefusedError) {
    return { title: words.t("service_title"), text: error.message, code: error.code };
  }
  if (error instanceof ProtocolError) {
    return { title: words.t("agenda_title"), text: words.t("agenda"), code: error.code };
  }
  return { title: words.t("unsupported_title"), text: words.t("unsupported"), code: String(error) };
}

/** The refusals of a ballot that the page has words of its own for. */
const REFUSALS = /** @type {Record<string, string>} */ ({
  closed: "refused_closed",
  "not-open-yet": "refused_before",
  "unknown-code": "refused_code",
  "another-credential": "refused_code",
});

/**
 * @param {unknown} error
 * @param {import("./words.mjs").Words} words
 * @returns {{ title: string, text: string, kind: "warn" | "error", code: string | null,
 *   again: "send" | "choose" }}
 */
function uncastWords(error, words) {
  const kind = /** @type {const} */ ("error");
  if (error instanceof NetworkError || (error instanceof RefusedError && error.isPassing)) {
    const said = { title: words.t("unsent_title"), text: words.t("unsent"), code: null };
    return { ...said, kind: "warn", again: "send" };
  }
  if (error instanceof BadReceiptError) {
    const said = { title: words.t("receipt_title"), text: words.t("receipt_wrong") };
    return { ...said, code: error.code, kind, again: "send" };
  }
  const title = words.t("refused_title");
  if (error instanceof RefusedError) {
    const own =
      REFUSALS[error.code] ?? (error.code.startsWith("ballot-") ? "refused_ballot" : null);
    const text = own === null ? error.message : words.t(own);
    return { title, text, code: error.code, kind, again: "choose" };
  }
  return { title, text: words.t("refused_ballot"), code: String(error), kind, again: "choose" };
}
