// Crop: a rectangle with handles, free or of a ratio; arrows move it, Shift with arrows sizes it.

import { RATIOS, choice, clamp, group, hint, number, plain, ratioOf } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rectangle */

const EDGES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const KEY_PX = 8; // on the screen

/**
 * The largest rectangle of a ratio in the middle of a picture.
 * @param {number} width @param {number} height @param {number} ratio 0: any
 * @returns {Rectangle}
 */
function largest(width, height, ratio) {
  if (!ratio) return { x: 0, y: 0, width, height };
  const across = clamp(Math.round(Math.min(width, height * ratio)), 1, width);
  const down = clamp(Math.round(Math.min(height, width / ratio)), 1, height);
  return {
    x: Math.round((width - across) / 2),
    y: Math.round((height - down) / 2),
    width: across,
    height: down,
  };
}

class CropHand {
  /** @type {Bench} */ #bench;
  /** @type {Rectangle} */ #at;
  #ratio = 0;
  #box = document.createElement("div");
  /** @type {Record<keyof Rectangle, HTMLInputElement>} */ #fields;
  /** @type {{ edge: string, from: [number, number], before: Rectangle } | null} */ #held = null;

  /** @param {Bench} bench */
  constructor(bench) {
    this.#bench = bench;
    const { width, height } = bench.picture;
    this.#ratio = ratioOf(bench.ratio);
    this.#at = largest(width, height, this.#ratio);
    this.#fields = this.#panel();
    this.#frame();
    this.#show();
  }

  #panel() {
    const { panel, picture, ratio } = this.#bench;
    const own = ratio && !RATIOS.includes(ratio) ? [ratio] : [];
    /** @type {[string, string][]} */
    const shapes = [
      ["", t("Free")],
      [`${picture.width}:${picture.height}`, t("As the picture")],
      ...[...own, ...RATIOS].map((each) => /** @type {[string, string]} */ ([each, each])),
    ];
    const shape = choice(panel, t("Aspect ratio"), shapes, (value) => {
      this.#ratio = ratioOf(value);
      if (this.#ratio) this.#at = largest(picture.width, picture.height, this.#ratio);
      this.#show();
    });
    shape.value = ratio;
    const fields = group(panel);
    /** @param {string} label @param {keyof Rectangle} name @param {number} most */
    const field = (label, name, most) =>
      number(fields, label, {
        value: this.#at[name],
        min: name === "x" || name === "y" ? 0 : 1,
        max: most,
        act: (value) => this.#typed(name, Math.round(value)),
      });
    const made = {
      x: field(t("Left"), "x", picture.width - 1),
      y: field(t("Top"), "y", picture.height - 1),
      width: field(t("Width"), "width", picture.width),
      height: field(t("Height"), "height", picture.height),
    };
    hint(panel, t("Drag the corners, or with keys: arrows move the area, Shift with arrows sizes it."));
    return made;
  }

  #frame() {
    const { over } = this.#bench;
    this.#box.className = "crop";
    this.#box.tabIndex = 0;
    this.#box.setAttribute("role", "application");
    this.#box.setAttribute("aria-label", t("The area that is kept. Arrows move it, Shift with arrows sizes it."));
    for (const edge of EDGES) {
      const handle = document.createElement("i");
      handle.dataset.edge = edge;
      this.#box.append(handle);
    }
    over.append(this.#box);
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    over.onpointerdown = (event) => this.#down(event);
    over.onpointermove = (event) => this.#move(event);
    over.onpointerup = over.onpointercancel = () => (this.#held = null);
  }

  /** @param {keyof Rectangle} name @param {number} value */
  #typed(name, value) {
    const next = { ...this.#at, [name]: value };
    if (this.#ratio && name === "width") next.height = Math.round(value / this.#ratio);
    if (this.#ratio && name === "height") next.width = Math.round(value * this.#ratio);
    this.#take(next, name);
  }

  /** Keep it inside the picture. @param {Rectangle} next @param {string} [typed] the field that is being typed into */
  #take(next, typed = "") {
    const { width, height } = this.#bench.picture;
    let across = clamp(next.width, 1, width);
    let down = clamp(next.height, 1, height);
    if (this.#ratio) {
      across = clamp(Math.round(Math.min(across, height * this.#ratio)), 1, width);
      down = clamp(Math.round(across / this.#ratio), 1, height);
    }
    const [x, y] = [clamp(next.x, 0, width - across), clamp(next.y, 0, height - down)];
    this.#at = { x, y, width: across, height: down };
    this.#show(typed);
  }

  #show(typed = "") {
    const { picture, changed } = this.#bench;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(this.#box.style, {
      left: share(this.#at.x, picture.width),
      top: share(this.#at.y, picture.height),
      width: share(this.#at.width, picture.width),
      height: share(this.#at.height, picture.height),
    });
    for (const [name, field] of Object.entries(this.#fields)) {
      if (name !== typed) field.value = String(this.#at[/** @type {keyof Rectangle} */ (name)]);
    }
    changed();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { over, at } = this.#bench;
    over.setPointerCapture(event.pointerId);
    this.#box.focus();
    const target = event.target instanceof HTMLElement ? event.target : over;
    const from = at(event);
    if (target === over) {
      this.#held = { edge: "se", from, before: { x: from[0], y: from[1], width: 1, height: 1 } };
    } else {
      this.#held = { edge: target.dataset.edge ?? "move", from, before: { ...this.#at } };
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#held) return;
    const { edge, from, before } = this.#held;
    const now = this.#bench.at(event);
    const [x, y] = [now[0] - from[0], now[1] - from[1]];
    if (edge === "move") {
      this.#take({ ...before, x: Math.round(before.x + x), y: Math.round(before.y + y) });
      return;
    }
    this.#take(this.#pulled(before, edge, x, y));
  }

  /** @param {Rectangle} before @param {string} edge @param {number} x @param {number} y @returns {Rectangle} */
  #pulled(before, edge, x, y) {
    const { width, height } = this.#bench.picture;
    let [left, top] = [before.x, before.y];
    let [right, low] = [before.x + before.width, before.y + before.height];
    if (edge.includes("w")) left = clamp(left + x, 0, right - 1);
    if (edge.includes("e")) right = clamp(right + x, left + 1, width);
    if (edge.includes("n")) top = clamp(top + y, 0, low - 1);
    if (edge.includes("s")) low = clamp(low + y, top + 1, height);
    let [across, down] = [right - left, low - top];
    if (this.#ratio) {
      // The edge that stays is the one that was not pulled.
      if (edge === "n" || edge === "s") across = down * this.#ratio;
      const room = edge.includes("w") ? before.x + before.width : width - left;
      const below = edge.includes("n") ? before.y + before.height : height - top;
      across = Math.min(across, room, below * this.#ratio);
      down = across / this.#ratio;
      if (edge.includes("w")) left = right - across;
      if (edge.includes("n")) top = low - down;
    }
    return {
      x: Math.round(left),
      y: Math.round(top),
      width: Math.max(1, Math.round(across)),
      height: Math.max(1, Math.round(down)),
    };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.altKey ? 1 : Math.max(1, Math.round(KEY_PX / this.#bench.scale()));
    const [x, y] = [step[0] * far, step[1] * far];
    const { x: left, y: top, width, height } = this.#at;
    if (!event.shiftKey) {
      this.#take({ ...this.#at, x: left + x, y: top + y });
    } else if (this.#ratio && y) {
      this.#take({ ...this.#at, width: Math.round((height + y) * this.#ratio) });
    } else {
      const { picture } = this.#bench;
      this.#take({
        x: left,
        y: top,
        width: clamp(width + x, 1, picture.width - left),
        height: clamp(height + y, 1, picture.height - top),
      });
    }
  }

  /** @returns {[number, number]} */
  frame() {
    return [this.#bench.picture.width, this.#bench.picture.height];
  }

  /** @param {CanvasRenderingContext2D} context */
  draw(context) {
    plain(context, this.#bench);
  }

  operations() {
    const { x, y, width, height } = this.#at;
    const { picture } = this.#bench;
    if (width === picture.width && height === picture.height) return null;
    return [{ operation: "crop", x_px: x, y_px: y, width_px: width, height_px: height }];
  }

  words() {
    return t("{part} px of {whole}", {
      part: `${this.#at.width} × ${this.#at.height}`,
      whole: `${this.#bench.picture.width} × ${this.#bench.picture.height}`,
    });
  }

  end() {
    const { over } = this.#bench;
    over.onpointerdown = over.onpointermove = over.onpointerup = over.onpointercancel = null;
  }
}

/** @type {Tool} */
export const crop = { id: "crop", label: t("Crop"), begin: (bench) => new CropHand(bench) };
