// The order of the tray, by hand: a picture is dragged by its thumbnail with mouse, finger or pen,
// or moved by Alt and an arrow. The model sees the pictures in this order.

import { findAll, findHtml, within } from "./dom.js";
import { letGo } from "./pressed.js";
import { on } from "./state.js";
import * as tray from "./tray.js";

const FAR_PX = 6; // less is a click with an unsteady hand

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** @type {HTMLElement} */
let shelf;
/** @type {{ key: number, x: number, y: number, moving: boolean } | null} */
let drag = null;

/** @param {HTMLElement} box */
const keyOf = (box) => Number(box.dataset.key);

/** @param {PointerEvent} event */
function down(event) {
  const box = within(event, ".chip");
  if (!box || !within(event, ".grip") || event.button !== 0) return;
  drag = { key: keyOf(box), x: event.clientX, y: event.clientY, moving: false };
}

/** @param {PointerEvent} event */
function moved(event) {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR_PX;
  if (!drag.moving && !far) return;
  if (!drag.moving) letGo(); // the others give way while the pointer is down
  drag.moving = true;
  shelf.classList.add("reordering");
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("#tray .chip");
  if (under instanceof HTMLElement && keyOf(under) !== drag.key) {
    // What stands beside the hand gives way only when its middle is passed: else two pictures of
    // different widths would change places for ever.
    const { left, width } = under.getBoundingClientRect();
    const order = tray.order();
    const [from, to] = [order.indexOf(drag.key), order.indexOf(keyOf(under))];
    const passed = event.clientX - left > width / 2;
    const sameRow = under.offsetTop === chipOf(drag.key)?.offsetTop;
    if (!sameRow || (to > from ? passed : !passed)) tray.move(drag.key, to);
  }
  mark();
}

/** @param {number} key */
const chipOf = (key) => findAll(".chip", shelf).find((box) => keyOf(box) === key);

/** The one that is dragged looks so, however often it is drawn anew. */
function mark() {
  for (const box of findAll(".chip", shelf)) {
    box.classList.toggle("dragged", drag !== null && drag.moving && keyOf(box) === drag.key);
  }
}

/** @param {Event} event */
function up(event) {
  if (!drag) return;
  const was = drag.moving;
  drag = null;
  shelf.classList.remove("reordering");
  mark();
  // The click that a browser makes of it would do what the thumbnail does.
  if (was && event.type === "pointerup") {
    const swallow = (/** @type {Event} */ click) => click.stopPropagation();
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  }
}

/** @param {KeyboardEvent} event */
function key(event) {
  const box = within(event, ".chip");
  const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
  if (!box || !event.altKey || step === undefined) return;
  event.preventDefault(); // Alt and left is "back" in a browser
  tray.move(keyOf(box), tray.order().indexOf(keyOf(box)) + step);
}

export function start() {
  shelf = findHtml("#tray");
  const said = findHtml("#tray-told");
  shelf.addEventListener("pointerdown", down);
  shelf.addEventListener("keydown", key);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", up);
  on("told", (words) => (said.textContent = words));
}
