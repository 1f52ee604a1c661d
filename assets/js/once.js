// A press that starts something starts it once: pressed again while it is under way, or twice as on a
// desktop, it is one press. What stands in its way is said in a sentence.

import { complain } from "./toast.js";

/** @type {Map<string, Promise<void>>} */
const underWay = new Map();

/**
 * Do something, unless it is under way.
 * @param {string} what the act and what it is done to
 * @param {() => unknown} act begins within the press: the clipboard and a choice of files need that
 * @param {(error: unknown) => void} told hears what stands in its way
 * @param {boolean} pages whether the same press goes on to the next one, however fast it follows
 * @returns {Promise<void>} the end of it, whoever pressed first
 */
export function once(what, act, told = complain, pages = false) {
  const known = underWay.get(what);
  if (known) return known;
  if (pressing) first.starts = !pages;
  const done = attempt(act, told).finally(() => underWay.delete(what));
  underWay.set(what, done);
  return done;
}

/**
 * @param {() => unknown} act
 * @param {(error: unknown) => void} told
 */
async function attempt(act, told) {
  try {
    await act();
  } catch (error) {
    told(error);
  }
}

const PRESSED = "button, a[href], summary, label, [role=option], [role=menuitem]";

let pressing = false; // a click is on its way through the page
let first = { element: /** @type {Element | null} */ (null), words: "", starts: false };

/**
 * The second click of a double click starts nothing again, and is no press of what has come under the
 * pointer meanwhile: the next row of a list, what lay behind a dialog, Stop where Send was.
 * @param {MouseEvent} event
 */
function clicked(event) {
  const element = event.target instanceof Element ? event.target.closest(PRESSED) : null;
  const words = `${element?.textContent}${element?.getAttribute("aria-label")}`;
  if (event.detail > 1) {
    // Drawn anew in between, a button is the same one: whoever pages fast skips nothing.
    const same = element === first.element || first.element?.isConnected === false;
    if (!element || (same && words === first.words && !first.starts)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  first = { element, words, starts: false };
  pressing = true;
  setTimeout(() => (pressing = false));
}

export const start = () => document.addEventListener("click", clicked, { capture: true });
