// The list of conversations: what is pinned, today's and the earlier ones, newest first, with search.

import { get } from "./api.js";
import { ListedConversation } from "./conversation-row.js";
import { open } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import { grouped } from "./list-groups.js";
import { putOff } from "./pressed.js";
import { on } from "./state.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/** @import { ConversationRow } from "./protocol.js" */

const SEARCH_WAIT_MS = 180;
const NEAR_END_PX = 400;

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
/** @type {string | null} */
let answered = null; // the words whose rows are all known; null: of none
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @type {Map<string, ListedConversation>} */
const listed = new Map();
let stale = false; // a row should stand elsewhere, and waits until nobody points at the list

/** @type {import("./conversation-row.js").RowChanges} */
const changes = {
  changed(row) {
    rows.set(row.id, row);
    draw();
  },
  gone(id) {
    rows.delete(id);
    draw();
  },
  sought: () => (answered ?? "").split(/\s+/).filter(Boolean),
  closed: () => void draw(),
};

/** Rows whose menu is open or whose name is being written keep the list as it is; their end draws. */
const busy = () => [...listed.values()].some((each) => each.busy);

function draw() {
  if (putOff(shelf, draw) || busy()) return;
  stale = false;
  const focused = document.activeElement;
  const searched = field.value.trim() !== "";
  const groups = searched
    ? [{ name: "", rows: [...rows.values()] }]
    : grouped(rows.values(), new Date());
  for (const id of [...listed.keys()].filter((id) => !rows.has(id))) listed.delete(id);
  const sections = groups.filter((group) => group.rows.length).map(section);
  // That there are none is said once it is known.
  if (!sections.length && answered === field.value.trim()) {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = searched ? t("Nothing found.") : t("Your conversations will be listed here.");
    sections.push(none);
  }
  keep(shelf, sections);
  // A browser takes the focus away from what is moved.
  if (focused instanceof HTMLElement && focused !== document.activeElement && shelf.contains(focused)) focused.focus();
}

/** @type {Map<string, HTMLElement>} */
const sections = new Map();

/** A group with its heading, the same element whenever it is drawn. @param {{ name: string, rows: ConversationRow[] }} group */
function section({ name, rows: held }) {
  let made = sections.get(name);
  if (!made) {
    made = document.createElement("section");
    const list = document.createElement("ul");
    list.setAttribute("role", "list"); // without bullets some browsers take it for none
    if (name) {
      const head = document.createElement("h3");
      head.id = `group-${name.toLowerCase()}`;
      head.textContent = name;
      made.append(head);
      list.setAttribute("aria-labelledby", head.id);
    } else list.setAttribute("aria-label", t("Found"));
    made.append(list);
    sections.set(name, made);
  }
  keep(find("ul", HTMLElement, made), held.map((row) => entry(row).element));
  return made;
}

/** @param {ConversationRow} row */
function entry(row) {
  const known = listed.get(row.id);
  if (known) known.draw(row);
  const made = known ?? new ListedConversation(row, changes);
  listed.set(row.id, made);
  return made;
}

/**
 * Have these children in this order, moving none that stands right.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
function keep(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const links = findAll(".row a", shelf);
  const row = event.target instanceof Element ? event.target.closest(".row") : null;
  const at = links.findIndex((link) => row?.contains(link));
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const ends = { Home: 0, End: links.length - 1 };
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, ...ends };
  const to = steps[/** @type {keyof typeof steps} */ (event.key)];
  if (to === undefined) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, to))].focus();
}

/** @param {string | null} before only those that are older; null: the newest */
async function load(before = null) {
  const number = ++asked;
  const q = field.value.trim();
  const query = new URLSearchParams({ q, ...(before !== null && { before }) });
  more = false; // nothing more is asked for while this is on its way
  try {
    const page = await get(`api/conversations?${query}`);
    if (number !== asked) return;
    if (before === null) rows = new Map();
    for (const row of page.conversations) rows.set(row.id, row);
    answered = q;
    oldest = page.conversations.at(-1)?.at ?? before;
    more = page.more;
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
  shelf.addEventListener("keydown", walk);
  shelf.addEventListener("pointerleave", () => stale && draw());
  on("told:row", ({ row }) => {
    if (field.value.trim()) return;
    const known = rows.get(row.id);
    rows.set(row.id, row);
    // What is pointed at does not move away: a row says what is new, and moves later.
    stale ||= known !== undefined && known.at !== row.at;
    if (stale && known?.pinned === row.pinned && shelf.matches(":hover")) entry(row);
    else draw();
  });
  on("told:gone", ({ conversation }) => {
    if (rows.delete(conversation)) draw();
  });
  on("opened", draw);
  on("named", draw);
  on("online", (online) => online && load());
  document.addEventListener("visibilitychange", draw); // it may be another day
}
