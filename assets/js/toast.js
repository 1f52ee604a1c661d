// Short remarks at the edge of the screen, with at most one action.

import { findAll, findHtml } from "./dom.js";
import { t } from "./words.js";

const SHOWN_MS = 7000;
const MOST = 4;

/** @type {Map<HTMLElement, ReturnType<typeof setTimeout>>} */
const leaving = new Map();

/** Whether somebody points at a remark or stands on it: none leaves, and none moves, meanwhile. */
const held = () => document.querySelector("#toasts :is(.toast:hover, :focus-visible)") !== null;

/** @param {HTMLElement} note */
function gone(note) {
  clearTimeout(leaving.get(note));
  leaving.delete(note);
  note.remove();
}

/** @param {HTMLElement} note */
function leave(note) {
  leaving.set(
    note,
    setTimeout(() => (held() ? leave(note) : gone(note)), SHOWN_MS),
  );
}

/**
 * @param {string} text
 * @param {{ action?: (() => void) | null, label?: string, leave?: string, urgent?: boolean, stays?: boolean }} options
 *   stays: until it is dismissed; leave: what dismisses it in words, in place of a cross
 */
export function toast(text, { action = null, label = "", leave: no = "", urgent = false, stays = false } = {}) {
  const shelf = findHtml("#toasts");
  const note = document.createElement("div");
  note.className = urgent ? "toast urgent" : "toast";
  note.setAttribute("role", urgent ? "alert" : "status");
  const words = document.createElement("span");
  words.dir = "auto";
  words.textContent = text;
  note.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      gone(note);
      action();
    });
    note.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = no;
  if (no) note.classList.add("asks");
  else {
    close.className = "close";
    close.dataset.icon = "close";
    close.setAttribute("aria-label", t("Dismiss"));
  }
  close.addEventListener("click", () => gone(note));
  note.append(close);
  shelf.append(note);
  if (!stays) leave(note);
  if (held()) return;
  for (const old of findAll(".toast", shelf).slice(0, -MOST)) gone(old);
}

/** @param {unknown} error with a sentence for the user */
export const complain = (error) =>
  toast(error instanceof Error ? error.message : String(error), { urgent: true });
