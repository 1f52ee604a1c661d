// Keys that work anywhere on the page; the help sheet lists them.

import { stop } from "./composer.js";
import { open } from "./conversation.js";
import { findHtml } from "./dom.js";
import * as help from "./help.js";
import * as models from "./models.js";
import { focusSearch } from "./sidebar.js";
import { closeSettings } from "./shell.js";
import { state } from "./state.js";

const inText = (target) => target.closest?.("input, textarea, [contenteditable]");

/** Escape has a meaning of its own in the search and in a title; in the message box it stops. */
const busy = ({ target }) => inText(target) && target.id !== "words";

// What takes letters for itself: fields, and what is walked through by them.
const OWN_KEYS = `input, textarea, select, [contenteditable], dialog, [popover], [role=listbox],
  [role=application], #pictures, #versions`;

/**
 * A letter that is typed where nothing takes it is the beginning of a message.
 * @param {KeyboardEvent} event
 */
function isWriting(event) {
  const { key, target } = event;
  if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.isComposing || document.querySelector("#pictures:not([hidden]), :popover-open")) return false;
  return target instanceof Element && !target.closest(OWN_KEYS);
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey && event.code === "KeyN") {
      event.preventDefault();
      open(null);
      findHtml("#words").focus();
    } else if (event.altKey && !command && event.code === "KeyM") {
      event.preventDefault();
      models.open();
    } else if (command && event.code === "KeyK") {
      event.preventDefault();
      document.body.dispatchEvent(new CustomEvent("easel:sidebar"));
      focusSearch();
    } else if (event.key === "Escape" && closeSettings()) {
      event.preventDefault();
    } else if (event.key === "Escape" && state.running.size && !event.isComposing && !busy(event)) {
      stop();
    } else if (event.key === "?" && !inText(event.target)) {
      help.open();
    } else if (event.key === "/" && !inText(event.target)) {
      event.preventDefault();
      findHtml("#words").focus();
    } else if (isWriting(event)) {
      findHtml("#words").focus(); // before the letter is put where the focus is
    }
  });
}
