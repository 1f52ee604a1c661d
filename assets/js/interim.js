// Drafts of a picture: each gives its place to the next, and the last to the result, into which it
// fades. Those that have passed are folded away, and can be looked at.

import { findAll } from "./dom.js";
import { t } from "./words.js";

const FADE_MS = 450;
const DRAFT = "pic draft";

/**
 * The drafts right before a picture, the nearest first.
 * @param {Element} picture
 */
function before(picture) {
  /** @type {HTMLElement[]} */
  const found = [];
  for (let each = picture.previousElementSibling; each instanceof HTMLElement && each.classList.contains("draft"); ) {
    found.push(each);
    each = each.previousElementSibling;
  }
  return found;
}

/** @type {WeakSet<HTMLElement>} */
const passed = new WeakSet(); // drafts that have given their place

/** Whether the reader has opened the drafts that this picture is one of, or the result of. @param {HTMLElement} picture */
function areOpen(picture) {
  /** @type {Element | null} */
  let result = picture;
  while (result?.classList.contains("draft")) result = result.nextElementSibling;
  return result?.querySelector('.drafts[aria-expanded="true"]') != null;
}

/** @param {HTMLElement} picture @param {HTMLElement[]} drafts */
function switchFor(picture, drafts) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet drafts";
  made.textContent = t("Drafts");
  made.setAttribute("aria-expanded", "false");
  made.addEventListener("click", () => {
    const shown = made.getAttribute("aria-expanded") === "true";
    for (const each of drafts) each.hidden = shown;
    made.setAttribute("aria-expanded", String(!shown));
  });
  picture.querySelector("figcaption .ways")?.prepend(made);
}

/** @param {HTMLElement} picture @param {HTMLElement} draft */
function fade(picture, draft) {
  const [image, old] = [picture.querySelector(".open img"), draft.querySelector(".open img")];
  if (!(image instanceof HTMLImageElement) || !(old instanceof HTMLImageElement)) return;
  const veil = /** @type {HTMLImageElement} */ (old.cloneNode());
  veil.className = "veil";
  veil.alt = "";
  veil.loading = "eager";
  image.loading = "eager";
  image.before(veil);
  image.style.opacity = "0";
  const show = () => {
    image.style.opacity = "";
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const shown = image.animate({ opacity: [0, 1] }, { duration: still ? 0 : FADE_MS, easing: "ease-in-out" });
    const gone = () => veil.remove();
    shown.finished.then(gone, gone);
  };
  image.decode().then(show, show); // of one that is lost its frame says so
}

/**
 * What the reader has opened in one drawing is open in the next, of the same pictures.
 * @param {ParentNode} old
 * @param {ParentNode} fresh
 */
export function openAgain(old, fresh) {
  const were = findAll(".drafts", old).map((each) => each.getAttribute("aria-expanded") === "true");
  findAll(".drafts", fresh).forEach((each, at) => were[at] && each.click());
}

/**
 * After a drawing: what has passed goes.
 * @param {ParentNode} root
 * @param {boolean} [grows] while it is looked at
 */
export function passOn(root, grows = false) {
  for (const picture of findAll(".pic.draft + .pic", root)) {
    const drafts = before(picture).filter((each) => !each.hidden);
    const [last] = drafts;
    if (!last || areOpen(picture)) continue;
    for (const each of drafts) each.hidden = true;
    if (grows && !passed.has(last)) fade(picture, last);
    passed.add(last);
    if (picture.className !== DRAFT && !picture.querySelector(".drafts")) switchFor(picture, before(picture));
  }
}
