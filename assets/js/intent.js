// What the next message asks of a model without memory: a new picture, or a change of those in
// the tray. That is never decided in silence: a chip says it, and a click turns it round.
//
// To a model that takes no pictures the latest one, which nobody chose, stays behind by itself.
// What the user chose is sent even so: the server refuses it in words, and nothing is lost.

import { find, findHtml } from "./dom.js";
import { emit, on, state } from "./state.js";
import { toast } from "./toast.js";
import * as tray from "./tray.js";
import { plural, t } from "./words.js";

/** @type {HTMLButtonElement} */
let chip;
/** @type {HTMLElement} */
let spoken;
let turned = false; // the pictures in the tray stay behind, because the user wants it so
let said = ""; // what the chip said last

const applies = () => state.card !== null && !state.card.history;
const blind = () => state.card !== null && !state.card.takes_pictures;
const held = () => tray.shas().length;

/** Whether the tray stays behind. */
export const resting = () => (applies() && turned) || (blind() && !tray.chosen());

/** Whether the next message draws anew. */
const creating = () => applies() && (turned || blind() || held() === 0);

/** What of the tray goes along. */
export const sent = () => ({
  fresh: tray.startsFresh(),
  files: tray.files(),
  ...(resting()
    ? { pictures: [], masks: [], handles: {} }
    : { pictures: tray.shas(), masks: tray.masks(), handles: tray.handles() }),
});

export const wantsNew = () => turned;

/** @param {boolean} anew */
export function want(anew) {
  turned = anew;
  draw();
}

function words() {
  if (creating()) return t("Create");
  return plural(held(), "Edit {n} picture", "Edit {n} pictures");
}

function reason() {
  if (blind()) {
    return t("{title} draws from words alone and takes no pictures.", { title: state.card?.title });
  }
  if (held() === 0) return t("The next message draws a new picture. Add a picture to edit it.");
  if (turned) return t("The next message draws a new picture; the tray stays behind. Press to edit.");
  return t("The next message changes the pictures in the tray. Press to draw a new one.");
}

const fixed = () => blind() || held() === 0;

function draw() {
  tray.rest(resting());
  chip.hidden = !applies();
  if (chip.hidden) {
    said = "";
    spoken.textContent = "";
    return;
  }
  const now = words();
  chip.textContent = now;
  chip.dataset.mode = creating() ? "create" : "edit";
  chip.title = reason();
  chip.setAttribute("aria-disabled", String(fixed()));
  if (said && said !== now) {
    spoken.textContent = t("Next message: {now}.", { now });
    chip.classList.remove("changed");
    void chip.offsetWidth; // without a layout in between the animation would not start again
    chip.classList.add("changed");
  }
  said = now;
}

function turn() {
  if (fixed()) {
    toast(reason());
    return;
  }
  turned = !turned;
  draw();
  emit("tray");
}

export function start() {
  chip = find("#intent", HTMLButtonElement);
  spoken = findHtml("#intent-told");
  chip.addEventListener("click", turn);
  // Who adds a picture wants it used.
  on("added", () => (turned = false));
  on("tray", draw);
  on("settled", draw);
  on("opened", () => {
    said = ""; // another conversation, not another intention
    spoken.textContent = "";
  });
}
