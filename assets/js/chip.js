// One picture or file of the tray as it looks: what it shows, what it is there for, and what can be
// done with it. Keeps nothing; the tray does.

import { megabytes } from "./budget.js";
import { plural, t } from "./words.js";

/**
 * @typedef {object} Item a picture or a file of the tray
 * @property {number} key
 * @property {string | null} sha nothing while it is on its way to the server
 * @property {string} name
 * @property {boolean} carried the conversation's latest, which goes along by itself
 * @property {boolean} busy
 * @property {boolean} mask it says where another is to change
 * @property {boolean} pinned it stays for the messages after the next
 * @property {boolean} stayed it was pinned, and an earlier message has taken it along
 * @property {number} width in pixels; 0: not known yet
 * @property {number} height
 * @property {number} bytes
 * @property {number} tokens about so many it counts as for the model; 0: not known yet
 * @property {boolean} smaller a copy that the model takes goes in its place
 * @property {string} note what the server said when it took the picture in
 * @property {string} file its kind in a word, if it is no picture; else empty
 * @property {string} cut what of a file does not go to the model, in a sentence; empty: all goes
 * @property {boolean} byTool whether the model reads the file with a tool
 * @property {(() => void) | null} again sends it once more, where the server could not be given it
 */

/**
 * @typedef {object} Way something that can be done with a picture
 * @property {string} words
 * @property {() => void} act
 * @property {boolean} [pressed] of one that is on or off
 * @property {boolean} [off] it is under way
 */

/**
 * @typedef {object} View how a picture of the tray stands there
 * @property {string} handle what words call it by; empty: nothing
 * @property {boolean} resting whether the tray stays behind
 * @property {string} left why it does not fit into the message; empty: it goes along
 * @property {string} place such as "2 of 3"
 * @property {Way[]} ways beside taking it out
 * @property {() => void} drop called to take it out
 * @property {() => void} call called to have its handle put into the words
 */

/**
 * @param {string} words
 * @param {() => void} act
 * @param {{ label?: string }} options
 */
function button(words, act, { label = words } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (label !== words) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

/**
 * @param {string} words
 * @param {string} name
 */
function line(words, name) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = words;
  return made;
}

/**
 * @param {Item} item
 * @param {boolean} resting
 */
function labelled(item, resting) {
  const name = item.carried ? t("The latest picture") : item.name || t("Picture");
  const whole = item.mask ? t("Mask: {name}", { name }) : name;
  if (resting) return t("{name}, stays behind", { name: whole });
  return item.carried ? t("Editing this picture") : whole;
}

/**
 * @param {Item} item
 * @param {boolean} resting
 */
function short(item, resting) {
  if (item.busy) return `${item.name}…`;
  if (resting) return t("Stays behind");
  if (item.mask) return t("Mask");
  return item.carried ? t("Editing this picture") : item.name;
}

/** @param {Item} item */
const weight = (item) =>
  item.tokens && !item.mask ? plural(item.tokens, "≈ {n} token", "≈ {n} tokens") : "";

/**
 * Size and bytes of a picture, as far as they are known.
 * @param {Item} item
 */
function facts(item) {
  const known = [];
  if (item.file) known.push(item.file);
  if (item.width) known.push(`${item.width} × ${item.height}`);
  if (item.bytes) known.push(megabytes(item.bytes));
  return known.join(" · ");
}

/**
 * What is done to it on its way, in a few words.
 * @param {Item} item
 */
function altered(item) {
  if (item.byTool) return t("Read with a tool");
  return item.smaller ? t("A copy fit for the model goes; the original stays.") : "";
}

/**
 * @param {Item} item
 * @param {View} view
 */
function grip(item, { handle, resting, place, call }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "grip";
  const label = labelled(item, resting);
  made.setAttribute("aria-label", [handle, label, place].filter(Boolean).join(", "));
  made.setAttribute("aria-keyshortcuts", "Alt+ArrowLeft Alt+ArrowRight");
  made.title = handle ? t("Put {handle} into the words; drag, or Alt and arrows, to reorder", { handle }) : label;
  made.append(item.file ? sheet(item) : thumbnail(item));
  made.addEventListener("click", call);
  return made;
}

/** @param {Item} item */
function thumbnail(item) {
  const image = document.createElement("img");
  image.src = `media/${item.sha}/thumb`;
  image.alt = "";
  image.draggable = false;
  return image;
}

/** For kinds whose names have longer endings, or none. @type {Record<string, string>} */
const ENDINGS = { SQLite: "db", Markdown: "md", Calendar: "ics", "JSON Lines": "jsonl" };

/**
 * A file, drawn as a sheet of paper with its ending.
 * @param {Item} item
 */
function sheet(item) {
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(item.name)?.[1] ?? ENDINGS[item.file] ?? item.file;
  const made = line(ending.toUpperCase(), "sheet");
  made.classList.toggle("long", ending.length > 4);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/**
 * @param {Item} item what the tray knows of the picture
 * @param {View} view
 */
export function chip(item, view) {
  const { handle, resting, left, ways, drop } = view;
  const box = document.createElement("div");
  box.className = "chip";
  box.classList.toggle("carried", item.carried);
  box.classList.toggle("mask", item.mask);
  box.classList.toggle("file", item.file !== "");
  box.classList.toggle("left", left !== "");
  box.classList.toggle("pinned", item.pinned);
  const waits = item.again !== null && !item.busy;
  box.classList.toggle("waits", waits);
  box.setAttribute("role", "listitem");
  box.dataset.sha = item.sha ?? "";
  box.dataset.key = String(item.key);
  if (item.busy) box.setAttribute("aria-busy", "true");
  const label = labelled(item, resting);
  if (item.sha) box.append(grip(item, view));
  const about = document.createElement("div");
  about.className = "about";
  const words = line(short(item, resting), "words");
  words.title = label;
  const head = document.createElement("div");
  head.className = "head";
  if (handle) head.append(line(handle, "handle"));
  head.append(words);
  about.append(head);
  const known = facts(item);
  if (known) about.append(line(known, "facts"));
  if (waits) about.append(line(t("Not added yet"), "falls"));
  if (left) about.append(line(t("Stays here: {left}", { left }), "falls"));
  for (const remark of [altered(item), item.cut, item.note]) {
    if (!remark) continue;
    const said = line(remark, remark === item.cut ? "remark cut" : "remark");
    said.title = remark;
    about.append(said);
  }
  if (ways.length || weight(item)) about.append(row(ways, weight(item)));
  const out = button("", drop, { label: t("Remove: {label}", { label }) });
  out.className = "drop";
  out.dataset.icon = "close";
  out.title = item.carried ? t("Start fresh: no earlier picture goes along") : t("Remove");
  box.append(about, out);
  return box;
}

/**
 * @param {Way[]} ways
 * @param {string} tokens
 */
function row(ways, tokens) {
  const made = document.createElement("div");
  made.className = "ways";
  for (const way of ways) {
    const each = button(way.words, way.act);
    if (way.off) each.setAttribute("aria-disabled", "true");
    if (way.pressed !== undefined) each.setAttribute("aria-pressed", String(way.pressed));
    made.append(each);
  }
  if (tokens) made.append(line(tokens, "tokens"));
  return made;
}
