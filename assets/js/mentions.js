// Calling a picture or a file by its handle while writing: after an @ those of the tray and of the
// conversation are offered. One of the conversation that is called goes along.

import { find, findHtml } from "./dom.js";
import { files, pictures } from "./handles.js";
import { on } from "./state.js";
import * as tray from "./tray.js";
import { t } from "./words.js";

/** @import { Estimated, NumberedFile, NumberedPicture } from "./protocol.js" */

/**
 * @typedef {object} Offer
 * @property {string} sha
 * @property {string} name
 * @property {boolean} here whether it stands in the tray
 * @property {string} file its kind in a word, if it is no picture; else empty
 */

/** @param {{ sha: string, file: string }} offer */
const handleOf = ({ sha, file }) => (file ? files : pictures).of(sha);

const BEGUN = /(?:^|[\s("'“‘,;:/])@(\w{0,12})$/u;

/** @type {HTMLTextAreaElement} */
let words;
/** @type {HTMLElement} */
let list;
/** @type {NumberedPicture[]} */
let shown = []; // of the conversation, the newest first
/** @type {NumberedFile[]} */
let shownFiles = [];
/** @type {Offer[]} */
let offers = [];
let at = 0;
/** @type {string | null} */
let dismissed = null; // the words for which Escape has closed the list

const open = () => !list.hidden;

/** What has been written of a handle before the caret; null: none is being written. */
function begun() {
  const { selectionStart: caret, selectionEnd, value } = words;
  if (caret !== selectionEnd) return null;
  return BEGUN.exec(value.slice(0, caret))?.[1] ?? null;
}

/** @param {string} query */
function matching(query) {
  const wanted = query.toLowerCase();
  const here = tray.callable().map((each) => ({ ...each, here: true }));
  const inTray = new Set(here.map(({ sha }) => sha));
  const above = [
    ...shown.map(({ sha, alt }) => ({ sha, name: alt || t("Picture"), file: "" })),
    ...shownFiles.map(({ sha, name, kind }) => ({ sha, name, file: kind || t("File") })),
  ]
    .filter(({ sha }) => !inTray.has(sha))
    .map((each) => ({ ...each, here: false }));
  return [...here, ...above].filter((offer) => {
    const handle = handleOf(offer).slice(1);
    if (!handle) return false;
    const named = offer.name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return (
      handle.startsWith(wanted) ||
      handle.replace(/\D+/, "") === wanted ||
      named.some((word) => wanted && word.startsWith(wanted))
    );
  });
}

/**
 * @param {Offer} offer
 * @param {number} place
 */
function option(offer, place) {
  const made = document.createElement("div");
  made.id = `mention-${place}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", String(place === at));
  const image = document.createElement(offer.file ? "i" : "img");
  if (image instanceof HTMLImageElement) {
    image.src = `media/${offer.sha}/thumb`;
    image.alt = "";
  } else image.textContent = offer.file;
  const handle = document.createElement("b");
  handle.textContent = handleOf(offer);
  const name = document.createElement("span");
  name.textContent = offer.name;
  const where = document.createElement("small");
  where.textContent = offer.here ? t("goes along") : t("from this conversation");
  made.append(image, handle, name, where);
  // The box keeps the focus.
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("click", () => choose(offer));
  return made;
}

function look() {
  const wanted = document.activeElement === words && words.value !== dismissed;
  const query = wanted ? begun() : null;
  const found = query === null ? [] : matching(query);
  // A handle that is written out and goes along wants no more help: Enter sends.
  const whole = `@${query?.toLowerCase()}`;
  const said = found.some((offer) => offer.here && handleOf(offer) === whole);
  if (!found.length || said) {
    close();
    return;
  }
  const same = open() && found.map(({ sha }) => sha).join() === offers.map(({ sha }) => sha).join();
  offers = found;
  if (!same) at = 0;
  draw();
}

function draw() {
  list.replaceChildren(...offers.map(option));
  list.hidden = false;
  words.setAttribute("aria-activedescendant", `mention-${at}`);
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function close() {
  if (!open()) return;
  list.hidden = true;
  list.replaceChildren();
  words.removeAttribute("aria-activedescendant");
}

/** @param {Offer} offer */
function choose(offer) {
  const query = begun();
  const handle = handleOf(offer);
  const file = shownFiles.find(({ sha }) => sha === offer.sha);
  if (!offer.here && file) tray.joinFile(file);
  else if (!offer.here) tray.join(offer.sha, offer.name);
  const caret = words.selectionStart;
  const from = query === null ? caret : caret - query.length - 1;
  insert(`${handle} `, from, caret);
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function insert(text, from, to) {
  words.focus();
  words.setRangeText(text, from, to, "end");
  close();
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * What stands in the tray is called by a click on it.
 * @param {string} handle
 */
function call(handle) {
  if (!handle) return;
  const { selectionStart: from, selectionEnd: to, value } = words;
  const apart = from > 0 && !/\s$/.test(value.slice(0, from)) ? " " : "";
  insert(`${apart}${handle} `, from, to);
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (!open() || event.isComposing) return;
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: offers.length - 1 };
  const to = steps[/** @type {keyof typeof steps} */ (event.key)];
  const offer = offers[at];
  if (to !== undefined) {
    at = (to + offers.length) % offers.length;
    draw();
  } else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
    if (offer) choose(offer);
  } else if (event.key === "Escape") {
    dismissed = words.value;
    close();
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Enter sends, Escape ends an edit: not while this is open
}

/**
 * Words that call something by a number that is another's now.
 * @param {{ pictures: Map<number, number>, files: Map<number, number> }} renamed
 */
function rename(renamed) {
  const whole = pictures.rewritten(words.value, renamed.pictures);
  const text = files.rewritten(whole, renamed.files);
  if (text === words.value) return;
  const [from, to] = [words.selectionStart, words.selectionEnd];
  words.value = text;
  words.setSelectionRange(from, to);
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start() {
  words = find("#words", HTMLTextAreaElement);
  list = findHtml("#mentions");
  words.addEventListener("keydown", key, { capture: true });
  words.addEventListener("input", look);
  words.addEventListener("click", look);
  words.addEventListener("keyup", (event) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && !open()) look();
  });
  words.addEventListener("blur", close);
  on("call", call);
  on("renamed", rename);
  on("opened", () => {
    shown = [];
    shownFiles = [];
    close();
  });
  on("estimated", (/** @type {Estimated} */ told) => {
    shown = told.shown;
    shownFiles = told.shown_files;
    look();
  });
}
