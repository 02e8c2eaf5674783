// What the page says, in the reader's language.

/** @typedef {Record<string, string | string[]>} Strings a list is singular and plural */
/** @typedef {Record<string, string | number | bigint>} Params */

// English as the pages write it: the day before the month.
const LOCALES = /** @type {Record<string, string>} */ ({ en: "en-GB" });

/** The strings of one language, and how it writes numbers and dates. */
export class Words {
  /**
   * @param {string} language
   * @param {string[]} order the assembly's languages, the reference first
   * @param {Strings} strings
   */
  constructor(language, order, strings) {
    this.language = language;
    this.order = order;
    this.strings = strings;
    this.locale = LOCALES[language] ?? language;
  }

  /**
   * @param {string} key
   * @param {Params} [params]
   * @returns {string}
   */
  t(key, params = {}) {
    const text = this.strings[key];
    if (typeof text !== "string") throw new Error(`no string ${key}`);
    return this.#filled(text, params);
  }

  /**
   * @param {string} key of a pair, singular and plural
   * @param {number} n
   * @param {Params} [params]
   * @returns {string}
   */
  n(key, n, params = {}) {
    const [one, other] = this.strings[key];
    const form = new Intl.PluralRules(this.locale).select(n) === "one" ? one : other;
    return this.#filled(form, { n, ...params });
  }

  /**
   * @param {Record<string, string>} texts of the assembly
   * @returns {{ text: string, lang: string | null }} in the reader's language, or else the first one
   *   there is, named
   */
  say(texts) {
    const language = [this.language, ...this.order].find((each) => each in texts);
    const found = language ?? Object.keys(texts)[0];
    return { text: texts[found], lang: found === this.language ? null : found };
  }

  /**
   * @param {string} time ISO 8601 with its offset
   * @param {string} timeZone of the assembly
   * @returns {string} day and time
   */
  moment(time, timeZone) {
    const format = new Intl.DateTimeFormat(this.locale, {
      dateStyle: "full",
      timeStyle: "short",
      timeZone,
    });
    return format.format(new Date(time));
  }

  /**
   * @param {string} text
   * @param {Params} params
   * @returns {string}
   */
  #filled(text, params) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === "string" ? value : value.toLocaleString(this.locale);
    });
  }
}
