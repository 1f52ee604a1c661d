// What is marked in a picture, as the strokes that marked it: each can be undone and done again, at
// any size. Knows no pointer and no server.

import { t } from "./words.js";

/**
 * @typedef {[number, number]} Point across and down, in pixels of the picture
 */

/**
 * One step.
 * @typedef {object} Stroke
 * @property {"brush" | "box" | "lasso" | "area" | "invert" | "clear"} kind
 * @property {Point[]} [points] the way of a brush, the corners of a lasso, two corners of a box
 * @property {number} [radius] of the brush
 * @property {boolean} [away] it takes away what was marked
 * @property {CanvasImageSource} [area] opaque where something is marked, as large as the picture
 */

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error(t("This browser does not let the page draw."));
  return context;
}

/** @param {number} width @param {number} height */
export function sheetOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  return canvas;
}

/** @param {CanvasRenderingContext2D} context @param {Stroke} stroke */
function brush(context, { points = [], radius = 1 }) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 2 * radius;
  context.beginPath();
  for (const [x, y] of points.slice(0, 1)) context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill(); // a line of no length draws nothing
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Stroke} stroke */
function polygon(context, { points = [] }) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {Stroke} stroke */
function box(context, { points = [] }) {
  const { x, y, width, height } = boxOf(points);
  context.fillRect(x, y, width, height);
}

/**
 * The whole pixels between two corners.
 * @param {Point[]} points
 */
export function boxOf(points) {
  const [across, down] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const [x, y] = [Math.floor(Math.min(...across)), Math.floor(Math.min(...down))];
  return { x, y, width: Math.ceil(Math.max(...across)) - x, height: Math.ceil(Math.max(...down)) - y };
}

export class Strokes {
  /** @type {Stroke[]} */ #done = [];
  /** @type {Stroke[]} */ #undone = [];
  #soft = 0;

  /** @param {number} width of the picture @param {number} height @param {string} colour */
  constructor(width, height, colour) {
    this.width = width;
    this.height = height;
    this.colour = colour;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** How far the edge is softened, in pixels of the picture. */
  get soft() {
    return this.#soft;
  }

  /** @param {number} px */
  soften(px) {
    this.#soft = px;
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.#done.push(stroke);
    this.#undone = [];
  }

  undo() {
    const last = this.#done.pop();
    if (last) this.#undone.push(last);
  }

  redo() {
    const next = this.#undone.pop();
    if (next) this.#done.push(next);
  }

  /** The same, to be changed by itself. */
  copy() {
    const made = new Strokes(this.width, this.height, this.colour);
    made.#done = [...this.#done];
    made.#undone = [...this.#undone];
    made.#soft = this.#soft;
    return made;
  }

  /**
   * Draw all of them onto an empty sheet of any size.
   * @param {HTMLCanvasElement} sheet
   */
  draw(sheet) {
    const context = contextOf(sheet);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "source-over";
    context.clearRect(0, 0, sheet.width, sheet.height);
    for (const stroke of this.#done) this.one(sheet, stroke);
    if (this.#soft > 0) soften(sheet, (this.#soft * sheet.width) / this.width, this.colour);
  }

  /**
   * Draw one more.
   * @param {HTMLCanvasElement} sheet @param {Stroke} stroke
   */
  one(sheet, stroke) {
    const context = contextOf(sheet);
    context.setTransform(sheet.width / this.width, 0, 0, sheet.height / this.height, 0, 0);
    context.fillStyle = context.strokeStyle = this.colour;
    context.globalCompositeOperation = stroke.away ? "destination-out" : "source-over";
    if (stroke.kind === "brush") brush(context, stroke);
    else if (stroke.kind === "lasso") polygon(context, stroke);
    else if (stroke.kind === "box") box(context, stroke);
    else if (stroke.kind === "clear") context.clearRect(0, 0, this.width, this.height);
    else if (stroke.kind === "invert") {
      context.globalCompositeOperation = "xor";
      context.fillRect(0, 0, this.width, this.height);
    } else if (stroke.area) context.drawImage(stroke.area, 0, 0, this.width, this.height);
    context.globalCompositeOperation = "source-over";
  }

  /**
   * The mask for a model, as large as the picture: white where nothing may change, transparent where
   * something is marked.
   * @returns {Promise<Blob>}
   */
  mask() {
    const marks = sheetOf(this.width, this.height);
    this.draw(marks);
    const made = sheetOf(this.width, this.height);
    const context = contextOf(made);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, made.width, made.height);
    context.globalCompositeOperation = "destination-out";
    context.drawImage(marks, 0, 0);
    return new Promise((give, refuse) => {
      made.toBlob(
        (blob) => (blob ? give(blob) : refuse(new Error(t("This browser cannot keep the mask.")))),
        "image/png",
      );
    });
  }
}

/**
 * Blur what is drawn: by a shadow, because not every browser's canvas has a filter.
 * @param {HTMLCanvasElement} sheet @param {number} px @param {string} colour
 */
function soften(sheet, px, colour) {
  const hard = sheetOf(sheet.width, sheet.height);
  contextOf(hard).drawImage(sheet, 0, 0);
  const context = contextOf(sheet);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, sheet.width, sheet.height);
  context.shadowColor = colour;
  context.shadowBlur = 2 * px;
  context.shadowOffsetX = 2 * sheet.width;
  context.drawImage(hard, -2 * sheet.width, 0);
  context.shadowColor = "transparent";
  context.shadowBlur = context.shadowOffsetX = 0;
}

/**
 * How much of a sheet is marked, from 0 to 1.
 * @param {HTMLCanvasElement} sheet
 */
export function markedShare(sheet) {
  const { data } = contextOf(sheet).getImageData(0, 0, sheet.width, sheet.height);
  let marked = 0;
  for (let at = 3; at < data.length; at += 4) marked += data[at];
  return marked / (255 * sheet.width * sheet.height);
}

/**
 * A mask that the server has, as a sheet that is opaque where something is marked: where the file is
 * see-through, or, where it is so nowhere, where it is light.
 * @param {HTMLImageElement} mask
 * @param {HTMLCanvasElement} sheet to draw on, of any size
 * @param {string} colour
 */
export function areaOf(mask, sheet, colour) {
  const context = contextOf(sheet);
  context.drawImage(mask, 0, 0, sheet.width, sheet.height);
  const pixels = context.getImageData(0, 0, sheet.width, sheet.height);
  const { data } = pixels;
  let seeThrough = false;
  for (let at = 3; at < data.length && !seeThrough; at += 4) seeThrough = data[at] < 255;
  for (let at = 0; at < data.length; at += 4) data[at + 3] = seeThrough ? 255 - data[at + 3] : data[at];
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.globalCompositeOperation = "source-over";
  return sheet;
}
