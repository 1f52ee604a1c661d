// The bin: conversations that were deleted, when each of them goes, and the way back.

import { get, post, remove } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { goesWords } from "./goes-words.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";
import { on } from "./state.js";
import { locale, plural, t } from "./words.js";

/** @import { BinPage, BinnedRow } from "./protocol.js" */

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLButtonElement} */
let emptying; // this and the next are away while it is asked whether to empty the bin
/** @type {HTMLElement} */
let closing;
let days = 0;
let asked = 0;
/** @type {string | null} */
let oldest = null; // when the last of those that are listed was deleted

/** @type {Set<string>} */
const erased = new Set(); // by this page, which need not be told

const list = () => findHtml("#bin-list", dialog);
const rows = () => findAll("li", list());

/** @param {unknown} error */
const say = (error) => {
  findHtml(".told", dialog).textContent = error instanceof Error ? error.message : String(error);
};

/**
 * @param {string} words
 * @param {() => void} act
 * @param {string} [kind]
 */
function button(words, act, kind = "quiet") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/** Say what there is, and what can be done with all of it. */
function drawState() {
  const some = rows().length > 0;
  say(some ? plural(days, "What is deleted can be had back for {n} day.", "What is deleted can be had back for {n} days.") : t("The bin is empty."));
  // The focus is not taken away from a button that has nothing to do any more.
  if (!some && document.activeElement === emptying) closing.focus();
  emptying.hidden = !some;
}

/** @param {string} id */
const listed = (id) => rows().find((row) => row.dataset.id === id);

/** A row has left: the focus goes to the one in its place. @param {HTMLElement} [item] */
function drop(item) {
  if (!item?.isConnected) return;
  const at = rows().indexOf(item);
  const held = item.contains(document.activeElement);
  item.remove();
  drawState();
  const next = rows()[Math.min(at, rows().length - 1)];
  if (held) (next ? findHtml("button", next) : closing).focus();
}

/**
 * Ask once, in the place of the buttons that were pressed.
 * @param {HTMLElement} place
 * @param {string} question
 * @param {string} yes
 * @param {() => Promise<unknown>} act
 */
function ask(place, question, yes, act) {
  const before = [...place.childNodes];
  const pressed = document.activeElement;
  const words = document.createElement("span");
  words.textContent = question;
  const back = () => {
    place.replaceChildren(...before);
    place.classList.remove("asking");
    if (pressed instanceof HTMLElement) pressed.focus();
  };
  const go = button(yes, () => once(`bin ${question}`, act, say), "grave");
  const no = button(t("Keep"), back);
  place.classList.add("asking");
  place.replaceChildren(words, no, go);
  no.focus();
  return back;
}

/** @param {BinnedRow} row */
function entry(row) {
  const item = document.createElement("li");
  item.dataset.id = row.id;
  const title = document.createElement("span");
  title.className = "title";
  title.dir = "auto";
  title.textContent = row.title;
  const when = document.createElement("small");
  when.textContent = goesWords(row.goes_at, new Date());
  when.title = new Date(row.goes_at).toLocaleString(locale);
  title.append(when);
  const acts = document.createElement("div");
  acts.className = "acts";
  const restore = button(t("Restore"), () => once(`restore ${row.id}`, () => back(row, item), say));
  const end = button(
    t("Delete for good"),
    () =>
      ask(acts, t("Gone for good?"), t("Delete"), async () => {
        erased.add(row.id);
        await remove(`api/bin/${row.id}`);
        drop(item);
      }),
    "quiet takes-away",
  );
  restore.setAttribute("aria-label", t("Restore “{title}”", { title: row.title }));
  end.setAttribute("aria-label", t("Delete “{title}” for good", { title: row.title }));
  acts.append(restore, end);
  item.append(title, acts);
  return item;
}

/**
 * @param {BinnedRow} row
 * @param {HTMLElement} item
 */
async function back(row, item) {
  await post(`api/conversations/${row.id}/restore`);
  drop(item);
  say(t("“{title}” is in the list again.", { title: row.title }));
}

/** @param {string | null} before only those deleted earlier; null: the last */
async function load(before = null) {
  const number = ++asked;
  try {
    /** @type {BinPage} */
    const page = await get(`api/bin?${new URLSearchParams(before ? { before } : {})}`);
    if (number !== asked) return;
    days = page.days;
    const added = page.conversations.map(entry);
    if (before === null) list().replaceChildren(...added);
    else list().append(...added);
    oldest = page.conversations.at(-1)?.deleted_at ?? before;
    find(".more", HTMLButtonElement, dialog).hidden = !page.more;
    drawState();
    if (before !== null && added[0]) findHtml("button", added[0]).focus();
  } catch (error) {
    if (number === asked) say(error);
  }
}

function empty() {
  const ends = findHtml(".ends", dialog);
  const back = ask(ends, t("Everything in the bin goes for good."), t("Empty the bin"), async () => {
    for (const row of rows()) erased.add(String(row.dataset.id));
    await remove("api/bin");
    back();
    await load();
  });
}

export function start() {
  dialog = find("#bin", HTMLDialogElement);
  findHtml("#show-bin").addEventListener("click", () => {
    list().replaceChildren();
    say("");
    showDialog(dialog);
    load();
  });
  closing = findHtml(".close", dialog);
  closing.addEventListener("click", () => dialog.close());
  emptying = find(".empty", HTMLButtonElement, dialog);
  emptying.addEventListener("click", empty);
  findHtml(".more", dialog).addEventListener("click", () => load(oldest));
  // Another tab deletes, restores, or empties.
  on("told:row", ({ row }) => drop(listed(row.id)));
  on("told:gone", ({ conversation }) => {
    if (listed(conversation)) drop(listed(conversation));
    else if (dialog.open && !erased.has(conversation) && !list().contains(document.activeElement)) load();
  });
}
