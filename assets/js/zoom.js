// A picture that is zoomed and moved within a frame: by wheel, pinch, drag, double click and keys.
// It is one element that the browser moves and scales; nothing is decoded or drawn anew meanwhile.

const MOST = 16; // device pixels for a pixel of the picture
const STEP = 1.4;
const WHEEL = 0.0016;
const PINCH_WHEEL = 0.01; // a trackpad's pinch comes as small turns of the wheel
const SETTLED_MS = 160;
const CHECK_PX = 12;
const CRISP = 3; // from here on its pixels are shown as squares
const SWIPE_PX = 60;

/** @typedef {{ x: number, y: number }} Point */

/**
 * How a picture stands, in shares of itself, so that one of another size can stand so too.
 * @typedef {object} Standing
 * @property {number} zoom 1: it is fitted
 * @property {number} x of its middle, from the middle of the stage, in widths of the picture
 * @property {number} y the same in heights
 */

export class Zoom {
  /** @type {HTMLElement} */ #stage;
  /** @type {HTMLElement} */ #image;
  #stageWidth = 1; // of the stage, in CSS pixels
  #stageHeight = 1;
  #width = 1; // of the picture
  #height = 1;
  #scale = 1; // CSS pixels for a pixel of the picture
  #x = 0; // of its middle, from the middle of the stage, in CSS pixels
  #y = 0;
  #fitted = true; // it stays fitted when the window changes
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {Map<number, Point>} */ #pointers = new Map();
  /** @type {Point | null} */ #began = null;
  /** @type {(share: number, zoomed: boolean) => void} */ #told;
  /** @type {(by: number) => void} */ #swiped;

  /**
   * @param {HTMLElement} stage
   * @param {HTMLElement} image inside of it, or what holds several that lie over each other
   * @param {{ told: (share: number, zoomed: boolean) => void, swiped: (by: number) => void }} ears
   *   what is told after each change: device pixels for a pixel of the picture
   */
  constructor(stage, image, { told, swiped }) {
    this.#stage = stage;
    this.#image = image;
    this.#told = told;
    this.#swiped = swiped;
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("dblclick", (event) => this.toggle(this.#at(event)));
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    }
    new ResizeObserver(() => {
      this.#look();
      if (this.#fitted) this.fit();
      else this.#changed();
    }).observe(stage);
  }

  /** Another picture, of this size in pixels. @param {number} width @param {number} height */
  take(width, height) {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    this.#image.style.width = `${this.#width}px`;
    this.#image.style.height = `${this.#height}px`;
    this.#pointers.clear();
    this.#look();
    this.fit();
  }

  /** How large the stage is; asked for in each frame, it would cost the browser a layout. */
  #look() {
    this.#stageWidth = this.#stage.clientWidth;
    this.#stageHeight = this.#stage.clientHeight;
  }

  get #actual() {
    return 1 / devicePixelRatio;
  }

  get #fitting() {
    return Math.min(this.#stageWidth / this.#width, this.#stageHeight / this.#height, this.#actual);
  }

  /** Whether more is there than is seen. */
  get zoomed() {
    return this.#scale > this.#fitting * 1.001;
  }

  /** @returns {Standing} */
  get standing() {
    return {
      zoom: this.#scale / this.#fitting,
      x: this.#x / (this.#width * this.#scale),
      y: this.#y / (this.#height * this.#scale),
    };
  }

  /** Stand as another does. @param {Standing} other */
  follow({ zoom, x, y }) {
    this.#fitted = zoom <= 1.001;
    this.#scale = zoom * this.#fitting;
    this.#x = x * this.#width * this.#scale;
    this.#y = y * this.#height * this.#scale;
    this.#changed();
  }

  fit() {
    this.#fitted = true;
    this.#scale = this.#fitting;
    this.#x = this.#y = 0;
    this.#changed();
  }

  /** Each pixel of the picture on one of the screen. @param {Point} [at] */
  actual(at) {
    this.to(this.#actual, at);
  }

  /** @param {Point} at */
  toggle(at) {
    if (this.zoomed) this.fit();
    else this.to(this.#actual > this.#fitting * 1.001 ? this.#actual : 4 * this.#actual, at);
  }

  /** @param {number} steps more where positive @param {Point} [at] */
  step(steps, at) {
    this.to(this.#scale * STEP ** steps, at);
  }

  /** @param {number} x in CSS pixels @param {number} y */
  pan(x, y) {
    this.#x += x;
    this.#y += y;
    this.#changed();
  }

  /**
   * Zoom so that what is at a point, from the middle of the stage, stays there.
   * @param {number} scale @param {Point} [at]
   */
  to(scale, at = { x: 0, y: 0 }) {
    const least = this.#fitting;
    const now = Math.min(Math.max(scale, least), Math.max(MOST * this.#actual, least));
    this.#fitted = now <= least * 1.001;
    this.#x = at.x - ((at.x - this.#x) * now) / this.#scale;
    this.#y = at.y - ((at.y - this.#y) * now) / this.#scale;
    this.#scale = now;
    this.#changed();
  }

  #changed() {
    const across = Math.max(0, (this.#width * this.#scale - this.#stageWidth) / 2);
    const down = Math.max(0, (this.#height * this.#scale - this.#stageHeight) / 2);
    this.#x = Math.min(across, Math.max(-across, this.#x));
    this.#y = Math.min(down, Math.max(-down, this.#y));
    this.#stage.dataset.moves = "";
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const { style } = this.#image;
    style.willChange = "transform"; // it is moved as it was drawn, and drawn sharp once it rests
    style.transform = `translate(-50%, -50%) translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
    this.#told(this.#scale / this.#actual, this.zoomed);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle() {
    delete this.#stage.dataset.moves;
    const { style } = this.#image;
    style.willChange = "";
    style.setProperty("--check", `${(2 * CHECK_PX) / this.#scale}px`);
    style.imageRendering = this.#scale >= CRISP * this.#actual ? "pixelated" : "";
  }

  /** @param {MouseEvent} event @returns {Point} from the middle of the stage */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const turned = Math.max(-240, Math.min(240, event.deltaY * lines));
    const speed = event.ctrlKey ? PINCH_WHEEL : WHEEL;
    this.to(this.#scale * Math.exp(-turned * speed), this.#at(event));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    this.#began = this.#pointers.size === 1 ? this.#at(event) : null;
    this.#stage.classList.toggle("held", this.zoomed);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) {
      this.pan(now.x - before.x, now.y - before.y);
      return;
    }
    const apart = (/** @type {Point} */ one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
    this.#x += (now.x - before.x) / 2;
    this.#y += (now.y - before.y) / 2;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.to((this.#scale * apart(now)) / apart(before), middle);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const last = this.#pointers.get(event.pointerId);
    this.#pointers.delete(event.pointerId);
    this.#stage.classList.remove("held");
    if (!last || !this.#began || this.zoomed || event.pointerType === "mouse") return;
    const [x, y] = [last.x - this.#began.x, last.y - this.#began.y];
    if (Math.abs(x) > SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) this.#swiped(x < 0 ? 1 : -1);
  }
}
