// Replies that were asked for at once, side by side: they come as they are ready, and one of them
// is gone on from. The tiles are drawn by the server; this puts them in place and says the choice.

import { post } from "./api.js";
import { find, findAll, findHtml, fromServer, within } from "./dom.js";
import { probe, tell } from "./live.js";
import { once } from "./once.js";
import { state } from "./state.js";
import { view } from "./viewer.js";
import { plural, t } from "./words.js";

/** @import { DrawnMessage, VariantGrid } from "./protocol.js" */

/** @type {HTMLElement} */
let section;
/** @type {HTMLElement} */
let grid;
let said = "";

/** Ids of the replies in the grid that are being written. */
export const busy = () =>
  findAll('#variants [aria-busy="true"]').map((tile) => tile.dataset.id ?? "");

/** @param {DrawnMessage} drawn */
function tile({ id, stamp, html }) {
  const old = findAll(".variant", grid).find((each) => each.dataset.id === id);
  if (old?.dataset.stamp === stamp) return old;
  const template = document.createElement("template");
  template.innerHTML = fromServer(html);
  const made = findHtml(".variant", template.content);
  made.dataset.stamp = stamp;
  return made;
}

/** @param {HTMLElement} each */
const name = (each) => (each.getAttribute("aria-label") ?? "").toLowerCase();

/** @param {HTMLElement[]} tiles */
function tellNext(tiles) {
  const current = tiles.find((each) => each.dataset.id === state.leaf);
  for (const each of tiles) each.toggleAttribute("data-current", each === current);
  findHtml(".told", section).textContent = current
    ? t("The next message goes on from {name}, unless you choose another.", { name: name(current) })
    : "";
}

/** @param {HTMLElement[]} tiles */
function announce(tiles) {
  const waiting = tiles.filter((each) => each.querySelector(".approval")).length;
  const left = busy().length;
  const ready = tiles.length - left;
  const here = left
    ? plural(tiles.length, "{ready} of {n} variant is here.", "{ready} of {n} variants are here.", { ready })
    : t("All variants are here.");
  const waits = plural(waiting, "{n} waits for you.", "{n} wait for you.");
  const words = waiting ? `${here} ${waits}` : here;
  const first = said === "";
  if (words === said) return;
  said = words;
  if (!first) findHtml("#announcer").textContent = words;
}

/**
 * Show what there is beside the last reply; nothing where it was asked for alone.
 * @param {VariantGrid | null | undefined} told
 */
export function draw(told) {
  const open = told?.open ?? false;
  section.hidden = !told;
  section.classList.toggle("folded", !open);
  findHtml("#messages").classList.toggle("beside", open);
  const focused = document.activeElement?.closest(".variant");
  const tiles = (told?.tiles ?? []).map(tile);
  // One that is as it was is not moved: something may be being written in it.
  const ids = new Set(tiles.map((each) => each.dataset.id));
  for (const each of findAll(".variant", grid)) if (!ids.has(each.dataset.id)) each.remove();
  for (const [at, each] of tiles.entries()) {
    const there = /** @type {HTMLElement | undefined} */ (grid.children[at]);
    if (there === each) continue;
    if (there?.dataset.id === each.dataset.id) there?.replaceWith(each);
    else grid.insertBefore(each, there ?? null);
  }
  if (focused instanceof HTMLElement && !focused.isConnected) {
    const same = tiles.find((each) => each.dataset.id === focused.dataset.id) ?? tiles[0];
    same?.querySelector("button")?.focus();
  }
  if (!told || !open) said = "";
  if (!told) return;
  tellNext(tiles);
  if (open) announce(tiles);
  const gone = told.total - tiles.length;
  findHtml(".keep", section).hidden = !open;
  const reopen = findHtml(".reopen", section);
  reopen.hidden = open && gone === 0;
  reopen.textContent = open
    ? plural(gone, "Bring back {n} discarded", "Bring back {n} discarded")
    : plural(told.total, "Show {n} variant side by side", "Show {n} variants side by side");
}

/**
 * @param {string} reply
 * @param {"pick" | "discard" | "keep" | "reopen"} act
 */
async function choose(reply, act) {
  const { reply: shown } = await post(`api/messages/${reply}/variant`, { act });
  tell({ type: "follow", message: shown });
  probe();
  if (act !== "discard") findHtml("#words").focus({ preventScroll: true });
}

/** @param {MouseEvent} event */
function pressed(event) {
  const picture = within(event, ".pic .open") && within(event, ".pic");
  if (picture && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    view(picture);
    return;
  }
  const button = within(event, "[data-variant]");
  const id = button?.closest(".variant")?.getAttribute("data-id");
  if (!button || !id) return;
  const act = button.dataset.variant;
  if (act === "stop") once(`stop ${id}`, () => post(`api/messages/${id}/stop`));
  if (act === "pick" || act === "discard") once(`${act} ${id}`, () => choose(id, act));
}

export function start() {
  section = findHtml("#variants");
  grid = findHtml(".grid", section);
  section.addEventListener("click", pressed);
  /** @param {"keep" | "reopen"} act */
  const end = (act) => () => {
    const { leaf } = state;
    if (leaf) once(`${act} ${leaf}`, () => choose(leaf, act));
  };
  find(".keep", HTMLButtonElement, section).addEventListener("click", end("keep"));
  find(".reopen", HTMLButtonElement, section).addEventListener("click", end("reopen"));
}
