// The painter of regions: a picture, tools that mark where it may change, and a mask of what they
// marked. The tray takes what is made; nothing here knows who edits.

import { unlessOffline, upload } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";
import { PainterKeys } from "./painter-keys.js";
import { PainterPointers } from "./painter-pointers.js";
import { PainterView } from "./painter-view.js";
import { addPictureAction } from "./picture-actions.js";
import { mayAdd } from "./rights.js";
import { edits, on, state } from "./state.js";
import { Strokes, areaOf, boxOf, contextOf, markedShare, sheetOf } from "./strokes.js";
import { findSubject } from "./subject.js";
import { toast } from "./toast.js";
import * as tray from "./tray.js";
import { number, t } from "./words.js";

/** @import { Point, Stroke } from "./strokes.js" */

/** @typedef {"brush" | "eraser" | "box" | "lasso" | "subject"} Tool */

const ROOT = 2; // the slider's middle is a small brush, its end a very large one
const LARGEST = 0.25; // of the longer side
const SOFTEST = 0.05; // the same
const SHEET_PX = 4e6; // what is seen is drawn no larger; the mask is
const TINY_PX = 3; // a pointer that moved no farther was a click

/** @type {Map<string, { strokes: Strokes, mask: string }>} */
const kept = new Map(); // sha of a picture -> what its last mask was made of

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLCanvasElement} */
let canvas;
/** @type {HTMLImageElement} */
let picture;
/** @type {HTMLInputElement} */
let size;
/** @type {HTMLInputElement} */
let soft;
/** @type {PainterView} */
let view;
let shown = { sha: "", name: "" };
let strokes = new Strokes(1, 1, "");
let settled = sheetOf(1, 1); // what is marked, without the stroke under way
/** @type {Stroke | null} */
let under = null; // the stroke under way
/** @type {Tool} */
let tool = "brush";
/** @type {Point} */
let at = [0, 0]; // where the brush stands
let share = 0; // of the picture that is marked
let frame = 0;
let opened = 0; // counts, so that what comes late is known to be late
let looking = false; // for a subject

const longer = () => Math.max(strokes.width, strokes.height);
const radius = () => Math.max(0.5, (Number(size.value) / Number(size.max)) ** ROOT * LARGEST * longer());
/** @param {string} name */
const button = (name) => find(`button.${name}`, HTMLButtonElement, dialog);

/** @param {string} words */
function tell(words) {
  findHtml(".told", dialog).textContent = words;
}

function changed() {
  frame ||= requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  if (!dialog.open) return;
  const context = contextOf(canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = "source-over";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(settled, 0, 0);
  if (under && tool !== "subject") strokes.one(canvas, under);
  ring();
  outline();
  button("done").disabled = share === 0 || looking;
  button("undo").disabled = !strokes.canUndo || looking;
  button("redo").disabled = !strokes.canRedo || looking;
  button("wipe").disabled = share === 0 || looking;
  button("invert").disabled = looking;
}

/** The brush, as large as it paints. */
function ring() {
  const element = findHtml(".ring", dialog);
  const px = Math.max(6, tool === "brush" || tool === "eraser" ? 2 * radius() * view.scale : 14);
  const [x, y] = view.onStage(at);
  Object.assign(element.style, { width: `${px}px`, height: `${px}px`, left: `${x}px`, top: `${y}px` });
}

/** What a box or a lasso encloses so far. */
function outline() {
  const element = find(".outline", SVGSVGElement, dialog);
  const { points = [] } = under ?? {};
  const boxed = under?.kind === "box" && points.length > 1;
  const { x, y, width, height } = boxed ? boxOf(points) : { x: 0, y: 0, width: 0, height: 0 };
  /** @type {Point[]} */
  const corners = boxed ? [[x, y], [x + width, y], [x + width, y + height], [x, y + height]] : points; // prettier-ignore
  const way = under && under.kind !== "brush" ? corners.map((point) => view.onStage(point).join()) : [];
  for (const line of element.querySelectorAll("polygon")) line.setAttribute("points", way.join(" "));
}

/** Draw all that is done, and see how much is marked. */
function settle() {
  strokes.draw(settled);
  share = markedShare(settled);
  changed();
}

const percent = () => {
  const few = share > 0 && share < 0.01;
  const words = number(few ? 0.01 : share, { style: "percent" });
  return few ? t("under {percent}", { percent: words }) : words;
};

/** @param {Stroke} stroke */
function take(stroke) {
  strokes.add(stroke);
  settle();
  tell(t("{percent} of the picture is marked.", { percent: percent() }));
}

/** @param {Point} point */
function go([x, y]) {
  at = [
    Math.max(0, Math.min(strokes.width, x)),
    Math.max(0, Math.min(strokes.height, y)),
  ];
  changed();
}

/** @param {boolean} away whether it shall take away what is marked */
function begin(away) {
  if (looking) return;
  if (tool === "brush" || tool === "eraser") {
    under = { kind: "brush", points: [at], radius: radius(), away: away !== (tool === "eraser") };
  } else {
    under = { kind: tool === "lasso" ? "lasso" : "box", points: [at], away };
  }
  changed();
}

function extend() {
  if (!under?.points) return;
  if (under.kind === "box") under.points = [under.points[0], at];
  else under.points.push(at);
  changed();
}

function end() {
  const stroke = under;
  under = null;
  changed();
  if (!stroke?.points) return;
  if (tool === "subject") subject(stroke);
  else if (stroke.kind === "brush" || !isClick(stroke.points)) take(stroke);
}

/** @param {Point[]} points */
function isClick(points) {
  const { width, height } = boxOf(points);
  return Math.max(width, height) * view.scale <= TINY_PX;
}

function abandon() {
  const any = under !== null;
  under = null;
  changed();
  return any;
}

/** Find what was clicked on or boxed in, and mark it. @param {Stroke} stroke */
async function subject({ points = [], away }) {
  const asked = opened;
  look(true);
  tell(t("Looking for the subject…"));
  try {
    const where = isClick(points) ? { point: points[0] } : { box: boxOf(points) };
    const found = await findSubject(shown.sha, where, strokes);
    if (asked !== opened) return;
    const area = areaOf(found, sheetOf(settled.width, settled.height), strokes.colour);
    look(false);
    take({ kind: "area", area, away });
  } catch (error) {
    if (asked !== opened) return;
    tell(error instanceof Error ? error.message : String(error));
  } finally {
    if (asked === opened) look(false);
  }
}

/** @param {boolean} is */
function look(is) {
  looking = is;
  findHtml(".stage", dialog).toggleAttribute("aria-busy", is);
  changed();
}

/** @param {Tool} wanted */
function choose(wanted) {
  abandon();
  tool = wanted;
  dialog.dataset.tool = wanted;
  for (const each of findAll("[data-tool]", dialog)) {
    each.setAttribute("aria-pressed", String(each.dataset.tool === wanted));
  }
  tell(button(wanted).title);
  changed();
}

/** @param {"undo" | "redo"} which */
function step(which) {
  abandon();
  strokes[which]();
  settle();
  tell(t("{percent} of the picture is marked.", { percent: percent() }));
}

/** @param {number} by */
function resize(by) {
  size.value = String(Number(size.value) + by);
  changed();
}

async function finish() {
  const { sha, name } = shown;
  const made = strokes;
  const asked = opened;
  look(true);
  try {
    const stored = await upload(await made.mask());
    if (asked !== opened) return; // closed meanwhile
    kept.set(sha, { strokes: made, mask: stored.sha });
    dialog.close();
    tray.marked(sha, stored.sha, name);
    findHtml("#words").focus();
  } finally {
    if (asked === opened) look(false);
  }
}

/** What was marked in it before, here or in an earlier visit. @param {string} sha */
async function before(sha) {
  const { naturalWidth, naturalHeight } = picture;
  const colour = getComputedStyle(dialog).getPropertyValue("--mark").trim();
  const mask = tray.maskOf(sha);
  const known = kept.get(sha);
  if (known && (!mask || known.mask === mask)) return known.strokes.copy();
  const made = new Strokes(naturalWidth, naturalHeight, colour);
  if (!mask) return made;
  try {
    const image = await loaded(mask);
    if (image.naturalWidth === naturalWidth && image.naturalHeight === naturalHeight) {
      made.add({ kind: "area", area: areaOf(image, seen(made), colour) });
    }
  } catch {
    toast(t("The mask cannot be shown. What you mark now takes its place."));
  }
  return made;
}

/** @param {string} sha */
async function loaded(sha) {
  const image = new Image();
  image.src = `media/${sha}`;
  await image.decode();
  return image;
}

/** A sheet to see: as large as the picture, or smaller. @param {Strokes} of */
function seen({ width, height }) {
  const scale = Math.min(1, Math.sqrt(SHEET_PX / (width * height)));
  return sheetOf(width * scale, height * scale);
}

/** @param {string} sha @param {string} [name] */
async function open(sha, name = t("Picture")) {
  const asked = ++opened;
  picture.src = `media/${sha}`;
  try {
    await picture.decode();
  } catch {
    throw new Error(unlessOffline(t("This browser cannot show the picture, so nothing can be marked in it.")));
  }
  const found = await before(sha);
  if (asked !== opened) return;
  shown = { sha, name };
  strokes = found;
  settled = seen(strokes);
  [canvas.width, canvas.height] = [settled.width, settled.height];
  soft.value = String((strokes.soft / (SOFTEST * longer())) * Number(soft.max));
  under = null;
  looking = false;
  at = [strokes.width / 2, strokes.height / 2];
  showDialog(dialog);
  view.take(strokes.width, strokes.height);
  canvas.focus();
  choose("brush");
  settle();
}

/** @param {{ sha: string, alt: string }} wanted */
async function mark({ sha, alt }) {
  if (edits()) {
    await open(sha, alt);
    return;
  }
  const title = state.card?.title ?? t("This model");
  toast(t("{title} does not edit pictures. Choose a model that does, then mark the region.", { title }), {
    urgent: true,
    label: t("Choose a model"),
    action: () => document.body.dispatchEvent(new CustomEvent("easel:models", { bubbles: true })),
  });
}

export function start() {
  dialog = find("#painter", HTMLDialogElement);
  canvas = find("canvas", HTMLCanvasElement, dialog);
  picture = find("img", HTMLImageElement, dialog);
  size = find("input.size", HTMLInputElement, dialog);
  soft = find("input.soft", HTMLInputElement, dialog);
  const stage = findHtml(".stage", dialog);
  view = new PainterView(stage, findHtml(".page", dialog), changed);
  const hand = { go, begin, extend, end, abandon, view: () => view, at: () => at, tool: () => tool };
  const pointers = new PainterPointers(stage, canvas, hand);
  new PainterKeys(canvas, dialog, {
    ...hand,
    pointers,
    choose,
    step,
    resize,
    radius,
    invert: () => take({ kind: "invert" }),
  });
  for (const each of findAll("[data-tool]", dialog)) {
    each.addEventListener("click", () => choose(/** @type {Tool} */ (each.dataset.tool)));
  }
  size.addEventListener("input", changed);
  soft.addEventListener("input", () => {
    strokes.soften((Number(soft.value) / Number(soft.max)) * SOFTEST * longer());
    settle();
  });
  button("undo").addEventListener("click", () => step("undo"));
  button("redo").addEventListener("click", () => step("redo"));
  button("invert").addEventListener("click", () => take({ kind: "invert" }));
  button("wipe").addEventListener("click", () => take({ kind: "clear" }));
  button("in").addEventListener("click", () => view.zoom(1.5));
  button("out").addEventListener("click", () => view.zoom(1 / 1.5));
  button("fit").addEventListener("click", () => view.fit());
  button("done").addEventListener("click", () => once("region", finish));
  button("cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    opened += 1;
    looking = false;
  });
  on("mark", (sha) => once(`mark ${sha}`, () => mark({ sha, alt: t("Picture") })));
  // A region is marked by a picture of one's own.
  addPictureAction({ id: "mark", label: t("Mark region"), order: 20, when: mayAdd, act: mark });
}
