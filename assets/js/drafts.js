// Drafts in this browser: what is written and not yet sent, by conversation. A server restart
// reloads the page, and a reload must not cost a word.

import * as storage from "./storage.js";
import { toast } from "./toast.js";

/**
 * @typedef {object} Ticket the name under which a message is sent, however often
 * @property {string} id
 * @property {string} content of which message it is the name
 */

/**
 * @typedef {object} Kept a picture or a file of the tray
 * @property {string} sha
 * @property {string} name
 * @property {boolean} [mask]
 * @property {boolean} [pinned]
 * @property {boolean} [stayed]
 * @property {number | null} [number] by which the words call it
 * @property {string} [file] its kind in a word, if it is no picture
 * @property {number} [bytes] of a file
 */

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {Kept[]} pictures and files
 * @property {boolean} create
 * @property {boolean} [fresh] whether it leaves the pictures above behind
 * @property {string | null} [under] an earlier message that it goes under, and not under the last
 * @property {Ticket | null} [ticket] of a message that may have arrived though no answer came
 */

const DRAFTS = "easel.drafts";
const KEPT_DRAFTS = 30;
const SAVED_CHARACTERS = 100_000;

let warned = false; // a browser may refuse to store; once is enough to say so

/** @returns {Record<string, Draft>} */
function all() {
  try {
    const drafts = JSON.parse(storage.read(DRAFTS) ?? "{}");
    return drafts && typeof drafts === "object" ? drafts : {};
  } catch {
    return {}; // a draft store that cannot be read is an empty one
  }
}

/** @param {Record<string, Draft>} drafts */
function store(drafts) {
  const kept = Object.entries(drafts).slice(-KEPT_DRAFTS);
  storage.write(DRAFTS, JSON.stringify(Object.fromEntries(kept)));
  if (storage.isLasting() || warned || kept.length === 0) return;
  toast("This browser keeps no drafts: a reload would lose the text.");
  warned = true;
}

/**
 * @param {string} owner
 * @returns {Draft | undefined}
 */
export const read = (owner) => all()[owner];

/**
 * The newest stands last, and the oldest go first; a draft of nothing is none.
 * @param {string} owner
 * @param {Draft} draft
 */
export function keep(owner, draft) {
  const drafts = all();
  delete drafts[owner];
  const text = draft.text.slice(0, SAVED_CHARACTERS);
  const said = text || draft.pictures.length || draft.create || draft.fresh || draft.under;
  if (said) drafts[owner] = { ...draft, text };
  store(drafts);
}

/**
 * What was on its way to a message that was left is there.
 * @param {string} owner
 * @param {Kept} item
 */
export function add(owner, item) {
  const draft = read(owner) ?? { text: "", pictures: [], create: false };
  const others = draft.pictures.filter((each) => each.sha !== item.sha);
  keep(owner, { ...draft, pictures: [...others, item] });
}

/** @param {string} owner */
export function forget(owner) {
  const drafts = all();
  if (!(owner in drafts)) return;
  delete drafts[owner];
  store(drafts);
}
