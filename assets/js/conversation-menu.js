// What can be done with a conversation of the list: by its button, by the other button of the mouse, by
// a long press, and by keys.

import { post, remove } from "./api.js";
import { leaving, open } from "./conversation.js";
import { exportItems } from "./export.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import { shareListed } from "./sharing.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { ConversationRow } from "./protocol.js" */
/** @import { MenuItem } from "./menu.js" */

/**
 * @typedef {object} MenuRow a row of the list
 * @property {ConversationRow} row what it says at the moment
 * @property {boolean} busy whether its menu is open, or its name is being written
 * @property {() => void} rename begins to write another name
 * @property {(pinned: string) => void} pinned it is pinned since then; empty: no longer
 * @property {() => void} gone it is in the bin
 * @property {() => void} opened its menu is open
 * @property {() => void} closed its menu is closed
 */

const LONG_PRESS_MS = 500;
const STEADY_PX = 10;

/**
 * @param {MenuRow} listed
 * @returns {MenuItem[]}
 */
function items(listed) {
  const { row } = listed;
  const { zip, page } = exportItems(row.id);
  return [
    { label: t("Rename"), act: () => listed.rename() },
    { label: row.pinned ? t("Unpin") : t("Pin"), act: () => once(`pin ${row.id}`, () => pin(listed)) },
    { label: t("Duplicate"), act: () => once(`duplicate ${row.id}`, () => duplicate(row)) },
    { label: t("Share…"), act: () => shareListed(row.id, row.title) },
    { label: t("Export as a zip"), ...zip },
    { label: t("Export as one HTML file"), ...page },
    { label: "Delete", act: () => discard(listed), grave: true },
  ];
}

/** @param {MenuRow} listed */
async function pin(listed) {
  const { row } = listed;
  const { pinned } = await post(`api/conversations/${row.id}/pin`, { on: !row.pinned });
  listed.pinned(pinned);
}

/** @param {ConversationRow} row */
async function duplicate(row) {
  const { id } = await post(`api/conversations/${row.id}/duplicate`);
  open(id);
  toast(t("This is a copy of “{title}”.", { title: row.title }));
}

/**
 * Put a conversation into the bin, and offer to take it out again.
 * @param {Pick<MenuRow, "row" | "gone">} listed
 */
export function discard(listed) {
  const { row } = listed;
  return once(`delete ${row.id}`, async () => {
    leaving(row.id);
    try {
      await remove(`api/conversations/${row.id}`);
    } catch (error) {
      leaving(null);
      throw error;
    }
    listed.gone();
    if (row.id === state.conversation) open(null);
    toast(t("Deleted “{title}”.", { title: row.title }), {
      label: t("Undo"),
      action: () =>
        once(`restore ${row.id}`, async () => {
          await post(`api/conversations/${row.id}/restore`);
          leaving(null);
          open(row.id);
        }),
    });
  });
}

/**
 * Open the menu of a row whenever it is asked for.
 * @param {HTMLElement} item the row
 * @param {HTMLElement} button
 * @param {MenuRow} listed
 */
export function addMenu(item, button, listed) {
  /** @param {{ x: number, y: number }} [at] */
  const show = (at) => {
    const label = t("Commands for “{title}”", { title: listed.row.title });
    openMenu(button, items(listed), { label, at, closed: () => listed.closed() });
    listed.opened();
  };
  button.addEventListener("click", () => show());
  item.addEventListener("contextmenu", (event) => {
    if (event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    if (listed.busy) return; // a finger that rests has opened it already
    // The key for it is at no place of the pointer.
    if (event.button === 2) show({ x: event.clientX, y: event.clientY });
    else show();
  });
  holdsLong(item, show);
}

/**
 * Hear of a finger that rests on an element; the release of it is no click. Where the browser tells of
 * it by itself, it is told first or not at all.
 * @param {HTMLElement} item
 * @param {(at: { x: number, y: number }) => void} held
 */
function holdsLong(item, held) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let from = { x: 0, y: 0 };
  let long = false;
  const stop = () => clearTimeout(timer);
  item.addEventListener("pointerdown", (event) => {
    stop();
    long = false;
    if (event.pointerType !== "touch" || event.target instanceof HTMLInputElement) return;
    from = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      long = true;
      held(from);
    }, LONG_PRESS_MS);
  });
  item.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (Math.hypot(clientX - from.x, clientY - from.y) > STEADY_PX) stop();
  });
  for (const end of ["pointerup", "pointercancel", "contextmenu"]) item.addEventListener(end, stop);
  item.addEventListener(
    "click",
    (event) => {
      if (!long) return;
      long = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}
