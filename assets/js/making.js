// While a picture is made, a frame of its shape stands where it will be, with how long it has taken.
// Only where the answer is a picture for certain: a model without memory draws whatever it is told.

import { findAll } from "./dom.js";
import { on, state } from "./state.js";
import { number } from "./words.js";

/** @import { SettingsOfConversation } from "./protocol.js" */

const LONGEST_PX = 768; // as a picture is shown
const TICK_MS = 1000;

let chosen = ""; // the shape that the settings ask for
/** @type {{ width: number, height: number } | null} */
let changed = null; // the picture that the question was sent with, whose shape the answer has

const draws = () => Boolean(state.card?.draws && !state.card.history);

/** Width over height of what is expected, as two numbers. */
function shape() {
  const [wide = 0, high = 0] = chosen.split(":").map(Number);
  if (wide > 0 && high > 0) return [wide, high];
  return changed ? [changed.width, changed.height] : [1, 1];
}

/** @param {HTMLElement} article of a reply that is being written */
function frame(article) {
  const body = article.querySelector(".body");
  if (!(body instanceof HTMLElement) || article.querySelector(".making, .pic")) return;
  const [wide = 1, high = 1] = shape();
  const width = Math.round((LONGEST_PX * wide) / Math.max(wide, high));
  const height = Math.round((LONGEST_PX * high) / Math.max(wide, high));
  const made = document.createElement("div");
  made.className = "making";
  made.setAttribute("aria-hidden", "true"); // what is under way is announced elsewhere
  made.style.cssText = `--ratio:${width}/${height};--width:${width}px`;
  const time = document.createElement("span");
  made.append(time);
  body.after(made);
  const begun = performance.now();
  const tick = setInterval(() => {
    if (!made.isConnected) clearInterval(tick); // the reply was drawn anew, with another frame
    time.textContent = number(Math.round((performance.now() - begun) / 1000), {
      style: "unit",
      unit: "second",
      unitDisplay: "narrow",
    });
  }, TICK_MS);
  // It goes in the moment in which the picture comes, or words in its place: nothing jumps.
  const watch = new MutationObserver(() => {
    if (article.hasAttribute("aria-busy") && !body.querySelector(".pic, p, ul, pre")) return;
    watch.disconnect();
    clearInterval(tick);
    made.remove();
  });
  watch.observe(article, { attributes: true, childList: true, subtree: true });
}

function dress() {
  if (!draws()) return;
  for (const article of findAll('#messages .msg.assistant[aria-busy="true"]')) frame(article);
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
}
