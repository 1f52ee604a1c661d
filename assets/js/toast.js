// Short remarks at the edge of the screen, with at most one action.

import { findHtml } from "./dom.js";

const SHOWN_MS = 7000;

/**
 * @param {string} text
 * @param {{ action?: (() => void) | null, label?: string, urgent?: boolean }} options
 */
export function toast(text, { action = null, label = "", urgent = false } = {}) {
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
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** @param {Error} error */
export const complain = (error) => toast(error.message, { urgent: true });
