// The line under the message box has one line, in every language. What does not fit gives way in an
// order: words that an icon can stand for, then what a list or the drawer says as well. The name of the
// model is the last: it is what one looks for there.

import { find, findAll } from "./dom.js";
import { on } from "./state.js";

const LEVELS = ["", "settings", "settings tools", "settings tools chips", "settings tools chips all"];

/** @type {ResizeObserver} */
let sizes;

const bar = () => document.querySelector("#controls");

/** @param {HTMLElement} controls */
function fits(controls) {
  const name = find("#model .name", HTMLElement);
  return controls.scrollWidth <= controls.clientWidth && name.scrollWidth <= name.clientWidth;
}

function fit() {
  const controls = bar();
  if (!(controls instanceof HTMLElement) || controls.clientWidth === 0) return;
  for (const level of LEVELS) {
    controls.dataset.short = level;
    if (fits(controls)) return;
  }
}

/** What the line holds now: Gradio builds one of its own. */
function watch() {
  sizes.disconnect();
  const controls = bar();
  if (!controls) return;
  sizes.observe(controls);
  for (const part of findAll(":scope > *", controls)) sizes.observe(part);
  fit();
}

export function start() {
  sizes = new ResizeObserver(fit);
  const words = { childList: true, characterData: true, subtree: true };
  new MutationObserver(fit).observe(find("#model .name", HTMLElement), words);
  on("settings", fit);
  on("gradio", watch);
  watch();
}
