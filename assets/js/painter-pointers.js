// Mouse, pen and fingers on the painter's picture: one paints, two fingers zoom and move, and where a
// pen paints a finger moves. With Space held, or the middle button, the mouse moves the picture.

import { within } from "./dom.js";

/** @import { Point } from "./strokes.js" */
/** @import { PainterView } from "./painter-view.js" */

/**
 * What pointers and keys do.
 * @typedef {object} Hand
 * @property {(to: Point) => void} go the brush stands there, in pixels of the picture
 * @property {(away: boolean) => void} begin a stroke; away: it takes away what is marked
 * @property {() => void} extend to where the brush stands
 * @property {() => void} end
 * @property {() => boolean} abandon the stroke under way; whether there was one
 * @property {() => PainterView} view
 * @property {() => Point} at
 * @property {() => string} tool
 */

export class PainterPointers {
  /** @type {Hand} */ #hand;
  /** @type {HTMLElement} */ #stage;
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {Map<number, Point>} */ #down = new Map(); // where on the stage each pointer is held down
  #doing = /** @type {"" | "paint" | "move"} */ ("");
  #pen = false; // a pen was used: fingers are the hand that holds it
  #spaceHeld = false;
  moved = false; // since Space was pressed

  /** @param {HTMLElement} stage @param {HTMLCanvasElement} canvas @param {Hand} hand */
  constructor(stage, canvas, hand) {
    this.#stage = stage;
    this.#canvas = canvas;
    this.#hand = hand;
    stage.addEventListener("pointerdown", (event) => this.#press(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, (event) => this.#release(/** @type {PointerEvent} */ (event)));
    }
  }

  /** @param {boolean} is */
  holdSpace(is) {
    if (is && !this.#spaceHeld) this.moved = false;
    this.#spaceHeld = is;
    this.#stage.classList.toggle("movable", is);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button > 1 || within(event, "button")) return;
    event.preventDefault();
    this.#canvas.focus();
    this.#stage.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, this.#hand.view().at(event));
    if (event.pointerType === "pen") this.#pen = true;
    if (this.#down.size > 1) {
      if (this.#doing === "paint") this.#hand.abandon();
      this.#doing = "move";
      return;
    }
    const holds = this.#pen && event.pointerType === "touch";
    if (event.button === 1 || this.#spaceHeld || holds) {
      this.#doing = "move";
      this.moved = true;
      return;
    }
    this.#doing = "paint";
    this.#hand.abandon(); // what the keys had begun
    this.#hand.go(this.#hand.view().inPicture(event));
    this.#hand.begin(event.altKey);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const view = this.#hand.view();
    const before = this.#down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch" && !this.#down.size) this.#hand.go(view.inPicture(event));
      return;
    }
    const now = view.at(event);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    this.#down.set(event.pointerId, now);
    if (this.#doing === "paint") {
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        this.#hand.go(view.inPicture(each));
        this.#hand.extend();
      }
    } else if (this.#doing === "move" && other) {
      const apart = (/** @type {Point} */ [x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
      view.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      view.zoom(apart(now) / apart(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else if (this.#doing === "move") view.pan(now[0] - before[0], now[1] - before[1]);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (!this.#down.delete(event.pointerId) || this.#down.size) return;
    const painted = this.#doing === "paint";
    this.#doing = "";
    if (!painted) return;
    if (event.type === "pointercancel") this.#hand.abandon();
    else this.#hand.end();
  }
}
