// What is read aloud of a running reply: that it has begun, that a picture is there, and its end.
// A log that is read aloud while it grows says every word twenty times.

import { findAll, findHtml } from "./dom.js";
import { on } from "./state.js";
import { inARow, t } from "./words.js";

/** @import { Frame, StreamBegins } from "./protocol.js" */

const SPOKEN_CHARACTERS = 400;
const BEGUN = t("The reply has begun.");

/** @type {Map<number, string>} replies by stream, before their first picture */
const waiting = new Map();

/** @param {string} words */
function say(words) {
  findHtml("#announcer").textContent = words;
}

export function start() {
  on("told:stream", (/** @type {StreamBegins} */ { reply, stream }) => {
    waiting.set(stream, reply);
    say(BEGUN);
  });
  on("told:frame", (/** @type {Frame} */ { stream }) => {
    const message = document.getElementById(`m-${waiting.get(stream) ?? ""}`);
    const image = message?.querySelector(".body .pic:not(.draft) img");
    if (!image) return;
    waiting.delete(stream);
    say(t("A picture is there: {alt}", { alt: image.getAttribute("alt") ?? "" }));
  });
  on("opened", () => {
    waiting.clear();
    say(""); // it was of another conversation
  });
  on("reply-ended", (/** @type {HTMLElement} */ message) => {
    for (const [stream, id] of waiting) if (id === message.dataset.id) waiting.delete(stream);
    const card = message.querySelector(".approval");
    if (card instanceof HTMLElement) {
      const tools = findAll(".call .about strong", card).map((tool) => tool.innerText);
      say(t("The reply waits for you: {tools}", { tools: inARow(tools) }));
      return;
    }
    const words = findHtml(".body", message).innerText.trim();
    say(t("Reply: {words}", { words: words.slice(0, SPOKEN_CHARACTERS) }));
  });
}
