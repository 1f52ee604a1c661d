// A reply as it is read aloud: block by block, with what cannot be read said in short.

import { plural, t } from "./words.js";

/**
 * @typedef {object} Block
 * @property {string} text
 * @property {boolean} ours whether it is a remark of Easel's, in the language of the page
 */

// Labels and buttons, what the model thought, what tools did, numbers of footnotes.
const UNSAID = ".code-head, .thinking, .tool, .approval, .proof, sup, button, summary, style, script, [hidden]";
const BLOCKS = "P, H1, H2, H3, H4, H5, H6, LI, DT, DD, BLOCKQUOTE, FIGCAPTION".split(", ");
const LONGEST = 220; // some voices stop for good in the middle of a longer piece

/** @param {string} text */
const oneLine = (text) => text.replaceAll(/\s+/g, " ").trim();

/** The words of an element without what is not said. @param {Element} element */
function wordsOf(element) {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const unsaid of copy.querySelectorAll(UNSAID)) unsaid.remove();
  for (const image of copy.querySelectorAll("img")) image.replaceWith(image.getAttribute("alt") ?? "");
  return oneLine(copy.textContent ?? "");
}

/**
 * Row by row, each cell after the head of its column.
 * @param {HTMLTableElement} table
 * @returns {string[]}
 */
export function rowsOf(table) {
  const [first, ...rest] = [...table.rows];
  if (!first) return [];
  /** @type {(row: HTMLTableRowElement) => string[]} */
  const cells = (row) => [...row.cells].map(wordsOf);
  const heads = first.querySelector("th") ? cells(first) : [];
  return (heads.length ? rest : [first, ...rest])
    .map((row) =>
      cells(row)
        .map((cell, at) => (cell && heads[at] ? `${heads[at]}: ${cell}` : cell))
        .filter(Boolean)
        .join("; "),
    )
    .filter(Boolean);
}

/** @param {Element} code */
function aboutCode(code) {
  const lines = (code.querySelector("pre")?.textContent ?? "").trimEnd().split("\n").length;
  const language = oneLine(code.querySelector(".code-lang")?.textContent ?? "");
  return language
    ? plural(lines, "{n} line of {language}, not read.", "{n} lines of {language}, not read.", { language })
    : plural(lines, "{n} line of code, not read.", "{n} lines of code, not read.");
}

/**
 * @param {Element} element
 * @param {Block[]} into
 */
function walk(element, into) {
  /** @type {(text: string, ours?: boolean) => void} */
  const say = (text, ours = false) => {
    if (text) into.push({ text, ours });
  };
  for (const child of element.children) {
    if (child.matches(UNSAID)) continue;
    if (child.matches(".code, pre")) say(aboutCode(child), true);
    else if (child.matches(".pic")) {
      const alt = child.querySelector("img")?.getAttribute("alt") ?? "";
      say(alt ? t("A picture: {alt}", { alt: oneLine(alt) }) : t("A picture."), true);
    } else if (child.matches(".maths, math")) say(t("A formula."), true);
    else if (child instanceof HTMLTableElement) rowsOf(child).forEach((row) => say(row));
    else if (BLOCKS.includes(child.tagName) && !child.querySelector("p, ul, ol, table, .code, pre, .pic")) {
      say(wordsOf(child));
    } else if (child.children.length) walk(child, into);
    else say(wordsOf(child));
  }
}

/**
 * What is said of a reply, in order.
 * @param {Element} body
 * @returns {Block[]}
 */
export function blocksOf(body) {
  /** @type {Block[]} */
  const found = [];
  walk(body, found);
  return found;
}

/**
 * In pieces that a voice gets through, cut between sentences where that is possible.
 * @param {string} text
 * @param {string} language
 * @returns {string[]}
 */
export function pieces(text, language) {
  /** @type {string[]} */
  const found = [];
  for (const { segment } of new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)) {
    const last = found.at(-1);
    if (last !== undefined && last.length + segment.length <= LONGEST) {
      found[found.length - 1] = last + segment;
    } else found.push(segment);
  }
  return found.map((piece) => piece.trim()).filter(Boolean);
}
