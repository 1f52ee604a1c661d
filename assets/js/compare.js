// Two pictures, compared: side by side, under a line, through each other, in turn, or by what
// differs; with the figures of how far the second has drifted. What is zoomed or moved in one is so
// in both. Whoever emits "compare" with two names opens it.

import { get, unlessOffline } from "./api.js";
import { drift } from "./compare-words.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { addPictureAction } from "./picture-actions.js";
import { back } from "./see-through.js";
import { emit, on, state } from "./state.js";
import { complain, toast } from "./toast.js";
import { t } from "./words.js";
import { Zoom } from "./zoom.js";

/** @import { ShownPicture } from "./picture-actions.js" */
/** @import { ChainOfVersion, ComparedPictures, FactsOfPicture } from "./protocol.js" */

/** @typedef {"side" | "slider" | "onion" | "blink" | "difference"} Mode */

/** @type {Record<Mode, string>} */
const MODES = {
  side: t("Side by side: before is left, after is right."),
  slider: t("Slider: before is left of the line, after is right of it."),
  onion: t("Onion skin: after lies over before."),
  blink: t("Blink: before and after in turn."),
  difference: t("Difference: what differs is warm over grey."),
};
const NAMES = /** @type {Mode[]} */ (Object.keys(MODES));
/** @type {Partial<Record<Mode, string>>} */
const MIXES = { slider: t("Line"), onion: t("After"), blink: t("Pace") };
const PAN_PX = 60;
const MIX_STEP = 2;
const SLOWEST_MS = 1600; // of a picture while they blink; the quickest is 400
const ALONE = t("It was made from words alone, so there is nothing to compare it with.");

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLElement} */
let stage;
/** @type {HTMLElement} */
let sheet;
/** @type {HTMLInputElement} */
let mix;
/** @type {HTMLInputElement} */
let aligned;
/** @type {HTMLButtonElement} */
let pause;
/** @type {Zoom} */
let one;
/** @type {Zoom} */
let two;
/** @type {Zoom} */
let leading; // the one that was touched last; the other follows
/** @type {[string, string]} */
let pair = ["", ""];
/** @type {Mode} */
let mode = "side";
/** @type {Record<string, number>} */
const mixed = { slider: 50, onion: 50, blink: 60 };
let blinks = 0; // the timer
let paused = false;
let asked = 0;

/** @param {string} sentence */
function say(sentence) {
  findHtml(".told", dialog).textContent = sentence;
}

/** The line stands on the screen; what is right of it depends on how the picture is zoomed. */
function cut() {
  if (mode !== "slider") return;
  const [room, box] = [stage.getBoundingClientRect(), sheet.getBoundingClientRect()];
  const x = room.left + (room.width * mixed.slider) / 100;
  const share = Math.min(1, Math.max(0, (x - box.left) / (box.width || 1)));
  dialog.style.setProperty("--line", `${mixed.slider}%`);
  dialog.style.setProperty("--cut", `${100 * share}%`);
}

/** @param {Zoom} zoom @param {() => Zoom} other */
const linked = (zoom, other) => {
  if (leading === zoom && mode === "side") other().follow(zoom.standing);
};

function blink() {
  clearTimeout(blinks);
  pause.textContent = paused ? t("Go on") : t("Pause");
  if (mode !== "blink" || paused || !dialog.open) return;
  const pace = SLOWEST_MS - (mixed.blink / 100) * (SLOWEST_MS - 400);
  blinks = setTimeout(() => {
    turn();
    blink();
  }, pace);
}

/** The other of the two. */
function turn() {
  dialog.dataset.turn = dialog.dataset.turn === "after" ? "before" : "after";
}

function heat() {
  if (mode !== "difference") return;
  const picture = find(".heat", HTMLImageElement, sheet);
  const address = `api/pictures/${pair[0]}/difference/${pair[1]}${aligned.checked ? "?align=true" : ""}`;
  if (picture.getAttribute("src") !== address) picture.src = address;
}

/** @param {Mode} next */
function set(next) {
  const before = one.standing;
  mode = next;
  dialog.dataset.mode = next;
  dialog.dataset.turn = "before";
  for (const button of findAll(".modes button", dialog)) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === next));
  }
  const words = MIXES[next];
  find(".mix", HTMLElement, dialog).hidden = !words;
  if (words) {
    find(".mix span", HTMLElement, dialog).textContent = words;
    mix.value = String(mixed[next]);
  }
  pause.hidden = next !== "blink";
  paused = matchMedia("(prefers-reduced-motion: reduce)").matches;
  one.follow(before); // its stage may be wider now, or narrower
  two.follow(before);
  heat();
  shade();
  blink();
  say(MODES[next]);
}

function shade() {
  if (mode in mixed) mixed[mode] = Number(mix.value);
  dialog.style.setProperty("--opacity", String(mixed.onion / 100));
  cut();
  if (mode === "blink") blink();
}

/** @param {ComparedPictures} found @param {number} edits */
function tell(found, edits) {
  findHtml(".figures", dialog).textContent = drift(found, edits);
}

/** How many edits the second is away from its original; 0 where nobody knows. */
async function edits() {
  if (!state.conversation) return 0;
  try {
    /** @type {ChainOfVersion} */
    const way = await get(`api/conversations/${state.conversation}/versions/${pair[1]}/chain`);
    return way.edits.length;
  } catch {
    return 0; // a picture of another conversation
  }
}

async function measure() {
  asked += 1;
  const mine = asked;
  const figures = findHtml(".figures", dialog);
  figures.textContent = t("Comparing…");
  try {
    const place = `api/pictures/${pair[0]}/compared/${pair[1]}`;
    const [found, since] = await Promise.all([
      get(aligned.checked ? `${place}?align=true` : place),
      edits(),
    ]);
    if (mine === asked) tell(found, since);
  } catch (error) {
    if (mine === asked) figures.textContent = error instanceof Error ? error.message : String(error);
  }
}

/** @param {string} selector @param {string} sha */
async function load(selector, sha) {
  const pictures = /** @type {HTMLImageElement[]} */ (findAll(selector, dialog).filter((each) => each instanceof HTMLImageElement));
  for (const picture of pictures) {
    picture.src = `media/${sha}`;
    void back(picture, sha);
  }
  await pictures[0].decode();
  return pictures[0];
}

async function show() {
  find(".heat", HTMLImageElement, sheet).removeAttribute("src");
  const [before, after] = await Promise.all([load("img.before", pair[0]), load("img.after", pair[1])]);
  one.take(before.naturalWidth, before.naturalHeight);
  two.take(after.naturalWidth, after.naturalHeight);
}

/** @param {[string, string]} shas before and after */
async function open(shas) {
  pair = shas;
  aligned.checked = false;
  leading = one;
  findHtml(".figures", dialog).textContent = "";
  showDialog(dialog);
  stage.focus();
  set(mode);
  measure();
  try {
    await show();
    set(mode);
  } catch {
    dialog.close();
    toast(unlessOffline(t("This browser cannot show one of the pictures.")), { urgent: true });
  }
}

function swap() {
  open([pair[1], pair[0]]).then(() => say(t("Before and after are swapped.")));
}

/** Move the line, or the mix. @param {number} by */
function move(by) {
  mix.value = String(Number(mix.value) + by);
  shade();
}

function hold() {
  if (mode !== "blink") return;
  paused = !paused;
  if (paused) turn();
  blink();
  say(paused ? (dialog.dataset.turn === "before" ? t("Paused on before.") : t("Paused on after.")) : t("Blinking."));
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {Record<string, () => void>} */
const KEYS = {
  "+": () => one.step(1),
  "=": () => one.step(1),
  "-": () => one.step(-1),
  0: () => one.fit(),
  x: swap,
  " ": hold,
};

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inField = event.target instanceof HTMLInputElement;
  const arrow = inField ? undefined : ARROWS[event.key];
  const onButton = event.target instanceof HTMLButtonElement && event.key === " ";
  const act = onButton || (inField && event.key === " ") ? undefined : KEYS[event.key.toLowerCase()];
  const next = NAMES[Number(event.key) - 1];
  if (!arrow && !act && !next) return;
  event.preventDefault();
  leading = one;
  if (next) set(next);
  else if (act) act();
  else if (arrow) go(arrow, event.shiftKey);
}

/** Move the line or the mix where there is one, else the pictures. @param {[number, number]} arrow @param {boolean} shifted */
function go([x, y], shifted) {
  const mixes = mode === "slider" || mode === "onion";
  if (x && mixes && !shifted) move(-x * MIX_STEP);
  else one.pan(x * PAN_PX, y * PAN_PX);
}

/** The line is drawn along by hand. @param {PointerEvent} event */
function drag(event) {
  const edge = findHtml(".edge", dialog);
  if (event.type === "pointerdown") edge.setPointerCapture(event.pointerId);
  else if (!edge.hasPointerCapture(event.pointerId)) return;
  event.stopPropagation(); // the picture stays where it is
  const { left, width } = stage.getBoundingClientRect();
  mix.value = String((100 * (event.clientX - left)) / width);
  shade();
}

/** Whether a picture came of another, as far as the page can see. @param {ShownPicture} picture */
function hasSource({ origin, message }) {
  if (origin === "upload" || !message) return false;
  const above = document.getElementById(`m-${document.getElementById(`m-${message}`)?.dataset.parent}`);
  // Where its question is not on the screen the server has to say.
  return above ? above.querySelector(".pic") !== null : true;
}

/** @param {ShownPicture} picture */
async function withSource({ sha }) {
  try {
    /** @type {FactsOfPicture} */
    const { parents } = await get(`api/pictures/${sha}?conversation=${state.conversation ?? ""}`);
    if (parents.length) emit("compare", [parents[0], sha]);
    else toast(ALONE);
  } catch (error) {
    complain(error);
  }
}

export function start() {
  dialog = find("#compare", HTMLDialogElement);
  stage = findHtml(".stage.one", dialog);
  sheet = findHtml(".stage.one .sheet", dialog);
  mix = find(".mix input", HTMLInputElement, dialog);
  aligned = find(".align input", HTMLInputElement, dialog);
  pause = find(".pause", HTMLButtonElement, dialog);
  const other = findHtml(".stage.two", dialog);
  const swiped = () => {};
  one = new Zoom(stage, sheet, {
    swiped,
    told: () => {
      linked(one, () => two);
      cut();
    },
  });
  two = new Zoom(other, findHtml(".sheet", other), {
    swiped,
    told: () => linked(two, () => one),
  });
  leading = one;
  for (const [element, zoom] of /** @type {const} */ ([[stage, one], [other, two]])) {
    for (const kind of ["pointerdown", "wheel"]) {
      element.addEventListener(kind, () => (leading = zoom), { capture: true, passive: true });
    }
  }
  for (const button of findAll(".modes button", dialog)) {
    button.addEventListener("click", () => set(/** @type {Mode} */ (button.dataset.mode)));
  }
  const edge = findHtml(".edge", dialog);
  for (const kind of ["pointerdown", "pointermove"]) {
    edge.addEventListener(kind, (event) => drag(/** @type {PointerEvent} */ (event)));
  }
  mix.addEventListener("input", shade);
  aligned.addEventListener("change", () => {
    heat();
    measure();
  });
  pause.addEventListener("click", hold);
  find(".swap", HTMLButtonElement, dialog).addEventListener("click", swap);
  find(".fit", HTMLButtonElement, dialog).addEventListener("click", () => {
    leading = one;
    one.fit();
  });
  find(".close", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", key);
  dialog.addEventListener("close", () => clearTimeout(blinks));
  addPictureAction({
    id: "compare",
    label: t("Compare with its source"),
    order: 40,
    when: hasSource,
    act: withSource,
  });
  on("compare", open);
}
