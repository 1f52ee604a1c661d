// The model menu: a button that says which model answers, and a list to choose another from.

import { get, post } from "./api.js";
import { find, findHtml, within } from "./dom.js";
import { showDialog } from "./layers.js";
import { tell } from "./live.js";
import { paint, test } from "./model-test.js";
import { drawn, plain, starred } from "./model-rows.js";
import { once } from "./once.js";
import * as settings from "./settings.js";
import { emit, on, state } from "./state.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/**
 * @import { Option, Shelf } from "./model-rows.js"
 * @import { ModelGroup, ModelMenu, ModelMissing, ModelRow, SettingsOfConversation,
 *   TranscriptWindow } from "./protocol.js"
 */

/** @typedef {Pick<Option, "row" | "group">} Found a model of the menu */

const PAGE_ROWS = 8;
const GAP_PX = 8;
const WIDTH_PX = 540;
const SOON_MS = 1500; // when to look again while an endpoint is still listing its models
const TOUCH = "(pointer: coarse)";

/** @type {ModelMenu} */
let menu = { more_to_come: false, sets_up: false, default: "", groups: [], favourites: [], recent: [] };
let unfolded = false; // whether what cannot be used is shown
let asText = ""; // the menu as it last came: drawn anew only where it differs
/** @type {string | null} */
let chosen = null; // the id of the conversation's model
/** @type {Shelf[]} */
let shelves = [];
/** @type {Option | null} */
let active = null; // the row that Enter chooses
/** @type {ReturnType<typeof setTimeout> | undefined} */
let again;
/** @type {HTMLElement} */
let button;
/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLInputElement} */
let search;
/** @type {HTMLElement} */
let remark;
/** @type {HTMLElement} */
let notice;

/** @returns {Found[]} */
const rows = () => menu.groups.flatMap((group) => group.models.map((row) => ({ row, group })));
/** @param {string} id */
const named = (id) => rows().find(({ row }) => row.id === id || row.aliases.includes(id));
const shown = () =>
  shelves.flatMap(({ options }) =>
    options.filter(({ element }) => !element.hidden && !element.closest("details:not([open])")),
  );

/** @returns {Promise<void>} */
async function load() {
  /** @type {ModelMenu} */
  const fresh = await get("api/models");
  clearTimeout(again);
  if (fresh.more_to_come) again = setTimeout(() => load().catch(complain), SOON_MS);
  const text = JSON.stringify(fresh);
  if (text === asText) return;
  const moved = asText !== "" && fresh.default !== menu.default;
  menu = fresh;
  asText = text;
  document.body.classList.toggle("sets-up", fresh.sets_up);
  label();
  noProvider();
  if (dialog.open) draw();
  if (!moved || state.conversation !== null) return;
  // A new conversation would have another model now: all that depends on it is told anew.
  emit("models-moved");
  tell({ type: "close" });
}

/** The first page says so where nobody but the offline painter could answer. */
function noProvider() {
  const hint = document.querySelector("#no-provider");
  if (!(hint instanceof HTMLElement)) return;
  const usable = menu.groups.filter(({ reason, models }) => !reason && models.length);
  hint.hidden = menu.more_to_come || usable.some(({ offline }) => !offline);
}

/** The button's words, and what must be said of the model before it is asked. */
function label() {
  const id = chosen ?? menu.default;
  const found = named(id);
  if (!found && asText) {
    explain(id);
    return;
  }
  find(".name", HTMLElement, button).textContent = found?.row.short ?? "…";
  button.title = found ? t("{label} (Alt+M)", { label: found.row.label }) : t("Model (Alt+M)");
  const why = found?.row.reason && t("{title} cannot be used now. {reason}", { title: found.row.title, reason: found.row.reason });
  say(why || found?.row.notice, found?.row.successor);
}

/**
 * The model is not in the menu: the server knows why, and who may take its place.
 * @param {string} id
 */
async function explain(id) {
  try {
    /** @type {ModelMissing} */
    const { title, notice, successor } = await get(`api/models/${encodeURIComponent(id)}`);
    if (id !== (chosen ?? menu.default)) return;
    find(".name", HTMLElement, button).textContent = title || t("Choose a model");
    say(notice, successor);
  } catch (error) {
    complain(error);
  }
}

/**
 * A remark above the message box, with a way on.
 * @param {string | undefined} words
 * @param {string | undefined} successor
 */
function say(words, successor) {
  notice.hidden = !words;
  find("span", HTMLElement, notice).textContent = words ?? "";
  const next = successor ? named(successor) : undefined;
  const way = find("button", HTMLButtonElement, notice);
  way.textContent = next ? t("Use {label}", { label: next.row.label }) : t("Choose another");
  way.onclick = () => (next ? choose(next) : open());
}

/** @param {string | null} id */
function show(id) {
  chosen = id;
  label();
  if (dialog.open) mark();
}

/** Which row is the conversation's. */
function mark() {
  const found = named(chosen ?? menu.default)?.row.id;
  for (const { element, row } of shelves.flatMap(({ options }) => options)) {
    element.setAttribute("aria-selected", String(row.id === found));
  }
}

const MANY = 6; // models that can be used: with fewer all are seen at once, and none is brought to front

/**
 * The groups as they are shown: favourites first, then what was used last, each model once.
 * @param {ModelMenu} told
 * @returns {ModelGroup[]}
 */
function inFront({ groups, favourites, recent }) {
  const usable = rows().filter(({ row, group }) => !row.reason && !group.reason);
  const taken = /** @type {Set<string>} */ (new Set());
  /** @param {string} id @param {string} title @param {string[]} ids */
  const front = (id, title, ids) => {
    const models = ids.flatMap((each) => {
      const found = usable.find(({ row }) => row.id === each && !taken.has(each));
      if (!found) return [];
      taken.add(each);
      const { row, group } = found;
      return [{ ...row, note: [group.title, row.note].filter(Boolean).join(": ") }];
    });
    return models.length ? [{ id, title, reason: "", trouble: "", offline: true, models }] : [];
  };
  const ahead = front("favourites", t("Favourites"), favourites);
  if (usable.length > MANY) ahead.push(...front("recent", t("Last used"), recent));
  const rest = groups.map((group) => ({
    ...group,
    models: group.models.filter(({ id }) => !taken.has(id)),
  }));
  return [...ahead, ...rest.filter(({ id, models }) => models.length || isBare(id))];
}

/** An endpoint that had no models before some of them were brought to front. @param {string} id */
const isBare = (id) => !menu.groups.find((group) => group.id === id)?.models.length;

/** Which rows are favourites. */
function stars() {
  for (const option of shelves.flatMap(({ options }) => options)) {
    starred(option, menu.favourites.includes(option.row.id));
  }
}

/** @param {Option} option */
async function star({ row }) {
  const favourite = !menu.favourites.includes(row.id);
  const others = menu.favourites.filter((id) => id !== row.id);
  await post("api/models/favourites", { model: row.id, favourite });
  // It keeps its place while the list is open: what is under the pointer does not move.
  menu.favourites = favourite ? [...others, row.id] : others;
  asText = JSON.stringify(menu);
  stars();
}

const repaint = () => shelves.forEach(paint);

/** Choose a model by its id, once the menu has it. @param {string} id */
export async function use(id) {
  const found = named(id);
  if (found) await choose(found);
}

/** Look again what there is. */
export const refresh = () => load();

/** What cannot be used stays folded until it is asked for: nobody has to read it. */
function folded() {
  const [closed, usable] = [true, false].map((shut) =>
    shelves.filter(({ group }) => Boolean(group.reason) === shut),
  );
  const fold = document.createElement("details");
  fold.className = "more";
  fold.hidden = !closed.length;
  fold.open = unfolded;
  fold.addEventListener("toggle", () => {
    if (!search.value) unfolded = fold.open;
  });
  const summary = document.createElement("summary");
  summary.textContent = t("Add a model");
  fold.append(summary, ...closed.map(({ element }) => element));
  return [...usable.map(({ element }) => element), fold];
}

function draw() {
  const pane = find(".shelves", HTMLElement, dialog);
  const { scrollTop } = pane;
  const tested = document.activeElement?.closest(".shelf")?.getAttribute("data-endpoint");
  shelves = drawn(inFront(menu), (group) => test(group, repaint).then(load).catch(complain));
  pane.replaceChildren(...folded());
  const lists = shelves.flatMap(({ list }) => (list ? [list.id] : []));
  search.setAttribute("aria-controls", lists.join(" "));
  repaint();
  mark();
  stars();
  filter();
  const back = shelves.find(({ element }) => element.dataset.endpoint === tested);
  back?.button.focus({ preventScroll: true });
  pane.scrollTop = scrollTop;
}

function filter() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  for (const { element, options, words: title } of shelves) {
    for (const option of options) {
      option.element.hidden = !words.every((word) => option.words.includes(word));
    }
    const some = options.some((option) => !option.element.hidden);
    element.hidden = !some && !words.every((word) => title.includes(word));
  }
  const fold = find("details.more", HTMLDetailsElement, dialog);
  fold.open = words.length > 0 || unfolded;
  const left = shown();
  remark.textContent = left.length ? "" : t("No model is called “{value}”.", { value: search.value.trim() });
  const here = left.find(({ element }) => element.getAttribute("aria-selected") === "true");
  go((words.length ? null : here) ?? left.find(({ row }) => !row.reason) ?? left[0] ?? null);
}

/**
 * Make a row the one that Enter chooses.
 * @param {Option | null} option
 */
function go(option) {
  active?.element.classList.remove("active");
  active = option;
  active?.element.classList.add("active");
  active?.element.scrollIntoView({ block: "nearest" });
  if (active) search.setAttribute("aria-activedescendant", active.element.id);
  else search.removeAttribute("aria-activedescendant");
}

/** @param {number} by */
function step(by) {
  const left = shown();
  if (!left.length) return;
  const at = active ? left.indexOf(active) : -1;
  const to = Math.abs(by) > 1 ? Math.max(0, Math.min(left.length - 1, at + by)) : at + by;
  go(left.at(to % left.length) ?? null);
}

/** @param {Found} found */
async function choose({ row }) {
  if (row.reason) {
    remark.textContent = t("{title} cannot be chosen. {reason}", { title: row.title, reason: row.reason });
    return;
  }
  dialog.close();
  const before = chosen;
  show(row.id);
  try {
    await settings.change({ model: row.id });
    load().catch(complain); // a new conversation has it now
  } catch (error) {
    if (chosen === row.id) show(before);
    complain(error);
  }
}

/** Above the button, as far as there is room. */
function place() {
  const anchor = button.getBoundingClientRect();
  const left = Math.min(anchor.left, innerWidth - WIDTH_PX - GAP_PX);
  dialog.style.setProperty("--left", `${Math.max(GAP_PX, left)}px`);
  dialog.style.setProperty("--bottom", `${innerHeight - anchor.top + GAP_PX}px`);
  dialog.style.setProperty("--room", `${anchor.top - 2 * GAP_PX}px`);
}

export function open() {
  if (dialog.open) return;
  search.value = "";
  place();
  showDialog(dialog);
  button.setAttribute("aria-expanded", "true");
  draw();
  active?.element.scrollIntoView({ block: "center" });
  // Where a keyboard would come up over the list, it waits to be asked for.
  (matchMedia(TOUCH).matches ? dialog : search).focus();
  load().catch(complain);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  PageDown: () => step(PAGE_ROWS),
  PageUp: () => step(-PAGE_ROWS),
  Enter: () => {
    if (active) choose(active);
  },
};

export function start() {
  button = findHtml("#model");
  dialog = find("#models", HTMLDialogElement);
  search = find("#model-search", HTMLInputElement);
  remark = find(".remark", HTMLElement, dialog);
  notice = findHtml("#model-notice");
  button.addEventListener("click", open);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.altKey && active && !active.row.reason) {
      event.preventDefault();
      const chosen = active;
      once("star", () => star(chosen));
      return;
    }
    const act = KEYS[event.key];
    if (!act || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  dialog.addEventListener("click", (event) => {
    const pressed = within(event, ".star");
    const marked = pressed && shown().find((each) => each.star === pressed);
    if (marked) once("star", () => star(marked));
    const element = within(event, ".option");
    const option = element && shown().find((each) => each.element === element);
    if (option) choose(option);
    if (event.target === dialog) dialog.close();
  });
  find(".close", HTMLElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => button.setAttribute("aria-expanded", "false"));
  window.addEventListener("resize", () => dialog.open && place());
  document.body.addEventListener("easel:models", open); // a way on that a notice offers
  on("opened", (/** @type {string | null} */ id) => id === null && show(null));
  on("told:window", (/** @type {TranscriptWindow} */ told) => {
    if (told.conversation === state.conversation) show(told.model);
  });
  on("settings", (/** @type {SettingsOfConversation} */ told) => {
    if (state.conversation !== null) show(told.settings.model?.value ?? null);
  });
  on("told:models", () => load().catch(complain));
  find("[data-providers]", HTMLElement, dialog).addEventListener("click", () => dialog.close(), {
    capture: true,
  });
  on("online", (online) => online && load().catch(complain));
}
