// Words that are put into others where the caret is.

// Between these stands no space, and around any others one does.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\s]/u;
const ENDS = /^[\s.,;:!?…)\]}»”、。，．！？；：）」』]/u;
const OPENS = /[\s([{«“「『（]$/u;

/** @param {string} before @param {string} after */
const spaceBetween = (before, after) =>
  before !== "" &&
  after !== "" &&
  !UNSPACED.test([...before].at(-1) ?? "") &&
  !UNSPACED.test([...after][0] ?? "") &&
  !ENDS.test(after) &&
  !OPENS.test(before);

/**
 * What to put at the caret, so that words do not run into each other.
 * @param {string} text
 * @param {number} at
 * @param {string} said
 */
export function spaced(text, at, said) {
  const [before, after] = [text.slice(0, at), text.slice(at)];
  return `${spaceBetween(before, said) ? " " : ""}${said}${spaceBetween(said, after) ? " " : ""}`;
}
