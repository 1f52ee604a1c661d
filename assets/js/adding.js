// The ways in which people add pictures, files and words: from a dialog, from the clipboard, with the
// mouse, with the camera, and from an address of the web, which is opened when a click says so.

import { find } from "./dom.js";
import { sharedHome } from "./home.js";
import { openMenu } from "./menu.js";
import { demandAdding, mayAdd } from "./rights.js";
import { toast } from "./toast.js";
import {
  carriesOwn, filesIn, inlinePicture, namesFolders, ownPicture, pastes, pictureAddress,
} from "./transfer.js"; // prettier-ignore
import * as tray from "./tray.js";
import * as uploads from "./uploads.js";
import { t } from "./words.js";

/** @type {HTMLTextAreaElement} */
let words;
/** @type {HTMLFormElement} */
let form;
/** @type {HTMLInputElement} */
let address;

/**
 * Ask for the address of a picture, or whether that of this one is to be opened.
 * @param {string} found
 */
function offer(found) {
  address.value = found;
  form.hidden = false;
  if (!found) address.focus();
}

function withdraw() {
  const within = form.contains(document.activeElement);
  form.hidden = true;
  address.value = "";
  if (within) words.focus();
}

/** @param {SubmitEvent} event */
function add(event) {
  event.preventDefault();
  const wanted = address.value.trim();
  if (!wanted) return;
  // Where it fails, the address is there to be put right, unless another is being written.
  uploads.addAddress(wanted, () => form.hidden && offer(wanted));
  if (words.value.includes(wanted)) {
    // It was pasted to be shown, not to be read.
    words.value = words.value.replace(wanted, "").trim();
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }
  withdraw();
}

/** @param {EventTarget | null} target */
const textField = (target) =>
  target instanceof Element ? target.closest("input, textarea, [contenteditable]") : null;

/** @param {DataTransfer} transfer */
function take(transfer) {
  for (const folder of namesFolders(transfer)) {
    toast(t("“{folder}” is a folder. Open it, and add the files that are in it.", { folder }), { urgent: true });
  }
  const files = filesIn(transfer);
  if (files.length) uploads.addFiles(files);
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
  const inline = inlinePicture(transfer);
  if (inline || pastes(transfer) === "files") {
    event.preventDefault();
    if (inline) uploads.addFiles([inline]);
    else take(transfer);
    if (!field) words.focus();
    return;
  }
  const link = pictureAddress(transfer);
  if (link && mayAdd() && (!field || field === words)) offer(link);
  if (!field && transfer.getData("text/plain")) {
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
  if (mayAdd() || carriesOwn(transfer)) document.body.classList.add("dropping");
}

/** @param {DragEvent} event */
function drop(event) {
  document.body.classList.remove("dropping");
  const transfer = event.dataTransfer;
  if (!transfer) return;
  const inComposer = event.target instanceof Element && event.target.closest("#composer");
  const own = ownPicture(transfer, sharedHome());
  const inline = inComposer ? inlinePicture(transfer) : null;
  if (own) {
    event.preventDefault();
    // On the transcript it was a slip of the mouse.
    if (inComposer) tray.put(own.sha, own.name || undefined);
  } else if (transfer.types.includes("Files")) {
    event.preventDefault();
    take(transfer);
  } else if (inline) {
    event.preventDefault();
    uploads.addFiles([inline]);
  } else if (inComposer && pictureAddress(transfer)) {
    event.preventDefault();
    if (demandAdding()) offer(pictureAddress(transfer) ?? "");
  } else if (!textField(event.target)) {
    event.preventDefault(); // a browser would leave the page for a link
    const text = transfer.getData("text/plain");
    if (inComposer && text) insert(text);
  }
}

export function start() {
  words = find("#words", HTMLTextAreaElement);
  const picker = find("#files", HTMLInputElement);
  const camera = find("#camera", HTMLInputElement);
  const attach = find("#attach", HTMLButtonElement);
  form = find("#from-address", HTMLFormElement);
  address = find("input", HTMLInputElement, form);
  form.addEventListener("submit", add);
  find(".drop", HTMLButtonElement, form).addEventListener("click", withdraw);
  form.addEventListener("keydown", (event) => event.key === "Escape" && withdraw());
  attach.addEventListener("click", () => {
    const held = matchMedia("(pointer: coarse)").matches;
    const photo = { label: t("Take a photo"), act: () => camera.click() };
    openMenu(attach, [
      { label: t("Upload pictures or files"), act: () => picker.click() },
      ...(held ? [photo] : []),
      { label: t("Picture at an address…"), act: () => offer("") },
    ]);
  });
  for (const input of [picker, camera]) {
    input.addEventListener("change", () => {
      if (input.files) uploads.addFiles(input.files);
      input.value = "";
    });
  }
  document.addEventListener("paste", paste);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", drop);
  document.addEventListener("dragend", () => document.body.classList.remove("dropping"));
}
