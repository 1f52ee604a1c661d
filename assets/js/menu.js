// A menu of a few commands at a button: arrows walk through it, Escape closes it, and the focus
// goes back to where it came from.

import { findAll } from "./dom.js";
import { closed, opened } from "./layers.js";

/** @typedef {{ label: string, act: () => void, disabled?: boolean }} MenuItem */

const GAP_PX = 4;
const EDGE_PX = 8;

/** @type {HTMLElement | null} */
let menu = null;
/** @type {HTMLElement | null} */
let opener = null;

function element() {
  if (menu) return menu;
  const made = document.createElement("div");
  made.id = "menu";
  made.popover = "auto";
  made.setAttribute("role", "menu");
  made.addEventListener("keydown", key);
  made.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    opener?.setAttribute("aria-expanded", "false");
    closed();
  });
  menu = made;
  return made;
}

const LAYER = {
  name: "menu",
  isOpen: () => element().matches(":popover-open"),
  close: () => element().hidePopover(),
};

/** @param {KeyboardEvent} event */
function key(event) {
  const items = findAll("button:not(:disabled)", element());
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const ends = { Home: 0, End: items.length - 1 };
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, ...ends };
  const to = steps[/** @type {keyof typeof steps} */ (event.key)];
  if (event.key === "Tab") element().hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/** @param {HTMLElement} anchor */
function place(anchor) {
  const box = anchor.getBoundingClientRect();
  const own = element();
  const left = Math.min(box.left, innerWidth - own.offsetWidth - EDGE_PX);
  const below = box.bottom + GAP_PX;
  const fits = below + own.offsetHeight <= innerHeight - EDGE_PX;
  const top = fits ? below : box.top - own.offsetHeight - GAP_PX;
  own.style.left = `${Math.max(EDGE_PX, left)}px`;
  own.style.top = `${Math.max(EDGE_PX, top)}px`;
}

/**
 * Open the menu of a button, with these commands.
 * @param {HTMLElement} anchor
 * @param {MenuItem[]} items
 */
export function openMenu(anchor, items) {
  const own = element();
  own.replaceChildren(
    ...items.map(({ label, act, disabled }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "menuitem");
      button.textContent = label;
      button.disabled = disabled ?? false;
      button.addEventListener("click", () => {
        own.hidePopover();
        act();
      });
      return button;
    }),
  );
  opener = anchor;
  anchor.setAttribute("aria-haspopup", "menu");
  // Inside a dialog only what is in it, too, can be reached; elsewhere a landmark leads to it.
  (anchor.closest("dialog, main, nav, aside") ?? document.body).append(own);
  own.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(anchor);
  findAll("button:not(:disabled)", own)[0]?.focus();
  opened(LAYER);
}
