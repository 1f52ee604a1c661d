// What an edit changed, in a sentence under its picture. It is asked for when the reply has ended
// and is on the screen, so that nothing waits for it.

import { get } from "./api.js";
import { findAll } from "./dom.js";
import { on } from "./state.js";

/** @import { ChangeOfPicture, ChangesOfReply } from "./protocol.js" */

/** @type {Map<string, ChangeOfPicture[]>} by message */
const known = new Map();
/** @type {Set<string>} */
const asked = new Set();
/** @type {IntersectionObserver} */
let seen;

/** The line under a picture, which is kept for the words before they come. @param {HTMLElement} frame */
function lineOf(frame) {
  const there = frame.querySelector(".change");
  if (there instanceof HTMLElement) return there;
  const made = document.createElement("p");
  made.className = "change";
  frame.append(made);
  return made;
}

/** @param {HTMLElement} message */
function keepRoom(message) {
  for (const frame of findAll('.pic[data-origin="model"]:not(.small, .draft)', message)) lineOf(frame);
}

/** Nothing is said of these pictures. @param {HTMLElement} message */
function freeRoom(message) {
  for (const line of findAll(".pic .change:empty", message)) line.remove();
}

/** @param {HTMLElement} message */
function write(message) {
  const { id = "" } = message.dataset;
  for (const { sha, words, spoken } of known.get(id) ?? []) {
    for (const frame of findAll(`.pic[data-sha="${sha}"]:not(.small, .draft)`, message)) {
      const line = lineOf(frame);
      if (line.id) continue; // it is written
      line.id = `change-${id}-${sha.slice(0, 12)}`;
      line.textContent = words;
      const more = document.createElement("span");
      more.className = "unseen";
      more.textContent = spoken.slice(words.length);
      line.append(more);
      frame.querySelector("a.open")?.setAttribute("aria-describedby", line.id);
    }
  }
}

/** @param {HTMLElement} message */
async function ask(message) {
  const { id = "" } = message.dataset;
  if (asked.has(id)) return;
  asked.add(id);
  try {
    const { changes } = /** @type {ChangesOfReply} */ (await get(`api/messages/${id}/changes`));
    known.set(id, changes);
    const shown = document.getElementById(`m-${id}`);
    if (shown) {
      write(shown);
      freeRoom(shown);
    }
  } catch {
    asked.delete(id); // it is asked again when the reply comes to the screen again
    freeRoom(message);
  }
}

/** Whether a reply may be an edit: its question shows a picture. @param {HTMLElement} message */
const edits = (message) =>
  message.getAttribute("aria-busy") !== "true" &&
  message.querySelector('.pic[data-origin="model"]:not(.draft)') !== null &&
  document.getElementById(`m-${message.dataset.parent}`)?.querySelector(".strip .pic") !== null;

function look() {
  for (const message of findAll("#messages .msg.assistant")) {
    if (known.has(message.dataset.id ?? "")) write(message);
    else if (edits(message)) {
      keepRoom(message);
      seen.observe(message);
    }
  }
}

export function start() {
  seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      seen.unobserve(target);
      void ask(target);
    }
  });
  on("settled", look);
  on("reply-ended", look);
}
