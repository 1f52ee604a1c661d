// Keys that work anywhere on the page, and the sheet that lists them.

import { stop } from "./composer.js";
import { open } from "./conversation.js";
import { focusSearch } from "./sidebar.js";
import { closeSettings } from "./shell.js";
import { state } from "./state.js";

const inText = (target) => target.closest?.("input, textarea, [contenteditable]");

/** Escape has a meaning of its own in the search and in a title; in the message box it stops. */
const busy = ({ target }) => inText(target) && target.id !== "words";

export function start() {
  const sheet = document.querySelector("#shortcuts");
  document.querySelector("#show-shortcuts").addEventListener("click", () => sheet.showModal());
  sheet.querySelector(".close").addEventListener("click", () => sheet.close());
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey && event.code === "KeyN") {
      event.preventDefault();
      open(null);
      document.querySelector("#words").focus();
    } else if (command && event.code === "KeyK") {
      event.preventDefault();
      document.body.dispatchEvent(new CustomEvent("easel:sidebar"));
      focusSearch();
    } else if (event.key === "Escape" && closeSettings()) {
      event.preventDefault();
    } else if (event.key === "Escape" && state.running.size && !event.isComposing && !busy(event)) {
      stop();
    } else if (event.key === "?" && !inText(event.target)) {
      sheet.showModal();
    } else if (event.key === "/" && !inText(event.target)) {
      event.preventDefault();
      document.querySelector("#words").focus();
    }
  });
}
