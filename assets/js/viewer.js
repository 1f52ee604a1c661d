// A picture at its full size, in a dialog that Escape closes and arrows walk through.

import { findHtml } from "./dom.js";
import * as tray from "./tray.js";

let dialog = null;
let shown = null;

const all = () => [...document.querySelectorAll("#messages .pic")];

function draw(picture) {
  shown = picture;
  const { sha, width, height } = picture.dataset;
  const image = dialog.querySelector("img");
  image.src = `/media/${sha}`;
  image.alt = picture.querySelector("img").alt;
  dialog.querySelector(".caption").textContent = image.alt;
  dialog.querySelector(".marks").hidden = picture.dataset.origin !== "model";
  dialog.querySelector(".facts").textContent = `${width} × ${height} px`;
  dialog.querySelector("a").href = `/media/${sha}?download=1`;
  const at = all().indexOf(picture);
  dialog.querySelector(".previous").disabled = at <= 0;
  dialog.querySelector(".next").disabled = at >= all().length - 1;
}

function step(by) {
  const target = all()[all().indexOf(shown) + by];
  if (target) draw(target);
}

export function view(picture) {
  draw(picture);
  dialog.showModal();
}

export function start() {
  dialog = document.querySelector("#viewer");
  dialog.querySelector(".previous").addEventListener("click", () => step(-1));
  dialog.querySelector(".next").addEventListener("click", () => step(1));
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.querySelector(".use").addEventListener("click", () => {
    tray.put(shown.dataset.sha, shown.querySelector("img").alt);
    dialog.close();
    findHtml("#words").focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
}
