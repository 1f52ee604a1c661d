// The list of conversations: by day, newest first, with search, rename and delete with undo.

import { get, post, remove } from "./api.js";
import { leaving, open } from "./conversation.js";
import { find, findHtml } from "./dom.js";
import { once } from "./once.js";
import { putOff } from "./pressed.js";
import { on, state } from "./state.js";
import { complain, toast } from "./toast.js";

/** @import { ConversationRow } from "./protocol.js" */

const SEARCH_WAIT_MS = 180;
const MAX_TITLE_CHARACTERS = 200;
const DAY_MS = 86_400_000;
const NEAR_END_PX = 400;
const WAITS = "Waits for you";

/** @type {HTMLElement} */
let shelf;
/** @type {HTMLInputElement} */
let field;
/** @type {Map<string, ConversationRow>} */
let rows = new Map();
/** @type {string | null} */
let oldest = null; // the time of the last row of the last page that came
let more = false; // whether the server has rows older than that
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} at */
function dayOf(at) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const moment = new Date(at);
  const age = Math.ceil((midnight - moment.getTime()) / DAY_MS);
  if (age <= 0) return "Today";
  if (age === 1) return "Yesterday";
  if (age < 7) return moment.toLocaleDateString(undefined, { weekday: "long" });
  return moment.toLocaleDateString(undefined, { month: "long", year: "numeric" });
}

function draw() {
  if (putOff(shelf, draw)) return;
  // Whoever writes a name goes on; its end draws.
  if (shelf.querySelector(".row input")) return;
  const sorted = [...rows.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
  const nodes = [];
  let day = null;
  for (const row of sorted) {
    if (dayOf(row.at) !== day) {
      day = dayOf(row.at);
      const head = document.createElement("h3");
      head.textContent = day;
      nodes.push(head);
    }
    nodes.push(entry(row));
  }
  if (!nodes.length) {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = field.value ? "Nothing found." : "Your conversations will be listed here.";
    nodes.push(none);
  }
  shelf.replaceChildren(...nodes);
}

/** @param {string} words in a line under the title */
function beneath(words) {
  const line = document.createElement("small");
  line.textContent = words;
  return line;
}

/** @param {ConversationRow} row */
function entry(row) {
  const item = document.createElement("div");
  item.className = "row";
  item.dataset.id = row.id;
  if (row.waits) item.classList.add("waits");
  else if (row.running) item.classList.add("running");
  const link = document.createElement("a");
  link.href = `./?c=${row.id}`;
  link.dir = "auto";
  link.textContent = row.title;
  if (row.id === state.conversation) link.setAttribute("aria-current", "page");
  if (row.waits) link.append(beneath(WAITS));
  if (row.excerpt) link.append(beneath(row.excerpt));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(row.id);
    document.body.dispatchEvent(new CustomEvent("easel:chosen"));
  });
  item.append(link, action("Rename", "✎", () => rename(item, row)));
  item.append(action("Delete", "×", () => once(`delete ${row.id}`, () => discard(row))));
  return item;
}

/**
 * @param {string} label
 * @param {string} sign
 * @param {() => void} run
 */
function action(label, sign, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.textContent = sign;
  button.addEventListener("click", run);
  return button;
}

/**
 * @param {HTMLElement} item
 * @param {ConversationRow} row
 */
function rename(item, row) {
  const input = document.createElement("input");
  input.value = row.title;
  input.maxLength = MAX_TITLE_CHARACTERS;
  input.setAttribute("aria-label", "New title");
  item.replaceChildren(input);
  input.select();
  let done = false;
  const finish = async (/** @type {boolean} */ save) => {
    if (done) return;
    done = true;
    if (save && input.value.trim() && input.value !== row.title) {
      try {
        row.title = (await post(`api/conversations/${row.id}/title`, { title: input.value })).title;
      } catch (error) {
        complain(error);
        done = false; // what was written stays, to be tried again
        return;
      }
    }
    item.replaceWith(entry(row));
    draw();
  };
  input.addEventListener("blur", () => finish(true));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") finish(false);
  });
}

/** @param {ConversationRow} row */
async function discard(row) {
  leaving(row.id);
  try {
    await remove(`api/conversations/${row.id}`);
  } catch (error) {
    leaving(null);
    throw error;
  }
  rows.delete(row.id);
  draw();
  if (row.id === state.conversation) open(null);
  toast(`Deleted “${row.title}”.`, {
    label: "Undo",
    action: () =>
      once(`restore ${row.id}`, async () => {
        await post(`api/conversations/${row.id}/restore`);
        leaving(null);
        open(row.id);
      }),
  });
}

/** @param {string | null} before only those that are older; null: the newest */
async function load(before = null) {
  const number = ++asked;
  const query = new URLSearchParams({ q: field.value.trim(), ...(before !== null && { before }) });
  more = false; // nothing more is asked for while this is on its way
  try {
    const page = await get(`api/conversations?${query}`);
    if (number !== asked) return;
    if (before === null) rows = new Map();
    for (const row of page.conversations) rows.set(row.id, row);
    oldest = page.conversations.at(-1)?.at ?? before;
    more = page.more;
    if (shelf.querySelector("input")) return; // a title is being written: drawn when that is done
    draw();
    fill();
  } catch (error) {
    if (number === asked) more = before !== null; // the next turn of the wheel asks again
    complain(error);
  }
}

function fill() {
  const shown = shelf.clientHeight > 0; // a hidden list is always at its end
  if (more && shown && shelf.scrollTop + shelf.clientHeight > shelf.scrollHeight - NEAR_END_PX) {
    load(oldest);
  }
}

export function focusSearch() {
  field.focus();
  field.select();
}

export function start() {
  shelf = findHtml("#conversations");
  field = find("#search", HTMLInputElement);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => load(), SEARCH_WAIT_MS);
  });
  shelf.addEventListener("scroll", fill, { passive: true });
  findHtml("#new").addEventListener("click", () => {
    open(null);
    document.body.dispatchEvent(new CustomEvent("easel:chosen"));
  });
  on("told:row", ({ row }) => {
    if (field.value.trim() || shelf.querySelector("input")) return;
    // A list that is drawn anew under the mouse swallows the click.
    if (JSON.stringify(rows.get(row.id)) === JSON.stringify(row)) return;
    rows.set(row.id, row);
    draw();
  });
  on("told:gone", ({ conversation }) => {
    if (rows.delete(conversation)) draw();
  });
  on("opened", draw);
  on("named", draw);
  on("online", (online) => online && load());
}
