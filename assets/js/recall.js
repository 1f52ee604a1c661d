// What was asked before, by the arrow up in an empty message box, as in a shell: the last message of
// this conversation, then those before it and of others; the arrow down goes back. What was recalled
// is the user's as soon as a letter of it is changed.

import { get } from "./api.js";
import { setText } from "./composer.js";
import { find, findAll } from "./dom.js";
import { once } from "./once.js";
import { on } from "./state.js";

/** @import { EarlierPrompts } from "./protocol.js" */

/** @type {string[]} */
let earlier = []; // the newest first
let at = -1; // which of them is in the box; -1: none

async function ask() {
  const here = findAll("#messages .msg.user .said").map((each) => each.textContent ?? "");
  /** @type {EarlierPrompts} */
  const { prompts } = await get("api/prompts");
  earlier = [...new Set([...here.reverse(), ...prompts])].filter((text) => text.trim());
}

/**
 * @param {HTMLTextAreaElement} box
 * @param {number} by
 */
async function step(box, by) {
  const before = box.value;
  if (at < 0) await ask();
  if (box.value !== before) return; // somebody writes meanwhile
  const to = Math.min(at + by, earlier.length - 1);
  if (to === at) return;
  at = to;
  setText(earlier[at] ?? "");
  box.setSelectionRange(box.value.length, box.value.length);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start() {
  const box = find("#words", HTMLTextAreaElement);
  box.addEventListener("keydown", (event) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (event.defaultPrevented || event.isComposing || shiftKey || altKey || ctrlKey || metaKey) return;
    if (box.value === "" || box.value !== earlier[at]) at = -1;
    if ((key !== "ArrowUp" || (box.value !== "" && at < 0)) && (key !== "ArrowDown" || at < 0)) return;
    event.preventDefault();
    once("recall", () => step(box, key === "ArrowUp" ? 1 : -1));
  });
  on("opened", () => (at = -1));
}
