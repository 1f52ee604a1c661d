// In which language a text is, as far as letters and the commonest words tell: enough to choose a
// voice. Nobody is asked for it.

/** @type {[string, RegExp][]} */
const SCRIPTS = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["zh", /\p{Script=Han}/gu],
  ["hi", /\p{Script=Devanagari}/gu],
  ["ru", /\p{Script=Cyrillic}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["th", /\p{Script=Thai}/gu],
];

// Words that few others of these languages have.
/** @type {Record<string, string>} */
const COMMON = {
  en: "the and of to is are was with that this for you it not what from have be which",
  de: "der die das und ist nicht ein eine mit von zu den im auf für sind wird auch sich werden",
  fr: "le la les et des est une dans pour que qui pas sur avec du sont vous il ce au",
  es: "el los las y de que en un una es con para por no se del como más su está",
  it: "il lo gli di che è un una per con non sono del della si più come nel alla anche",
  pt: "o os as de que e do da em um uma para com não é por se mais como são",
  nl: "de het een en van is dat op te niet met voor zijn aan er ook maar bij naar wordt",
};

const SETS = Object.entries(COMMON).map(
  /** @returns {[string, Set<string>]} */
  ([language, words]) => [language, new Set(words.split(" "))],
);

/**
 * @param {string} text
 * @param {string} otherwise the language where nothing tells
 * @returns {string} as in `lang`, without a region
 */
export function languageOf(text, otherwise) {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [language, script] of SCRIPTS) {
    if ((text.match(script)?.length ?? 0) > letters / 5) return language;
  }
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const scores = SETS.map(
    /** @returns {[number, string]} */
    ([language, common]) => [words.filter((word) => common.has(word)).length, language],
  );
  const best = Math.max(...scores.map(([score]) => score));
  const first = scores.filter(([score]) => score === best).map(([, language]) => language);
  const usual = otherwise.split("-")[0] ?? otherwise;
  return best === 0 || first.includes(usual) ? usual : (first[0] ?? usual);
}
