// A menu of a few commands at a button, or where the pointer is: arrows walk through it, Escape closes
// it, and the focus goes back to where it came from.

import { findAll } from "./dom.js";
import { closed, opened } from "./layers.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {() => void} act
 * @property {boolean} [disabled]
 * @property {boolean} [grave] it takes something away
 * @property {boolean} [chosen] of several, whether it is the one that holds
 * @property {HTMLElement} [sign] stands before the words
 */

/**
 * @typedef {object} MenuPlace
 * @property {string} [label] what the menu is called by assistive technology
 * @property {{ x: number, y: number }} [at] where the pointer is, which opened it
 * @property {() => void} [closed] hears when it is closed, before a command acts
 */

const GAP_PX = 4;
const EDGE_PX = 8;

/** @type {HTMLElement | null} */
let menu = null;
/** @type {HTMLElement | null} */
let opener = null;
/** @type {(() => void) | undefined} */
let told;

function element() {
  if (menu) return menu;
  const made = document.createElement("div");
  made.id = "menu";
  made.setAttribute("role", "menu");
  made.addEventListener("keydown", key);
  made.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    opener?.setAttribute("aria-expanded", "false");
    closed();
  });
  made.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    const within = made.contains(document.activeElement);
    const tell = told;
    told = undefined;
    tell?.();
    // What was opened at the pointer is none that the browser gives the focus back for.
    if (within && made.popover === "manual") opener?.focus();
  });
  // One that a pointer opened must outlive the release of that press, which closes an "auto" one.
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      const outside = target instanceof Node && !made.contains(target);
      if (outside && made.popover === "manual" && LAYER.isOpen()) made.hidePopover();
    },
    { capture: true },
  );
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
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    element().hidePopover();
  }
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/** @param {{ left: number, top: number, bottom: number }} box beside which it stands */
function place(box) {
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
 * @param {HTMLElement} anchor where the focus goes back to
 * @param {MenuItem[]} items
 * @param {MenuPlace} options
 */
export function openMenu(anchor, items, { label = "", at, closed: hears } = {}) {
  const own = element();
  if (own.matches(":popover-open")) own.hidePopover();
  own.popover = at ? "manual" : "auto";
  if (label) own.setAttribute("aria-label", label);
  else own.removeAttribute("aria-label");
  own.replaceChildren(
    ...items.map(({ label: words, act, disabled, grave, chosen, sign }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", chosen === undefined ? "menuitem" : "menuitemradio");
      if (chosen !== undefined) button.setAttribute("aria-checked", String(chosen));
      button.classList.toggle("grave", grave ?? false);
      button.textContent = words;
      if (sign) button.prepend(sign);
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
  told = hears;
  anchor.setAttribute("aria-expanded", "true");
  place(at ? { left: at.x, top: at.y, bottom: at.y } : anchor.getBoundingClientRect());
  findAll("button:not(:disabled)", own)[0]?.focus();
  opened(LAYER);
}
