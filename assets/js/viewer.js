// A picture at its full size, in a dialog that Escape closes: zoomed and moved, with what is known
// of it beside, and a walk to the others of the conversation, each of them once.

import { demandLine, get } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { openMenu } from "./menu.js";
import { actionsFor, shownIn } from "./picture-actions.js";
import { downloadAddress } from "./picture-files.js";
import { seal, showFacts } from "./picture-facts.js";
import { back } from "./see-through.js";
import { state } from "./state.js";
import { complain } from "./toast.js";
import { number, t } from "./words.js";
import { Zoom } from "./zoom.js";

/** @import { PictureAction, ShownPicture } from "./picture-actions.js" */

const PAN_PX = 60;
const NARROW = "(max-width: 900px)"; // as in its styles: all commands are in the menu then
const WIDE = "(min-width: 1000px)";

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLImageElement} */
let image;
/** @type {HTMLElement} */
let sheet;
/** @type {Zoom} */
let zoom;
/** @type {ShownPicture[]} */
let walk = [];
let at = 0;
/** @type {Promise<boolean>} */
let seen = Promise.resolve(true); // whether there is a file
/** @type {{ label: string, act: () => void }[]} */
let rest = []; // what can be done with it and has no button of its own

/** @param {string} name */
const button = (name) => find(`.bar .${name}`, HTMLButtonElement, dialog);

/** Every picture on the screen once: where it is large, if it is so anywhere. */
function onScreen() {
  /** @type {Map<string, ShownPicture>} */
  const once = new Map();
  for (const frame of findAll("#messages .pic:not(.small)")) once.set(frame.dataset.sha ?? "", shownIn(frame));
  /** @type {Map<string, ShownPicture>} */
  const found = new Map();
  for (const frame of findAll("#messages .pic:not(.mask)")) {
    const sha = frame.dataset.sha ?? "";
    if (!found.has(sha)) found.set(sha, once.get(sha) ?? shownIn(frame));
  }
  return [...found.values()];
}

/** @param {{ id: string, label: string, act: () => void }} action */
function asButton({ id, label, act }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = id;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function draw() {
  const picture = walk[at];
  image.src = `media/${picture.sha}`;
  void back(image, picture.sha);
  image.alt = picture.alt;
  zoom.take(picture.width, picture.height);
  findHtml(".facts", dialog).textContent = `${picture.width} × ${picture.height} px`;
  findHtml(".place", dialog).textContent = walk.length > 1 ? t("{at} of {all}", { at: at + 1, all: walk.length }) : "";
  findHtml(".walk", dialog).hidden = walk.length < 2;
  find(".bar a", HTMLAnchorElement, dialog).href = downloadAddress(picture);
  const offered = actionsFor(picture).map((/** @type {PictureAction} */ action) => ({
    ...action,
    act: () => {
      if (!action.above) dialog.close();
      action.act(picture);
    },
  }));
  findHtml(".ways", dialog).replaceChildren(...offered.filter((each) => each.prominent).map(asButton));
  const narrow = matchMedia(NARROW).matches;
  rest = offered.filter(({ id, prominent }) => narrow || !(prominent || id === "download"));
  button("more").hidden = rest.length === 0;
  button("previous").disabled = at <= 0;
  button("next").disabled = at >= walk.length - 1;
  const { sha } = picture;
  seen = image.decode().then(
    () => true,
    () => here(sha),
  );
  button("seal").hidden = true;
  void seen.then((whole) => {
    if (whole) void stamp(sha);
  });
  if (!sheet.hidden) details();
}

/** Whether the server has the file, though the browser cannot show it. @param {string} sha */
const here = (sha) =>
  fetch(`media/${sha}`, { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );

/** A credential of the picture is seen without opening anything. @param {string} sha */
async function stamp(sha) {
  try {
    const found = await seal(sha);
    if (!found || !dialog.open || walk[at]?.sha !== sha) return;
    button("seal").textContent = found.words;
    button("seal").dataset.status = found.status;
    button("seal").hidden = false;
  } catch {
    // The sheet says why, to whoever opens it.
  }
}

function details() {
  void showFacts(sheet, walk[at], go, seen);
}

/** To a picture that another was made from, also where the screen does not show it. @param {string} sha */
async function go(sha) {
  let known = walk.findIndex((each) => each.sha === sha);
  if (known < 0) {
    try {
      const place = state.conversation ? `?conversation=${state.conversation}` : "";
      const facts = await get(`api/pictures/${sha}${place}`);
      const { width, height, prompt, message } = facts;
      walk = [...walk, { sha, alt: prompt, width, height, origin: facts.model ? "model" : "upload", message: message || null }];
      known = walk.length - 1;
    } catch (error) {
      complain(/** @type {Error} */ (error));
      return;
    }
  }
  at = known;
  draw();
}

/** @param {boolean} open */
function unfold(open) {
  sheet.hidden = !open;
  button("details").setAttribute("aria-expanded", String(open));
  if (open) details();
}

/** @param {number} by */
function step(by) {
  if (!walk[at + by]) return;
  at += by;
  draw();
}

/**
 * Show pictures, one of them first.
 * @param {ShownPicture[]} pictures
 * @param {number} first
 */
export function viewPictures(pictures, first = 0) {
  walk = pictures;
  at = first;
  // A dialog has its size only once it is open.
  showDialog(dialog);
  draw();
  findHtml(".stage", dialog).focus();
}

/** Show the picture of a frame of the transcript. @param {HTMLElement} frame */
export function view(frame) {
  const wanted = shownIn(frame);
  const pictures = onScreen();
  const first = pictures.findIndex(({ sha }) => sha === wanted.sha);
  if (first < 0) viewPictures([wanted]);
  else viewPictures(pictures, first);
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {Record<string, () => void>} */
const KEYS = {
  "+": () => zoom.step(1),
  "=": () => zoom.step(1),
  "-": () => zoom.step(-1),
  0: () => zoom.fit(),
  1: () => zoom.actual(),
  PageUp: () => step(-1),
  PageDown: () => step(1),
  i: () => unfold(sheet.hidden === true),
};

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target instanceof Element && event.target.closest("#menu, #viewer-sheet")) return;
  const arrow = ARROWS[event.key];
  const act = KEYS[event.key];
  if (arrow && zoom.zoomed) zoom.pan(arrow[0] * PAN_PX, arrow[1] * PAN_PX);
  else if (arrow?.[0]) step(-arrow[0]);
  else if (act) act();
  else return;
  event.preventDefault();
}

export function start() {
  dialog = find("#viewer", HTMLDialogElement);
  image = find(".stage img", HTMLImageElement, dialog);
  sheet = findHtml("#viewer-sheet", dialog);
  const level = findHtml(".level", dialog);
  button("actual").textContent = number(1, { style: "percent" });
  zoom = new Zoom(findHtml(".stage", dialog), image, {
    told(share, zoomed) {
      const words = number(share, { style: "percent" });
      if (level.textContent !== words) level.textContent = words;
      dialog.classList.toggle("zoomed", zoomed);
    },
    swiped: step,
  });
  /** @type {Record<string, () => void>} */
  const buttons = {
    previous: () => step(-1),
    next: () => step(1),
    in: () => zoom.step(1),
    out: () => zoom.step(-1),
    actual: () => zoom.actual(),
    fit: () => zoom.fit(),
    details: () => unfold(sheet.hidden === true),
    seal: () => unfold(true),
    more: () => openMenu(button("more"), rest),
    close: () => dialog.close(),
  };
  for (const [name, act] of Object.entries(buttons)) button(name).addEventListener("click", act);
  find(".bar a", HTMLAnchorElement, dialog).addEventListener("click", (event) => {
    try {
      demandLine();
    } catch (error) {
      event.preventDefault();
      complain(error);
    }
  });
  dialog.addEventListener("keydown", key);
  dialog.addEventListener("close", () => {
    image.removeAttribute("src"); // a large picture is not held while nobody looks at it
  });
  sheet.hidden = !matchMedia(WIDE).matches;
  button("details").setAttribute("aria-expanded", String(sheet.hidden !== true));
}
