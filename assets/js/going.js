// Under the tray, in a line: how much of what the model takes is used, and what of the history goes
// along. What stays behind is named before anything is sent.

import { megabytes } from "./budget.js";
import { findHtml } from "./dom.js";
import * as intent from "./intent.js";
import { on, state } from "./state.js";
import * as tray from "./tray.js";
import { plural, t } from "./words.js";

/** @import { Estimated, HistoryShare, NumberedPicture } from "./protocol.js" */

const NEAR = 0.5; // from here on it is worth saying

/** @type {HTMLElement} */
let line;
/** @type {HistoryShare | null} */
let share = null;

/** How many pictures go, of how many, and what they weigh. */
function budget() {
  const { going, left, bytes } = tray.split();
  const { card } = state;
  const box = findHtml("#budget");
  box.hidden = !card?.most_pictures || intent.resting() || going.length + left.length < 1;
  if (box.hidden || !card) return;
  const full = Math.min(1, Math.max(going.length / card.most_pictures, bytes / card.most_bytes));
  box.style.setProperty("--full", `${Math.round(full * 100)}%`);
  box.classList.toggle("over", left.length > 0);
  box.classList.toggle("near", full >= NEAR);
  const facts = [plural(card.most_pictures, "{going} of {n} picture", "{going} of {n} pictures", { going: going.length })];
  if (bytes) facts.push(t("{part} of {whole}", { part: megabytes(bytes), whole: megabytes(card.most_bytes) }));
  if (left.length) facts.push(plural(left.length, "{n} stays here", "{n} stay here"));
  findHtml("span", box).textContent = facts.join(" · ");
  box.title = t("So many {title} takes with one message.", { title: card.title });
}

function gauge() {
  const box = findHtml("#gauge");
  box.hidden = share === null;
  if (!share) return;
  findHtml("summary", box).textContent = share.words;
  const { dropped, of_pictures: of, pictures } = share;
  // A browser loads the pictures of a list that nobody has opened, lazy or not.
  const open = box.hasAttribute("open");
  findHtml("ul", box).replaceChildren(...(open ? dropped.map(item) : []));
  const more = of - pictures - dropped.length;
  const remark = findHtml("p", box);
  remark.textContent = dropped.length
    ? more > 0
      ? plural(more, "These stay behind, and {n} older one:", "These stay behind, and {n} older ones:")
      : t("These stay behind:")
    : t("No picture of the conversation stays behind.");
}

/** @param {NumberedPicture} picture */
function item({ sha, handle, alt }) {
  const made = document.createElement("li");
  const image = document.createElement("img");
  image.src = `media/${sha}/thumb`;
  image.alt = alt;
  image.loading = "lazy";
  const name = document.createElement("button");
  name.type = "button";
  name.textContent = `@img${handle}`;
  name.title = t("Take it along");
  name.setAttribute("aria-label", t("Take @img{handle} along", { handle }));
  name.addEventListener("click", () => tray.join(sha, alt || t("Picture")));
  made.append(image, name);
  return made;
}

function draw() {
  budget();
  gauge();
  const along = findHtml("#take-along");
  along.hidden = !tray.startsFresh() || !state.carry;
  line.hidden = [...line.children].every((part) => part instanceof HTMLElement && part.hidden);
}

export function start() {
  line = findHtml("#going");
  findHtml("#take-along").addEventListener("click", () => tray.takeAlong());
  findHtml("#gauge").addEventListener("toggle", gauge);
  on("tray", draw);
  on("settled", draw);
  on("estimated", (/** @type {Estimated} */ told) => {
    share = told.history;
    draw();
  });
  on("opened", () => {
    share = null;
    draw();
  });
}
