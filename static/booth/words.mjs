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
    return filled(text, params, this.locale);
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
    return filled(form, { n, ...params }, this.locale);
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
   * @param {string} [here] the reader's own time zone
   * @returns {string} day and time where the assembly is; named where it is another time here
   */
  moment(time, timeZone, here = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    const date = new Date(time);
    const said = (/** @type {string} */ zone) =>
      new Intl.DateTimeFormat(this.locale, {
        dateStyle: "full",
        timeStyle: "short",
        timeZone: zone,
      }).format(date);
    const there = said(timeZone);
    return said(here) === there ? there : `${there} (${zoneName(date, timeZone, this.locale)})`;
  }
}

/**
 * @param {Date} date
 * @param {string} timeZone
 * @param {string} locale
 * @returns {string} "Central European Time"
 */
function zoneName(date, timeZone, locale) {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" });
  const part = format.formatToParts(date).find(({ type }) => type === "timeZoneName");
  return part?.value ?? timeZone;
}

/**
 * @param {string} text
 * @param {Params} params
 * @param {string} locale
 * @returns {string}
 */
function filled(text, params, locale) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "string" ? value : value.toLocaleString(locale);
  });
}
