// A member's way through the booth: signing in, choosing, checking, casting, the receipt. What it knows of
// the member is in this object's memory alone and goes with the page.

import { RefusedError } from "./api.mjs";
import { Casting } from "./casting.mjs";
import { readCode } from "./code.mjs";
import { h } from "./dom.mjs";
import { Encryptor } from "./encryptor.mjs";
import { faultWords, isTooLate, uncastWords } from "./faults.mjs";
import { answersOf, unanswered } from "./paper.mjs";
import { Proxies } from "./proxies.mjs";
import { load } from "./session.mjs";
import { castingView } from "./views/casting.mjs";
import { checkView } from "./views/check.mjs";
import { choicesOf, chooseView } from "./views/choose.mjs";
import { doneView } from "./views/done.mjs";
import { button, head, message, notice } from "./views/frame.mjs";
import { signInView } from "./views/sign_in.mjs";

/** @typedef {import("./session.mjs").Session} Session */

/** The booth. */
export class Booth {
  /** @type {Session | null} whose ballot is being filled in */
  #session = null;
  /** @type {Proxies | null} the mandates of the member who signed in, where there are proxies */
  #proxies = null;
  /** @type {Casting[]} */
  #castings = [];
  /** @type {Encryptor | null} */
  #encryptor = null;
  #dirty = false;
  /** @type {"choose" | "check" | null} where the browser's Back and Forward lead to and fro */
  #step = null;
  /** @type {string | null} the question to which the reader is on the way back */
  #field = null;

  /** @param {import("./frame.mjs").Frame} frame */
  constructor(frame) {
    this.frame = frame;
    addEventListener("beforeunload", (event) => {
      if (this.#dirty) event.preventDefault();
    });
    history.scrollRestoration = "manual";
    addEventListener("popstate", ({ state }) => this.#follow(state?.step));
  }

  get #words() {
    return this.frame.words;
  }

  /** The assembly, over every heading. */
  get #title() {
    const { title, rehearsal } = this.frame.data;
    return rehearsal ? `${title} · ${this.#words.t("rehearsal")}` : title;
  }

  get #eyebrow() {
    if (!this.#session?.behalf) return this.#title;
    return `${this.#title} · ${this.#words.t("behalf", { name: this.#session.name })}`;
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
    if (faultKey) document.getElementById("code")?.focus();
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
      this.#proxies = this.#proxiesOf(session);
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

  /**
   * @param {Session} own
   * @returns {Proxies | null}
   */
  #proxiesOf(own) {
    const fill = (/** @type {Session} */ session) => {
      this.#session = session;
      this.#choose(null);
    };
    const { desk } = own;
    return desk && new Proxies(this.frame, { own, desk, fill, eyebrow: () => this.#title });
  }

  /** @param {string | null} field to go back to */
  #choose(field) {
    const session = this.#required();
    this.#step = "choose";
    history.replaceState({ step: "choose" }, "");
    this.frame.show(() =>
      chooseView(session, this.#eyebrow, this.#around(session), {
        onCheck: () => this.#check(),
        onInclude: (uuid) => {
          session.included.add(uuid);
          this.#choose(null);
        },
        around: this.#proxies?.around(session) ?? { above: [], below: [] },
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
    this.#step = "check";
    if (history.state?.step !== "check") history.pushState({ step: "check" }, "");
    this.frame.show(() =>
      checkView(session, this.#eyebrow, this.#words, {
        onCast: () => this.#cast(),
        onBack: (field) => this.#goBack(field),
      }),
    );
  }

  /**
   * Goes where the browser's Back or Forward leads. A ballot that was sent is not filled in any more.
   * @param {"choose" | "check" | undefined} step none where only a place on the page was left
   */
  #follow(step) {
    const session = this.#session;
    const field = this.#field;
    this.#field = null;
    if (session === null || this.#step === null || step === undefined) return;
    const papers = session.papers.filter(({ uuid }) => session.included.has(uuid));
    const ready = papers.every(
      (paper) => unanswered(paper, choicesOf(session, paper)).length === 0,
    );
    if (step === "check" && papers.length > 0 && ready) return this.#check();
    this.#choose(field);
  }

  /** @param {string | null} field to go back to */
  #goBack(field) {
    if (history.state?.step !== "check") return this.#choose(field);
    this.#field = field;
    history.back();
  }

  #cast() {
    const session = this.#required();
    this.#step = null;
    this.#castings = session.papers
      .filter((paper) => session.included.has(paper.uuid))
      .map((paper) => new Casting(paper, answersOf(paper, choicesOf(session, paper))));
    return this.#send();
  }

  /** Casts what is not in the box yet. */
  async #send() {
    const session = this.#required();
    const { logKey } = session;
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
        const means = { encryptor, logKey, ...session.signs(casting.paper) };
        await casting.run(means, (step, progress) => onStep(step, progress));
        casting.paper.voted = true;
        session.representedBy = null;
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
    const counts = this.#castings.every(({ paper }) => paper.voted);
    if (isTooLate(error)) this.#dirty = false;
    this.frame.show(() => {
      const words = this.#words;
      const { again, ...said } = uncastWords(error, words, counts);
      const already = inBox.map(({ paper }) => words.say(paper.title ?? { en: paper.ballot }).text);
      return [
        ...message(this.#eyebrow, said, words, this.#wayOn(again)),
        already.length > 0 &&
          notice("ok", h("p", {}, words.t("already_in"), " ", already.join(", "))),
      ];
    });
  }

  /**
   * @param {import("./faults.mjs").Again} again
   * @returns {HTMLElement}
   */
  #wayOn(again) {
    const words = this.#words;
    if (again === "send") return button(words.t("send_again"), () => this.#send(), "big");
    if (again === "choose") return button(words.t("back_button"), () => this.#choose(null));
    const { board } = this.frame.data;
    return h("a", { role: "button", href: board }, words.t("board_link"));
  }

  #done() {
    const session = this.#required();
    const about = {
      assembly: this.frame.data.assembly,
      timeZone: session.timeZone,
      severalPapers: session.papers.length > 1,
      behalf: session.behalf ? session.name : null,
      check: this.frame.data.check ?? "",
      mailToken: this.#mailToken(session),
    };
    this.frame.show(() =>
      doneView(this.#castings, about, this.#eyebrow, this.#words, {
        onAgain: () => this.#choose(null),
        onFinish: () => this.#finish(),
        next: this.#proxies?.afterCasting(session) ?? null,
      }),
    );
  }

  /**
   * @param {Session} session
   * @returns {string | null} what a member has receipts sent to their own address with
   */
  #mailToken({ behalf, signs }) {
    const [casting] = this.#castings;
    return this.frame.data.mail && !behalf ? signs(casting.paper).token : null;
  }

  /** Forgets the member. */
  #finish() {
    this.#session = null;
    this.#proxies = null;
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
