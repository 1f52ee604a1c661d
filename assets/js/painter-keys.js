// The painter by keys alone: arrows move the brush and Space paints; a box has two corners and a lasso
// as many as one likes, each set with Space.

/** @import { Hand, PainterPointers } from "./painter-pointers.js" */

/**
 * @typedef {object} More
 * @property {PainterPointers} pointers
 * @property {(tool: "brush" | "eraser" | "box" | "lasso" | "subject") => void} choose
 * @property {(which: "undo" | "redo") => void} step
 * @property {(by: number) => void} resize
 * @property {() => number} radius of the brush, in pixels of the picture
 * @property {() => void} invert
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP_PX = 12; // on the screen, where no brush says how far
const FINE_PX = 1; // of the picture
const ZOOM = 1.5;

export class PainterKeys {
  #corner = false; // the keys have begun a box or a lasso

  /** @param {HTMLCanvasElement} canvas @param {HTMLDialogElement} dialog @param {Hand & More} hand */
  constructor(canvas, dialog, hand) {
    this.hand = hand;
    canvas.addEventListener("keydown", (event) => this.#down(event));
    canvas.addEventListener("keyup", (event) => this.#up(event));
    canvas.addEventListener("blur", () => hand.pointers.holdSpace(false));
    dialog.addEventListener("keydown", (event) => this.#anywhere(event));
    // Escape gives up what is under way before it closes anything.
    dialog.addEventListener("cancel", (event) => {
      if (this.hand.abandon()) event.preventDefault();
      this.#corner = false;
    });
  }

  /** @param {KeyboardEvent} event */
  #anywhere(event) {
    const undoes = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    if (undoes && (key === "z" || key === "y")) {
      event.preventDefault();
      this.#corner = false;
      this.hand.step(key === "y" || event.shiftKey ? "redo" : "undo");
    }
  }

  /** @param {KeyboardEvent} event */
  #down(event) {
    if (event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const act = arrow ? () => this.#arrow(arrow, event) : this.#keys()[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @returns {Record<string, () => void>} */
  #keys() {
    const { hand } = this;
    const tool = (/** @type {Parameters<More["choose"]>[0]} */ name) => () => {
      this.#corner = false;
      hand.choose(name);
    };
    return {
      " ": () => hand.pointers.holdSpace(true),
      enter: () => this.#close(),
      b: tool("brush"),
      e: tool("eraser"),
      r: tool("box"),
      l: tool("lasso"),
      s: tool("subject"),
      i: hand.invert,
      "[": () => hand.resize(-3),
      "]": () => hand.resize(3),
      "+": () => hand.view().zoom(ZOOM, hand.view().onStage(hand.at())),
      "=": () => hand.view().zoom(ZOOM, hand.view().onStage(hand.at())),
      "-": () => hand.view().zoom(1 / ZOOM, hand.view().onStage(hand.at())),
      0: () => hand.view().fit(),
    };
  }

  /** @param {[number, number]} arrow @param {KeyboardEvent} event */
  #arrow([across, down], event) {
    const { hand } = this;
    const brushes = ["brush", "eraser"].includes(hand.tool());
    const px = event.altKey ? FINE_PX : brushes ? hand.radius() : STEP_PX / hand.view().scale;
    const [x, y] = hand.at();
    const paints = event.shiftKey && brushes;
    if (paints) hand.begin(false);
    hand.go([x + across * px, y + down * px]);
    if (paints) {
      hand.extend();
      hand.end();
    } else if (this.#corner && hand.tool() !== "lasso") hand.extend();
    hand.view().reveal(hand.at());
  }

  /** @param {KeyboardEvent} event */
  #up(event) {
    if (event.key !== " ") return;
    const { hand } = this;
    hand.pointers.holdSpace(false);
    if (hand.pointers.moved) return; // it moved the picture
    if (["brush", "eraser"].includes(hand.tool())) {
      hand.begin(event.altKey);
      hand.end();
    } else if (!this.#corner) {
      hand.begin(event.altKey);
      this.#corner = true;
    } else if (hand.tool() === "lasso") hand.extend();
    else {
      hand.extend();
      this.#close();
    }
  }

  /** End a box or a lasso; without a second corner a subject is what is below the brush. */
  #close() {
    if (!this.#corner) return;
    this.#corner = false;
    this.hand.end();
  }
}
