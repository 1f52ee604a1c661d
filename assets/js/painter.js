// The painter of masks: a picture of the tray, a brush over it, and a PNG that is transparent
// where the brush was. Knows nothing of models; the tray takes what is painted.

import { upload } from "./api.js";
import { on } from "./state.js";
import { complain, toast } from "./toast.js";
import * as tray from "./tray.js";

const ROOT = 2; // the slider's middle is a small brush, its end a very large one
const LARGEST = 0.25; // of the longer side

const kept = new Map(); // sha of a picture -> the strokes of its last mask

let dialog, sheet, picture, canvas, ring, size, done, undo, wipe;
let sha = null;
let strokes = []; // { radius, points: [[x, y], ...] } in pixels of the picture
let at = [0, 0]; // where the brush stands, in the same
let brushing = null; // the pointer that paints

const radius = () =>
  Math.max(2, (size.value / size.max) ** ROOT * LARGEST * Math.max(canvas.width, canvas.height));

function paint(context, { radius, points }) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 2 * radius;
  context.fillStyle = context.strokeStyle;
  context.beginPath();
  context.arc(...points[0], radius, 0, 2 * Math.PI); // a line of no length draws nothing
  context.fill();
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

function draw() {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = getComputedStyle(dialog).getPropertyValue("--mark");
  for (const stroke of strokes) paint(context, stroke);
  const blank = strokes.length === 0;
  for (const button of [done, undo, wipe]) button.disabled = blank;
  const scale = sheet.clientWidth / canvas.width;
  const px = 2 * radius() * scale;
  Object.assign(ring.style, {
    width: `${px}px`,
    height: `${px}px`,
    left: `${at[0] * scale}px`,
    top: `${at[1] * scale}px`,
  });
}

const clamped = (value, most) => Math.max(0, Math.min(most, value));

function go(x, y) {
  at = [clamped(x, canvas.width), clamped(y, canvas.height)];
}

const begin = () => strokes.push({ radius: radius(), points: [at] });
const extend = () => strokes.at(-1).points.push(at);

function place(event) {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  go((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
}

function down(event) {
  if (brushing !== null || event.button !== 0) return;
  event.preventDefault();
  canvas.focus();
  canvas.setPointerCapture(event.pointerId);
  brushing = event.pointerId;
  place(event);
  begin();
  draw();
}

function move(event) {
  if (brushing !== null && event.pointerId !== brushing) return;
  for (const each of event.getCoalescedEvents?.() ?? [event]) {
    place(each);
    if (brushing !== null) extend();
  }
  draw();
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function key(event) {
  const step = STEPS[event.key];
  if (!step && event.key !== " ") return;
  event.preventDefault();
  if (!step) {
    begin();
  } else {
    if (event.shiftKey) begin();
    go(at[0] + step[0] * radius(), at[1] + step[1] * radius());
    if (event.shiftKey) extend();
  }
  draw();
}

/** White where nothing may change, transparent where the brush was. */
function mask() {
  const made = document.createElement("canvas");
  made.width = canvas.width;
  made.height = canvas.height;
  const context = made.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, made.width, made.height);
  context.globalCompositeOperation = "destination-out";
  for (const stroke of strokes) paint(context, stroke);
  return new Promise((give) => made.toBlob(give, "image/png"));
}

async function finish() {
  const marked = sha;
  done.disabled = true;
  try {
    const stored = await upload(await mask());
    kept.set(marked, strokes);
    dialog.close();
    tray.marked(marked, stored.sha);
  } catch (error) {
    complain(error);
  } finally {
    done.disabled = false;
  }
}

async function open(wanted) {
  picture.src = `/media/${wanted}`;
  try {
    await picture.decode();
  } catch {
    toast("This browser cannot show the picture, so nothing can be marked in it.", { urgent: true });
    return;
  }
  sha = wanted;
  strokes = [...(kept.get(sha) ?? [])];
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  sheet.style.setProperty("--ratio", canvas.width / canvas.height);
  at = [canvas.width / 2, canvas.height / 2];
  brushing = null;
  dialog.showModal();
  canvas.focus();
  draw();
}

export function start() {
  dialog = document.querySelector("#painter");
  const find = (part) => dialog.querySelector(part);
  [sheet, picture, canvas, ring] = [".sheet", "img", "canvas", ".ring"].map(find);
  [size, done, undo, wipe] = ["input", ".done", ".undo", ".wipe"].map(find);
  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => (brushing = null));
  }
  canvas.addEventListener("keydown", key);
  size.addEventListener("input", draw);
  undo.addEventListener("click", () => {
    strokes.pop();
    draw();
  });
  wipe.addEventListener("click", () => {
    strokes = [];
    draw();
  });
  done.addEventListener("click", finish);
  find(".cancel").addEventListener("click", () => dialog.close());
  window.addEventListener("resize", () => dialog.open && draw());
  on("mark", open);
}
