// The ways in which people add pictures: from a dialog, from the clipboard, with the mouse.

import * as tray from "./tray.js";

function take(event, transfer) {
  const files = [...(transfer?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  tray.addFiles(files);
}

export function start() {
  const picker = document.querySelector("#files");
  document.querySelector("#attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    tray.addFiles(picker.files);
    picker.value = "";
  });
  document
    .querySelector("#words")
    .addEventListener("paste", (event) => take(event, event.clipboardData));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    take(event, event.dataTransfer);
  });
}
