// How the painter looks at its picture: which part of it, and how large. Only the browser moves
// what is drawn; nothing is drawn anew.

/** @import { Point } from "./strokes.js" */

const MOST = 12; // CSS pixels for a pixel of the picture
const WHEEL = 0.0016;
const PINCH_WHEEL = 0.01; // a trackpad's pinch comes as small turns of the wheel
const ROOM_PX = 28; // around the brush, when it is moved by keys

export class PainterView {
  /** @type {HTMLElement} */ #stage;
  /** @type {HTMLElement} */ #page;
  #width = 1;
  #height = 1;
  #x = 0; // of the picture's corner, from the stage's
  #y = 0;
  #fitted = true;
  #changed;
  scale = 1; // CSS pixels for a pixel of the picture

  /**
   * @param {HTMLElement} stage
   * @param {HTMLElement} page inside it, holding the picture
   * @param {() => void} changed
   */
  constructor(stage, page, changed) {
    this.#stage = stage;
    this.#page = page;
    this.#changed = changed;
    new ResizeObserver(() => (this.#fitted ? this.fit() : this.#settle())).observe(stage);
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Another picture. @param {number} width @param {number} height */
  take(width, height) {
    [this.#width, this.#height] = [width, height];
    this.#page.style.width = `${width}px`;
    this.#page.style.height = `${height}px`;
    this.fit();
  }

  get #least() {
    const { clientWidth, clientHeight } = this.#stage;
    return Math.min(clientWidth / this.#width, clientHeight / this.#height, MOST) || 1;
  }

  fit() {
    this.#fitted = true;
    this.scale = this.#least;
    this.#settle();
  }

  /**
   * @param {number} factor
   * @param {Point} [at] stays where it is, in CSS pixels of the stage; the middle by itself
   */
  zoom(factor, at = [this.#stage.clientWidth / 2, this.#stage.clientHeight / 2]) {
    const least = this.#least;
    const scale = Math.min(Math.max(this.scale * factor, least), Math.max(MOST, least));
    this.#fitted = scale <= least * 1.001;
    this.#x = at[0] - ((at[0] - this.#x) * scale) / this.scale;
    this.#y = at[1] - ((at[1] - this.#y) * scale) / this.scale;
    this.scale = scale;
    this.#settle();
  }

  /** @param {number} x @param {number} y */
  pan(x, y) {
    this.#x += x;
    this.#y += y;
    this.#settle();
  }

  /** Move so that a point of the picture is seen. @param {Point} point */
  reveal(point) {
    const [x, y] = this.onStage(point);
    const { clientWidth, clientHeight } = this.#stage;
    const into = (/** @type {number} */ at, /** @type {number} */ side) =>
      at < ROOM_PX ? ROOM_PX - at : at > side - ROOM_PX ? side - ROOM_PX - at : 0;
    const by = [into(x, clientWidth), into(y, clientHeight)];
    if (by[0] || by[1]) this.pan(by[0], by[1]);
  }

  /** @param {Point} point of the picture @returns {Point} */
  onStage([x, y]) {
    return [this.#x + x * this.scale, this.#y + y * this.scale];
  }

  /** Where a pointer is, in pixels of the picture. @param {MouseEvent} event @returns {Point} */
  inPicture(event) {
    const [x, y] = this.at(event);
    return [(x - this.#x) / this.scale, (y - this.#y) / this.scale];
  }

  /** Where a pointer is on the stage. @param {MouseEvent} event @returns {Point} */
  at({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #settle() {
    const held = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ room) =>
      size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, at));
    const { clientWidth, clientHeight } = this.#stage;
    this.#x = held(this.#x, this.#width * this.scale, clientWidth);
    this.#y = held(this.#y, this.#height * this.scale, clientHeight);
    this.#page.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.scale})`;
    this.#changed();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.shiftKey) {
      this.pan(-(event.deltaX || event.deltaY) * lines, 0);
      return;
    }
    const turned = Math.max(-240, Math.min(240, event.deltaY * lines));
    this.zoom(Math.exp(-turned * (event.ctrlKey ? PINCH_WHEEL : WHEEL)), this.at(event));
  }
}
