// Drafts in this browser: what is written and not yet sent, by conversation. A server restart
// reloads the page, and a reload must not cost a word. Each tab has its own; one that is opened
// later begins with what was kept last, which may be all that is left of a tab that was closed.

import { newName } from "./line.js";
import * as storage from "./storage.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

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
 * @property {string} [tab] which wrote it, or began with it
 */

const DRAFTS = "easel.drafts";
const TAB = "easel.tab";
const KEPT_DRAFTS = 30;
const SAVED_CHARACTERS = 100_000;

let own = "";
let warned = false; // a browser may refuse to store; once is enough to say so

/**
 * @template T
 * @param {string | null} kept
 * @returns {Record<string, T>}
 */
function parsed(kept) {
  try {
    const drafts = JSON.parse(kept ?? "{}");
    return drafts && typeof drafts === "object" ? drafts : {};
  } catch {
    return {}; // a draft store that cannot be read is an empty one
  }
}

/** @returns {Record<string, Draft>} those of all tabs, the last one written of each conversation */
const all = () => parsed(storage.read(DRAFTS));

/** @returns {Record<string, Draft | null>} those of this tab; null: it has none */
const ofTab = () => parsed(storage.readOfTab(DRAFTS));

/** A name of this tab, the same after a reload. */
function tab() {
  own ||= storage.readOfTab(TAB) ?? newName();
  storage.writeOfTab(TAB, own);
  return own;
}

/**
 * @param {string} owner
 * @param {Draft | null} draft
 */
function holdInTab(owner, draft) {
  const { [owner]: _, ...others } = ofTab();
  const kept = Object.entries({ ...others, [owner]: draft }).slice(-KEPT_DRAFTS);
  storage.writeOfTab(DRAFTS, JSON.stringify(Object.fromEntries(kept)));
}

/** @param {Record<string, Draft>} drafts */
function store(drafts) {
  const kept = Object.entries(drafts).slice(-KEPT_DRAFTS);
  storage.write(DRAFTS, JSON.stringify(Object.fromEntries(kept)));
  if (storage.isLasting() || warned || kept.length === 0) return;
  toast(t("This browser keeps no drafts: a reload would lose the text."));
  warned = true;
}

/**
 * @param {string} owner
 * @returns {Draft | undefined}
 */
export function read(owner) {
  const own = ofTab()[owner];
  if (own !== undefined) return own ?? undefined;
  const drafts = all();
  const draft = drafts[owner];
  holdInTab(owner, draft ?? null);
  if (draft) store({ ...drafts, [owner]: { ...draft, tab: tab() } });
  return draft;
}

/**
 * The newest stands last, and the oldest go first; a draft of nothing is none.
 * @param {string} owner
 * @param {Draft} draft
 */
export function keep(owner, draft) {
  const drafts = all();
  const others = drafts[owner] && drafts[owner].tab !== tab();
  const text = draft.text.slice(0, SAVED_CHARACTERS);
  const said = text || draft.pictures.length || draft.create || draft.fresh || draft.under;
  holdInTab(owner, said ? { ...draft, text } : null);
  if (!said && others) return;
  delete drafts[owner];
  if (said) drafts[owner] = { ...draft, text, tab: tab() };
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
  holdInTab(owner, null);
  const drafts = all();
  if (drafts[owner]?.tab !== tab()) return;
  delete drafts[owner];
  store(drafts);
}
