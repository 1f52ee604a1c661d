// Where the words of a search stand in a text.

const BEFORE = 14; // characters of a line before its first hit: a narrow list shows thirty

/**
 * The text from shortly before the first of the words, at the beginning of a word.
 * @param {string} text
 * @param {string[]} sought
 */
export function fromHit(text, sought) {
  const [first, ...rest] = parted(text, sought);
  if (!first || first.hit || !rest.length || first.words.length <= BEFORE) return text;
  const near = first.words.slice(-BEFORE);
  const space = near.search(/\s\S/);
  return `…${space < 0 ? near : near.slice(space + 1)}${text.slice(first.words.length)}`;
}

/**
 * A text in pieces: those that are a word of a search, in whichever case, and those between.
 * @param {string} text
 * @param {string[]} sought
 * @returns {{ words: string, hit: boolean }[]}
 */
export function parted(text, sought) {
  const forms = sought.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  if (!text || !forms.length) return text ? [{ words: text, hit: false }] : [];
  // The longest first: of two that begin alike it is the longer one that is marked.
  forms.sort((one, other) => other.length - one.length);
  return text
    .split(new RegExp(`(${forms.join("|")})`, "giu"))
    .map((words, at) => ({ words, hit: at % 2 === 1 }))
    .filter(({ words }) => words);
}
