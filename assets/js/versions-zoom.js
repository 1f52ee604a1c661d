// How near the drawing of versions is seen: by the wheel with Ctrl, a pinch, buttons and keys. It is
// moved by scrolling, as any page is, or by dragging what lies between the versions.

const LEAST = 0.1;
const MOST = 2;
const STEP = 1.25;
const WHEEL = 0.004; // a trackpad's pinch comes as small turns of the wheel
const FAR = 0.6; // below, words cannot be read

/** @typedef {{ x: number, y: number }} Point in CSS pixels */

/** @typedef {{ left: number, top: number, width: number, height: number }} Seen a part of the sheet */

export class MapZoom {
  /** @type {HTMLElement} */ #map;
  /** @type {HTMLElement} */ #extent;
  /** @type {HTMLElement} */ #sheet;
  /** @type {() => void} */ #changed;
  #scale = 1;
  #width = 0; // of the sheet, in its own pixels
  #height = 0;
  #apart = 0; // of two fingers, in CSS pixels; 0: there are none
  /** @type {Point | null} */ #held = null;

  /**
   * @param {HTMLElement} map it scrolls
   * @param {HTMLElement} extent in it, as large as the sheet is seen
   * @param {HTMLElement} sheet in that
   * @param {() => void} changed
   */
  constructor(map, extent, sheet, changed) {
    this.#map = map;
    this.#extent = extent;
    this.#sheet = sheet;
    this.#changed = changed;
    map.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    map.addEventListener("touchstart", (event) => this.#touch(event), { passive: false });
    map.addEventListener("touchmove", (event) => this.#touch(event), { passive: false });
    for (const end of ["touchend", "touchcancel"]) {
      map.addEventListener(end, () => (this.#apart = 0));
    }
    map.addEventListener("pointerdown", (event) => this.#down(event));
    map.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, () => this.#up());
  }

  /** What is in sight, in pixels of the sheet. @returns {Seen} */
  get seen() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#map;
    return {
      left: scrollLeft / this.#scale,
      top: scrollTop / this.#scale,
      width: clientWidth / this.#scale,
      height: clientHeight / this.#scale,
    };
  }

  /** The sheet has this size. @param {number} width @param {number} height */
  size(width, height) {
    this.#width = width;
    this.#height = height;
    this.#sheet.style.width = `${width}px`;
    this.#sheet.style.height = `${height}px`;
    this.#draw();
  }

  /** Have a place of the sheet in sight. @param {number} left @param {number} top */
  scroll(left, top) {
    this.#map.scrollTo(left * this.#scale, top * this.#scale);
  }

  /** @param {number} steps nearer where positive @param {Point} [at] */
  step(steps, at) {
    this.#to(this.#scale * STEP ** steps, at);
  }

  /** All of it, but nothing larger than it is. */
  fit() {
    const { clientWidth, clientHeight } = this.#map;
    this.#to(Math.min(1, clientWidth / this.#width, clientHeight / this.#height));
  }

  reset() {
    this.#to(1);
  }

  /** Who cannot go on in a direction is told so. @returns {{ nearer: boolean, farther: boolean }} */
  get can() {
    return { nearer: this.#scale < MOST, farther: this.#scale > LEAST };
  }

  /**
   * What is at a point of the map stays there.
   * @param {number} scale
   * @param {Point} [at] without one: its middle
   */
  #to(scale, at = { x: this.#map.clientWidth / 2, y: this.#map.clientHeight / 2 }) {
    const now = Math.min(MOST, Math.max(LEAST, scale));
    const { scrollLeft, scrollTop } = this.#map;
    const [x, y] = [(scrollLeft + at.x) / this.#scale, (scrollTop + at.y) / this.#scale];
    this.#scale = now;
    this.#draw();
    this.#map.scrollTo(x * now - at.x, y * now - at.y);
    this.#changed();
  }

  #draw() {
    this.#extent.style.width = `${this.#width * this.#scale}px`;
    this.#extent.style.height = `${this.#height * this.#scale}px`;
    this.#sheet.style.setProperty("--scale", String(this.#scale));
    this.#sheet.classList.toggle("far", this.#scale < FAR);
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {Point} of the map */
  #at({ clientX, clientY }) {
    const { left, top } = this.#map.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const turned = Math.max(-120, Math.min(120, event.deltaY * lines));
    this.#to(this.#scale * Math.exp(-turned * WHEEL), this.#at(event));
  }

  /** @param {TouchEvent} event */
  #touch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault(); // the page would be zoomed
    const [one, other] = event.touches;
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    const middle = {
      clientX: (one.clientX + other.clientX) / 2,
      clientY: (one.clientY + other.clientY) / 2,
    };
    if (this.#apart) this.#to((this.#scale * apart) / this.#apart, this.#at(middle));
    this.#apart = apart;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const between = event.target instanceof Element && !event.target.closest(".version");
    if (event.pointerType !== "mouse" || event.button !== 0 || !between) return;
    if (event.offsetX >= this.#map.clientWidth && event.target === this.#map) return; // scroll bar
    this.#held = { x: event.clientX, y: event.clientY };
    this.#map.setPointerCapture(event.pointerId);
    this.#map.classList.add("held");
  }

  /** @param {PointerEvent} event */
  #move({ clientX, clientY }) {
    if (!this.#held) return;
    this.#map.scrollBy(this.#held.x - clientX, this.#held.y - clientY);
    this.#held = { x: clientX, y: clientY };
  }

  #up() {
    this.#held = null;
    this.#map.classList.remove("held");
  }
}
