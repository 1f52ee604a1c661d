// The ways in which people add pictures and words: from a dialog, from the clipboard, with the
// mouse.

import { find } from "./dom.js";
import { toast } from "./toast.js";
import { carriesOwn, filesIn, namesFolders, ownPicture, pastes } from "./transfer.js";
import * as tray from "./tray.js";

/** @type {HTMLTextAreaElement} */
let words;

/** @param {EventTarget | null} target */
const textField = (target) =>
  target instanceof Element ? target.closest("input, textarea, [contenteditable]") : null;

/** @param {DataTransfer} transfer */
function take(transfer) {
  for (const folder of namesFolders(transfer)) {
    toast(`“${folder}” is a folder. Open it, and add the pictures that are in it.`, { urgent: true });
  }
  const files = filesIn(transfer);
  if (files.length) tray.addFiles(files);
}

/** @param {string} text */
function insert(text) {
  words.focus();
  words.setRangeText(text, words.selectionStart, words.selectionEnd, "end");
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const transfer = event.clipboardData;
  if (!transfer || document.querySelector("dialog[open]")) return;
  const field = textField(event.target);
  if (pastes(transfer) === "pictures") {
    event.preventDefault();
    take(transfer);
    if (!field) words.focus();
  } else if (!field && transfer.getData("text/plain")) {
    event.preventDefault();
    insert(transfer.getData("text/plain"));
  }
}

/** @param {DragEvent} event */
function over(event) {
  const transfer = event.dataTransfer;
  if (!transfer) return;
  // A field takes words by itself, where the mouse points in it.
  const isFiles = transfer.types.includes("Files");
  if (!isFiles && !carriesOwn(transfer) && textField(event.target)) return;
  event.preventDefault();
  if (carriesOwn(transfer)) transfer.dropEffect = "copy";
  document.body.classList.add("dropping");
}

/** @param {DragEvent} event */
function drop(event) {
  document.body.classList.remove("dropping");
  const transfer = event.dataTransfer;
  if (!transfer) return;
  const inComposer = event.target instanceof Element && event.target.closest("#composer");
  const own = ownPicture(transfer, location.origin);
  if (own) {
    event.preventDefault();
    // On the transcript it was a slip of the mouse.
    if (inComposer) tray.put(own.sha, own.name || undefined);
  } else if (transfer.types.includes("Files")) {
    event.preventDefault();
    take(transfer);
  } else if (!textField(event.target)) {
    event.preventDefault(); // a browser would leave the page for a link
    const text = transfer.getData("text/plain");
    if (inComposer && text) insert(text);
  }
}

export function start() {
  words = find("#words", HTMLTextAreaElement);
  const picker = find("#files", HTMLInputElement);
  find("#attach", HTMLButtonElement).addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    if (picker.files) tray.addFiles(picker.files);
    picker.value = "";
  });
  document.addEventListener("paste", paste);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", drop);
  document.addEventListener("dragend", () => document.body.classList.remove("dropping"));
}
