// The library: every picture of the user, over the conversation while it is open. Back closes it.

import { get, post, postForFile } from "./api.js";
import { open as openConversation } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import { goTo } from "./go-to.js";
import { addAddressed, closed, opened } from "./layers.js";
import { Boards, carryPictures } from "./library-boards.js";
import { deletePictures } from "./library-deleting.js";
import { Filters } from "./library-filters.js";
import { Grid } from "./library-grid.js";
import { monthName } from "./library-sections.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import { closeSettings } from "./shell.js";
import { emit, on, state } from "./state.js";
import { complain, toast } from "./toast.js";
import { carry } from "./transfer.js";
import { sharedHome } from "./home.js";
import * as tray from "./tray.js";
import { viewPictures } from "./viewer.js";
import { number, plural, t } from "./words.js";

/** @import { Layer } from "./layers.js" */
/** @import { MenuItem } from "./menu.js" */
/** @import { ShownPicture } from "./picture-actions.js" */
/** @import { LibraryCounted, LibraryEntries, LibraryEntry, LibraryMonth } from "./protocol.js" */

const FIRST = 48; // a screen or two; what follows comes in larger pages
const MORE = 240;
const MOST = 500; // on the way to a month
const FINE = "(pointer: fine)";
const BEHIND = "#pane, #jump, #dock, #topbar-frame, #versions"; // out of reach meanwhile
const KEPT_MS = 60_000; // until the browser has surely begun to save a file

/** @type {HTMLElement} */
let sheet;
/** @type {Grid} */
let grid;
/** @type {Filters} */
let filters;
/** @type {Boards} */
let boards;
/** @type {HTMLElement | null} */
let opener = null;
let after = ""; // what continues the list; empty: it is all there
let asked = 0; // number of the list that was asked for last
let loading = false;
let underWay = Promise.resolve(); // what is read behind the pictures that are there
/** @type {LibraryMonth[]} */
let months = []; // that have pictures of what is asked for

const isOpen = () => !sheet.hidden;

/** What is asked for, as the server takes it. */
const wanted = () => ({ ...filters.query, ...(boards.shown && { board: boards.shown }) });

async function load({ more = false, limit = FIRST } = {}) {
  const mine = more ? asked : ++asked;
  loading = true;
  const query = new URLSearchParams({ ...wanted(), ...(more && { after }), limit: String(limit) });
  try {
    const page = /** @type {LibraryEntries} */ (await get(`api/library?${query}`));
    if (mine !== asked) return;
    after = page.after;
    loading = false;
    if (more) grid.add(page.pictures);
    else {
      grid.show(page.pictures, { timed: !boards.shown });
      count();
    }
    tellNothing();
  } catch (error) {
    if (mine === asked) loading = false;
    complain(error);
  }
}

/** How many there are, told once the first of them are on the screen. */
async function count() {
  const mine = asked;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    const query = new URLSearchParams({ ...wanted(), zone });
    const told = /** @type {LibraryCounted} */ (await get(`api/library/counts?${query}`));
    if (mine !== asked) return;
    months = told.months;
    findHtml(".total", sheet).textContent = plural(told.pictures, "{n} picture", "{n} pictures");
    findHtml("[data-months]", sheet).hidden = months.length < 2;
  } catch {
    // The pictures are there; a list that cannot be counted is none to complain of.
    findHtml(".total", sheet).textContent = "";
  }
}

/** Read on until a month is there, and go to it. @param {string} month */
async function toMonth(month) {
  const mine = asked;
  while (after && mine === asked && !grid.reaches(month)) {
    const before = after;
    if (!loading) underWay = load({ more: true, limit: MOST });
    await underWay;
    if (after === before) break; // it failed, which was said
  }
  if (mine === asked) grid.goTo(month);
}

function tellNothing() {
  const nothing = findHtml(".nothing", sheet);
  nothing.hidden = grid.items.length > 0;
  if (filters.narrow) nothing.textContent = t("Nothing found.");
  else if (boards.shown) nothing.textContent = t("Nothing on this board yet. Drag pictures onto it, or use their menu.");
  else nothing.textContent = t("Your pictures will be here: those you add, and those that are made for you.");
}

/**
 * As the viewer and the actions on pictures know it.
 * @param {LibraryEntry} entry
 * @returns {ShownPicture}
 */
const asShown = ({ sha, alt, prompt, width, height, origin, message }) => ({
  sha,
  alt: alt || prompt,
  width,
  height,
  origin,
  message: message || null,
});

/** @param {LibraryEntry[]} entries */
const shasOf = (entries) => entries.map(({ sha }) => sha);

/** @param {LibraryEntry[]} entries */
function edit(entries) {
  close();
  for (const { sha, alt, prompt } of entries) tray.put(sha, alt || prompt || t("Picture"));
  findHtml("#words").focus();
}

/** The older is what was before. @param {LibraryEntry[]} entries two of them */
const compare = (entries) =>
  emit("compare", shasOf([...entries].sort((one, other) => one.at.localeCompare(other.at))));

/** @param {LibraryEntry[]} entries */
async function save(entries) {
  toast(t("Making the file…"));
  const fields = new URLSearchParams(entries.map(({ sha }) => ["pictures", sha]));
  const { name, blob } = await postForFile("api/library/zip", fields);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** @param {LibraryEntry[]} entries */
async function favour(entries) {
  const favourite = entries.some((entry) => !entry.favourite);
  const shas = new Set(shasOf(entries));
  await post("api/library/favourites", { pictures: [...shas], favourite });
  grid.change((entry) => (shas.has(entry.sha) ? { ...entry, favourite } : entry));
}

/** @param {LibraryEntry[]} entries */
async function discard(entries) {
  const shas = shasOf(entries);
  if (!(await deletePictures(shas, refresh))) return;
  const gone = new Set(shas);
  grid.change((entry) => (gone.has(entry.sha) ? null : entry));
  tellNothing();
  count();
  grid.focus();
  boards.load();
}

function refresh() {
  load();
  boards.load();
}

/** @param {LibraryEntry} entry */
async function toConversation({ conversation, message }) {
  close();
  if (conversation !== state.conversation) openConversation(conversation);
  await goTo(message, false);
}

/**
 * @param {LibraryEntry[]} entries
 * @param {HTMLElement} anchor
 */
function boardMenu(entries, anchor) {
  const shas = shasOf(entries);
  /** @type {MenuItem[]} */
  const items = boards.all.map(({ id, name }) => ({ label: name, act: () => boards.put(id, shas) }));
  openMenu(anchor, [...items, { label: t("New board…"), act: () => boards.make(shas) }]);
}

/** Nearer to the beginning of the board, or to its end. @param {LibraryEntry} entry @param {number} by */
function shift(entry, by) {
  const at = (boards.current?.pictures ?? []).indexOf(entry.sha);
  boards.place([entry.sha], at + (by > 0 ? 2 : -1));
}

/**
 * @param {string} act
 * @param {LibraryEntry[]} entries
 * @param {(entries: LibraryEntry[]) => unknown} work
 */
const begin = (act, entries, work) => once(`${act} ${shasOf(entries)}`, () => work(entries));

/**
 * What can be done with pictures, in order.
 * @param {LibraryEntry[]} entries
 * @param {HTMLElement} anchor
 * @returns {(MenuItem & { id: string })[]}
 */
function ways(entries, anchor) {
  const [first] = entries;
  const one = entries.length === 1;
  const liked = entries.every(({ favourite }) => favourite);
  const place = (boards.current?.pictures ?? []).indexOf(first.sha);
  return [
    { id: "edit", label: t("Edit this"), act: () => edit(entries) },
    { id: "compare", label: t("Compare"), act: () => compare(entries), disabled: entries.length !== 2 },
    { id: "zip", label: t("Download zip"), act: () => begin("zip", entries, save) },
    { id: "favourite", label: liked ? t("No favourite") : t("Favourite"), act: () => begin("favourite", entries, favour) },
    { id: "board", label: t("Add to board"), act: () => boardMenu(entries, anchor) },
    ...(boards.shown
      ? [
          { id: "off", label: t("Take off board"), act: () => boards.take(boards.shown, shasOf(entries)) },
          ...(one
            ? [
                { id: "earlier", label: t("Move earlier"), act: () => shift(first, -1), disabled: place <= 0 },
                { id: "later", label: t("Move later"), act: () => shift(first, 1) },
              ]
            : []),
        ]
      : []),
    ...(one && first.conversation && !first.deleted
      ? [{ id: "conversation", label: t("Open conversation"), act: () => begin("show", entries, ([one]) => toConversation(one)) }]
      : []),
    { id: "delete", label: "Delete", act: () => begin("delete", entries, discard) },
  ]; // prettier-ignore
}

function drawChosen() {
  const { chosen } = grid;
  const bar = findHtml(".chosen", sheet);
  bar.hidden = chosen.length === 0;
  findHtml(".count", bar).textContent = plural(chosen.length, "{n} selected", "{n} selected");
  if (!chosen.length) return;
  const buttons = ways(chosen, bar).map(({ id, label, act, disabled }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.way = id;
    button.textContent = label;
    button.disabled = disabled ?? false;
    // A menu opens at the button.
    button.addEventListener("click", () => (id === "board" ? boardMenu(chosen, button) : act()));
    return button;
  });
  const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.way : null;
  findHtml(".ways", bar).replaceChildren(...buttons);
  if (held) buttons.find((button) => button.dataset.way === held)?.focus();
}

function open() {
  if (isOpen()) return;
  closeSettings();
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  sheet.hidden = false;
  document.body.classList.add("in-library");
  for (const part of findAll(BEHIND)) part.inert = true;
  refresh();
  // On a phone the field would bring up the keyboard, over half of the pictures.
  if (matchMedia(FINE).matches) filters.field.focus();
  else findHtml(".pane", sheet).focus();
  opened(LAYER);
}

function close() {
  if (!isOpen()) return;
  sheet.hidden = true;
  document.body.classList.remove("in-library");
  for (const part of findAll(BEHIND)) part.inert = false;
  opener?.focus();
  closed();
}

/** @type {Layer} */
const LAYER = { name: "library", hash: "#library", isOpen, open, close };

/** @param {KeyboardEvent} event */
function key(event) {
  if (!isOpen() || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], #menu:popover-open")) return;
  const inGrid = event.target instanceof Element && event.target.closest(".grid") !== null;
  if (event.key === "Delete" && inGrid && grid.here.length) {
    event.preventDefault();
    begin("delete", grid.here, discard);
  } else if (event.key === "f" && inGrid && !event.ctrlKey && !event.metaKey && grid.here.length) {
    event.preventDefault();
    begin("favourite", grid.here, favour);
  }
  if (event.key !== "Escape") return;
  if (event.target === filters.field && filters.field.value) return; // the browser empties it
  event.preventDefault();
  if (grid.chosen.length) grid.clearSelection();
  else close();
}

/**
 * Pictures are dragged: onto a board, and one of them also into the message box or out of the page.
 * @param {DragEvent} event
 * @param {string[]} shas
 */
function dragged(event, shas) {
  if (!event.dataTransfer) return;
  carry(event.dataTransfer, { sha: shas[0], name: t("Picture") }, sharedHome());
  carryPictures(event, shas);
}

/** @param {DragEvent} event a picture of the board is dropped among the others */
function dropped(event) {
  const shas = carried(event);
  const tile = event.target instanceof Element ? event.target.closest(".tile") : null;
  if (!shas || !(tile instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  boards.place(shas, (boards.current?.pictures ?? []).indexOf(tile.dataset.sha ?? ""));
}

/** @param {DragEvent} event */
const carried = (event) => (boards.shown && !filters.narrow ? boards.carried(event) : null);

export function start() {
  sheet = findHtml("#pictures");
  filters = new Filters(sheet, load);
  boards = new Boards(findHtml(".boards", sheet), {
    chosen: () => load(),
    changed: () => boards.shown && load(),
  });
  const place = findHtml(".grid", sheet);
  grid = new Grid(findHtml(".pane", sheet), place, {
    open: (at) => viewPictures(grid.items.map(asShown), at),
    selected: drawChosen,
    nearEnd() {
      if (after && !loading) underWay = load({ more: true, limit: MORE });
    },
    dragged,
    month(month) {
      const name = month && monthName(month);
      findHtml("[data-months]", sheet).textContent = name;
      findHtml("[data-months]", sheet).setAttribute("aria-label", t("{month}: go to another month", { month: name }));
    },
    menu(entries, anchor) {
      openMenu(anchor, ways(entries, anchor));
    },
  });
  place.addEventListener("dragover", (event) => {
    if (!boards.shown || !event.dataTransfer?.types.includes("application/x-easel-pictures")) return;
    event.preventDefault();
    event.stopPropagation();
  });
  place.addEventListener("drop", dropped);
  findHtml("#show-library").addEventListener("click", () => {
    open();
    document.body.dispatchEvent(new CustomEvent("easel:chosen"));
  });
  find(".bar .close", HTMLButtonElement, sheet).addEventListener("click", close);
  find(".chosen .none", HTMLButtonElement, sheet).addEventListener("click", () => {
    grid.clearSelection();
    grid.focus();
  });
  const shelves = find("[data-shelves]", HTMLButtonElement, sheet);
  shelves.addEventListener("click", () =>
    openMenu(shelves, [
      { label: t("All pictures"), act: () => boards.choose("") },
      ...boards.all.map(({ id, name }) => ({ label: name, act: () => boards.choose(id) })),
      { label: t("New board…"), act: () => boards.make([]) },
    ]),
  );
  const jump = find("[data-months]", HTMLButtonElement, sheet);
  jump.addEventListener("click", () =>
    openMenu(
      jump,
      months.map(({ month, pictures }) => ({
        label: `${monthName(month)} · ${number(pictures)}`,
        act: () => toMonth(month),
      })),
    ),
  );
  filters.field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    grid.focus();
  });
  document.addEventListener("keydown", key);
  addAddressed(LAYER);
  on("opened", close);
}
