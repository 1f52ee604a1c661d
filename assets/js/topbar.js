// The bar above the conversation: its title, and what can be done with all of it. Each part of the
// studio adds its own button; where there is no room for them they stand in a menu.

import { find, findHtml } from "./dom.js";
import { openMenu } from "./menu.js";
import { on } from "./state.js";

/**
 * @typedef {object} BarAction
 * @property {string} id
 * @property {string} label
 * @property {string} icon one of those in 1-icons.css
 * @property {number} order lower comes first
 * @property {() => void} act
 */

const NARROW = "(max-width: 900px)";

/** @type {BarAction[]} */
const actions = [];

function draw() {
  const bar = document.querySelector("#topbar-actions");
  if (!bar) return; // the panel has not come yet, or has failed
  const buttons = actions.map(({ id, label, icon, act }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.dataset.bar = id;
    button.dataset.icon = icon;
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  });
  bar.replaceChildren(...buttons);
  find("#topbar-more", HTMLButtonElement).hidden = actions.length === 0;
}

/** @param {BarAction} action */
export function addBarAction(action) {
  actions.push(action);
  actions.sort((one, other) => one.order - other.order);
  draw();
}

export function start() {
  const title = findHtml("#topbar-title");
  on("title", (words) => {
    title.textContent = words;
  });
  const more = find("#topbar-more", HTMLButtonElement);
  more.addEventListener("click", () => openMenu(more, actions));
  const narrow = matchMedia(NARROW);
  const fit = () => findHtml("#topbar").classList.toggle("narrow", narrow.matches);
  narrow.addEventListener("change", fit);
  fit();
  draw();
}
