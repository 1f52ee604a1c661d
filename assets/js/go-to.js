// The way to a message, wherever it is: on another branch, or further up than the page has shown.

import { post } from "./api.js";
import { findHtml } from "./dom.js";
import { probe, tell } from "./live.js";
import { scrolledByReader } from "./scroll.js";
import { on } from "./state.js";

/** @type {string | null} */
let goal = null;
/** @type {((message: HTMLElement | null) => void) | null} */
let arrived = null;

/** @param {string} id */
const article = (id) => document.getElementById(`m-${id}`);

/** @param {HTMLElement | null} message null: it is not there any more, or another is wanted */
function end(message) {
  const told = arrived;
  goal = arrived = null;
  told?.(message);
}

/** @param {HTMLElement} message */
function arrive(message) {
  // Whatever was drawn just now has gone to its end; this comes after.
  requestAnimationFrame(() => {
    scrolledByReader(true);
    message.scrollIntoView({ block: "start" });
    message.classList.remove("found");
    void message.offsetWidth; // without a layout in between the animation would not start again
    message.classList.add("found");
    end(message);
  });
}

function look() {
  if (goal === null) return;
  const message = article(goal);
  if (message) arrive(message);
  else if (!findHtml("#older").hidden) tell({ type: "older" });
  else end(null);
}

/**
 * Show a message of the open conversation.
 * @param {string} id
 * @param {boolean} onBranch whether it is on the branch that is shown
 * @returns {Promise<HTMLElement | null>} the message, once it is on the screen
 */
export async function goTo(id, onBranch) {
  end(null);
  /** @type {Promise<HTMLElement | null>} */
  const there = new Promise((resolve) => (arrived = resolve));
  goal = id;
  try {
    if (!onBranch && !article(id)) {
      await post(`api/messages/${id}/show`);
      tell({ type: "follow", message: id });
      probe();
    } else {
      look();
    }
  } catch (error) {
    end(null);
    throw error;
  }
  return there;
}

export function start() {
  on("settled", look);
  on("told:older", look);
  on("opened", () => end(null));
}
