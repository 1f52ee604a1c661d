// While nothing of a reply is there yet, what stands in its place: a frame of the shape that a picture
// will have, where the model makes pictures, else words; both with how long it has taken. A model that
// answers in words as well is given a moment first: what answers at once needs no sign before it.

import { findAll } from "./dom.js";
import { on, state } from "./state.js";
import { number, t } from "./words.js";

/** @import { SettingsOfConversation } from "./protocol.js" */

const LONGEST_PX = 768; // as a picture is shown
const TICK_MS = 1000;
const LONG_S = 3; // from here on one wonders whether anything is under way
const WORKING = t("Working…");
const BUSY = '#messages .msg.assistant[aria-busy="true"]';
/** What is an answer, or a step to it that is seen; what was thought is folded away. */
const ANSWER = ".pic, details.tool, :is(p, ul, ol, pre, table, h3, h4, h5, h6):not(details *)";

let chosen = ""; // the shape that the settings ask for
/** @type {{ width: number, height: number } | null} */
let changed = null; // the picture that the question was sent with, whose shape the answer has
/** @type {WeakSet<HTMLElement>} */
const watched = new WeakSet();
/** @type {Map<string, number>} when each reply began, by its id: it may be drawn anew meanwhile */
const begun = new Map();

/** Width over height of what is expected, as two numbers. */
function shape() {
  const [wide = 0, high = 0] = chosen.split(":").map(Number);
  if (wide > 0 && high > 0) return [wide, high];
  return changed ? [changed.width, changed.height] : [1, 1];
}

/** @param {boolean} draws whether a picture may come */
function sign(draws) {
  const made = document.createElement("div");
  made.className = draws ? "making" : "working";
  made.setAttribute("aria-hidden", "true"); // what is under way is announced elsewhere
  if (draws) {
    const [wide = 1, high = 1] = shape();
    const width = Math.round((LONGEST_PX * wide) / Math.max(wide, high));
    const height = Math.round((LONGEST_PX * high) / Math.max(wide, high));
    made.style.cssText = `--ratio:${width}/${height};--width:${width}px`;
  }
  made.append(document.createElement("span"));
  return made;
}

/** @param {number} seconds */
function told(seconds) {
  const time = number(seconds, { style: "unit", unit: "second", unitDisplay: "narrow" });
  return seconds < LONG_S ? time : `${WORKING} ${time}`;
}

/** @param {HTMLElement} article of a reply that is being written */
function watch(article) {
  const body = article.querySelector(".body");
  if (!(body instanceof HTMLElement) || watched.has(article) || body.querySelector(ANSWER)) return;
  watched.add(article);
  const { id = "" } = article.dataset;
  const since = begun.get(id) ?? performance.now();
  begun.set(id, since);
  const draws = Boolean(state.card?.draws);
  const surely = draws && !state.card?.history; // it draws whatever it is told
  /** @type {HTMLElement | null} */
  let made = null;
  const draw = () => {
    const seconds = Math.round((performance.now() - since) / 1000);
    if (!surely && seconds < LONG_S) return;
    if (!made) {
      made = sign(draws);
      body.after(made);
    }
    if (made.firstElementChild && seconds > 0) made.firstElementChild.textContent = told(seconds);
  };
  const tick = setInterval(() => {
    if (article.isConnected) draw();
    else clearInterval(tick); // the reply was drawn anew, with another sign
  }, TICK_MS);
  draw();
  // It goes in the moment in which the picture comes, or words in its place: nothing jumps.
  const changes = new MutationObserver(() => {
    if (article.hasAttribute("aria-busy") && !body.querySelector(ANSWER)) return;
    changes.disconnect();
    clearInterval(tick);
    begun.delete(id);
    made?.remove();
  });
  changes.observe(article, { attributes: true, childList: true, subtree: true });
}

/** One below another has not begun, and says so itself. */
function dress() {
  for (const article of findAll(BUSY)) if (!article.matches(`${BUSY} ~ .msg`)) watch(article);
}

export function start() {
  on("settings", (/** @type {SettingsOfConversation} */ told) => {
    chosen = String(told.settings.aspect_ratio?.value ?? "");
  });
  on("tray", () => {
    const chip = document.querySelector("#intent");
    changed = chip instanceof HTMLElement && chip.dataset.mode === "edit" ? state.carry : null;
  });
  on("settled", dress);
  on("reply-ended", dress);
}
