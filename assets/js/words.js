// The words of the page in the language of its reader. What stands in the scripts in English is the
// key; the server puts the catalogue of the chosen language before them, so that it is there before
// anything is said. How numbers and dates are written, and which plural goes with a number, is known
// to the browser: Intl.

/**
 * @typedef {object} Words
 * @property {string} language as in `lang`
 * @property {string} direction `ltr` or `rtl`
 * @property {string[]} categories the plural categories, in the order of the forms
 * @property {boolean} pseudo whether words are made up, to show what is not translated
 * @property {[string, string][]} offered the languages that may be chosen, and what each calls itself
 * @property {Record<string, string | string[]>} words from English
 */

/** @type {Words} */
const told = Reflect.get(globalThis, "easelWords") ?? {
  language: "en",
  direction: "ltr",
  categories: ["one", "other"],
  pseudo: false,
  offered: [["en", "English"]],
  words: {},
};

/** The language of the page. */
export const language = told.language;

/** Which languages may be chosen, and what each calls itself. */
export const offered = told.offered;

/** Keep what the page says of its language: Gradio writes the browser's own over it as it begins. */
export function keepLanguage() {
  const root = document.documentElement;
  const write = () => {
    if (root.lang !== language) root.lang = language;
    if (root.dir !== told.direction) root.dir = told.direction;
  };
  write();
  new MutationObserver(write).observe(root, { attributeFilter: ["lang", "dir"] });
}

/** Whether lines run from right to left. */
export const rightToLeft = told.direction === "rtl";

/** What `Intl` is to be asked with: made-up languages count and date as English does. */
export const locale = told.pseudo ? "en" : told.language;

const rules = new Intl.PluralRules(locale);

/**
 * A number as it is written in this language.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [how]
 */
export const number = (value, how) => new Intl.NumberFormat(locale, how).format(value);

/** With so many decimals. @param {number} value @param {number} decimals */
export const decimal = (value, decimals) =>
  number(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** Things in a row, with commas as they are there. @param {string[]} things */
export const inARow = (things) =>
  new Intl.ListFormat(locale, { type: "unit", style: "short" }).format(things);

const PLAIN = "aceinosuyACEINOSUY";
const ACCENTED = "áçéíñóšúýÁÇÉÍÑÓŠÚÝ";

/** @param {string} text */
function madeUp(text) {
  const pieces = text.split(/(\{\w+\})/).map((piece, at) =>
    at % 2 ? piece : [...piece].map((letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter).join(""),
  );
  return `⟦${pieces.join("")}${"·".repeat(Math.floor(text.length / 3))}⟧`;
}

/**
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
const filled = (text, values) =>
  text.replaceAll(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));

/**
 * These words in the language of the page.
 * @param {string} text in English; `{name}` is a place for a value
 * @param {Record<string, unknown>} [values]
 */
export function t(text, values = {}) {
  if (told.pseudo) return filled(madeUp(text), values);
  const found = told.words[text];
  return filled((Array.isArray(found) ? found[0] : found) ?? text, values);
}

/**
 * The form of these words that goes with a number, which is `{n}` in them.
 * @param {number} n
 * @param {string} one in English
 * @param {string} many
 * @param {Record<string, unknown>} [values]
 */
export function plural(n, one, many, values = {}) {
  const all = { n: number(n), ...values };
  const english = n === 1 ? one : many;
  if (told.pseudo) return filled(madeUp(english), all);
  const forms = told.words[one];
  if (!Array.isArray(forms)) return filled(english, all);
  const at = told.categories.indexOf(rules.select(n));
  return filled(forms[at < 0 ? forms.length - 1 : at] ?? english, all);
}
