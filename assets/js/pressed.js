// A click is a press and a release on the same element, and is lost where that was replaced in between.
// What is drawn anew waits until the pointer is let go.

/** @type {Element | null} */
let pressed = null;
/** @type {Set<() => void>} */
const waiting = new Set();

/** Whether a pointer is pressed on something in this element. @param {Element} element */
export const isPressed = (element) => pressed !== null && element.contains(pressed);

/**
 * Put a drawing off until the release, if something in this element is pressed.
 * @param {Element} element
 * @param {() => void} draw is called once, however often it is put off
 * @returns {boolean} whether it was
 */
export function putOff(element, draw) {
  if (!isPressed(element)) return false;
  waiting.add(draw);
  return true;
}

/** @param {PointerEvent} event */
function press({ target, button }) {
  // A menu that the system opens over the page keeps the release of another button for itself.
  if (button === 0) pressed = target instanceof Element ? target : null;
}

/** No click will come of it any more: what was put off is drawn. */
export function letGo() {
  pressed = null;
  const draw = [...waiting];
  waiting.clear();
  for (const each of draw) each();
}

/** The click follows the release at once, and what it starts finds what it was made on. */
function release() {
  if (pressed || waiting.size) setTimeout(letGo);
}

export function start() {
  addEventListener("pointerdown", press, { capture: true });
  for (const end of ["pointerup", "pointercancel", "contextmenu"]) {
    addEventListener(end, release, { capture: true });
  }
  addEventListener("blur", release); // of the window alone: it does not bubble
  // What the click itself draws is drawn at once.
  addEventListener("click", () => (pressed = null), { capture: true });
}
