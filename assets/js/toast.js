// Short remarks at the edge of the screen, with at most one action.

import { findHtml } from "./dom.js";

const SHOWN_MS = 7000;

/**
 * @param {string} text
 * @param {{ action?: (() => void) | null, label?: string, urgent?: boolean, stays?: boolean }} options
 *   stays: until it is dismissed
 */
export function toast(text, { action = null, label = "", urgent = false, stays = false } = {}) {
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
      note.remove();
      action();
    });
    note.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  close.addEventListener("click", () => note.remove());
  note.append(close);
  shelf.append(note);
  while (shelf.children.length > 4) shelf.firstElementChild?.remove();
  if (!stays) setTimeout(() => note.remove(), SHOWN_MS);
}

/** @param {unknown} error with a sentence for the user */
export const complain = (error) =>
  toast(error instanceof Error ? error.message : String(error), { urgent: true });
