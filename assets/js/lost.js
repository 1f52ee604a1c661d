// A picture that cannot be shown: a frame of its size that says so, to the eye and to a reader.

import { findAll } from "./dom.js";
import { t } from "./words.js";

const LOST = t("The file of this picture is lost.");
const SILENT = t("This picture could not be loaded.");

/** Whether the server says that there is no such file any more, or whether it said nothing. */
async function gone(address) {
  try {
    return (await fetch(address, { method: "HEAD" })).status === 404;
  } catch {
    return false;
  }
}

function frame(image, words) {
  const box = document.createElement("span");
  box.className = "gone";
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", image.alt ? t("{words} It showed: {alt}", { words, alt: image.alt }) : words);
  box.textContent = words;
  return box;
}

async function failed(image) {
  const address = image.getAttribute("src");
  const lost = await gone(address);
  if (image.getAttribute("src") !== address) return; // another picture has taken its place
  if (image.closest("#viewer")) {
    image.closest("#viewer").querySelector(".facts").textContent = lost ? LOST : SILENT;
    return;
  }
  image.closest(".pic, .chip")?.classList.add(lost ? "lost" : "unloaded");
  // It stays, unseen: others ask it what it showed, and it may still come.
  image.hidden = true;
  image.nextElementSibling?.matches(".gone") || image.after(frame(image, lost ? LOST : SILENT));
}

function came(image) {
  if (!image.hidden) return;
  image.hidden = false;
  image.nextElementSibling?.matches(".gone") && image.nextElementSibling.remove();
  image.closest(".pic, .chip")?.classList.remove("lost", "unloaded");
}

/** Ask once more for what did not come while the line was down. */
function retry() {
  for (const image of findAll(".unloaded img[hidden]")) {
    if (!(image instanceof HTMLImageElement)) continue;
    const address = image.getAttribute("src");
    image.loading = "eager";
    image.removeAttribute("src");
    image.setAttribute("src", address);
  }
}

export function start() {
  // Neither event bubbles, so they are caught on their way down.
  const pictures = ".pic img:not(.region), .chip img, #viewer img";
  for (const [name, act] of Object.entries({ error: failed, load: came })) {
    document.addEventListener(
      name,
      ({ target }) => target instanceof Element && target.matches(pictures) && act(target),
      true,
    );
  }
  window.addEventListener("online", retry);
}
