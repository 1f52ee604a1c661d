// The transcript: whole windows, differences, and replies that grow. The HTML comes from the
// server, drawn and sanitised there; this module only puts it in its place.

import { unknown } from "./build.js";
import { find, fromServer } from "./dom.js";
import { sharedHome } from "./home.js";
import { drawInPlace } from "./in-place.js";
import { openAgain, passOn } from "./interim.js";
import { holds, tell } from "./live.js";
import { putOff } from "./pressed.js";
import { STATUSES } from "./protocol.js";
import { follow, keepPlace, scrolledByReader, toBottom } from "./scroll.js";
import { emit, on, state } from "./state.js";
import { carry } from "./transfer.js";
import * as variants from "./variants.js";
import { locale } from "./words.js";

/**
 * @import { Blank, CarriedPicture, DrawnMessage, Frame, Held, ModelFacts, OlderMessages, Patch,
 *   ReplyEnded, StreamBegins, TranscriptWindow, TurnStarted, VariantGrid } from "./protocol.js"
 */

/**
 * @typedef {object} Growing
 * @property {string} id of the reply
 * @property {HTMLElement} open shows the block that is being written
 * @property {string} html of that block
 * @property {number} blocks how many are finished
 */

/**
 * What all of them tell of the whole.
 * @typedef {object} Whole
 * @property {string | null} conversation
 * @property {string | null} leaf
 * @property {boolean} has_older
 * @property {CarriedPicture | null} carry
 * @property {ModelFacts | null} [facts]
 * @property {string} [spent]
 * @property {VariantGrid | null} [variants]
 */

const MAX_HELD = 200; // a page that shows more starts from the whole again

/** @type {Map<number, Growing>} */
const growing = new Map(); // by the number of the stream
/** @type {HTMLElement} */
let list;
/** @type {HTMLElement} */
let older;

/** @param {string} id */
const article = (id) => document.getElementById(`m-${id}`);

/** @returns {HTMLElement[]} */
const articles = () => /** @type {HTMLElement[]} */ ([...list.children]);

/** @param {string} html */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = fromServer(html);
  stampTimes(template.content);
  passOn(template.content);
  return template.content;
}

/** @param {DrawnMessage} drawn */
function made({ html, stamp }) {
  const content = parsed(html);
  find(".msg", HTMLElement, content).dataset.stamp = stamp;
  return content;
}

/** @param {ParentNode} root */
function stampTimes(root) {
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (
    root.querySelectorAll("time[datetime]")
  )) {
    const moment = new Date(time.dateTime);
    time.textContent = clock.format(moment);
    time.title = moment.toLocaleString(locale);
  }
}

/** Which replies are being written, from what is on the screen. */
function count() {
  const busy = articles().filter((each) => each.getAttribute("aria-busy") === "true");
  state.running = new Set([...busy.map((each) => each.dataset.id ?? ""), ...variants.busy()]);
  find("#transcript", HTMLElement).dataset.state = state.running.size ? "streaming" : "idle";
}

/** @param {Whole} told */
function settle(told) {
  state.leaf = told.leaf;
  state.carry = told.carry;
  if ("facts" in told) state.card = told.facts ?? null;
  if ("spent" in told) state.spent = told.spent ?? "";
  older.hidden = !told.has_older;
  variants.draw(told.variants);
  count();
  const root = find("#transcript", HTMLElement);
  root.dataset.conv = told.conversation ?? "";
  // Empty is a conversation without messages, not one that is still on its way.
  const arrived = state.conversation === null || told.conversation === state.conversation;
  root.classList.toggle("empty", list.children.length === 0 && arrived);
  emit("settled");
}

/**
 * What was told since something waits for a release, which it came after; null while nothing does.
 * @type {(() => void)[] | null}
 */
let behind = null;

/** All that was told meanwhile, in its order. */
function catchUp() {
  const told = behind ?? [];
  behind = null;
  for (const each of told) each();
}

/**
 * Whoever listens so hears everything in the order in which it was told.
 * @template T
 * @param {(told: T) => void} hear
 * @returns {(told: T) => void}
 */
const inTurn = (hear) => (told) => {
  if (behind) behind.push(() => hear(told));
  else hear(told);
};

/**
 * Let this and all that follows wait while a pointer is pressed on what it would take away.
 * @param {Element} element
 * @param {() => void} hear
 */
function waits(element, hear) {
  if (!putOff(element, catchUp)) return false;
  behind = [hear];
  return true;
}

/** @param {TranscriptWindow} told */
function drawWindow(told) {
  if (told.conversation !== state.conversation) return;
  if (waits(list, () => drawWindow(told))) return;
  growing.clear();
  waiting.clear();
  list.replaceChildren(...told.added.map(made));
  settle(told);
  emit("title", told.title);
  toBottom();
}

/**
 * What is to be drawn anew once it is let go.
 * @type {Map<string, DrawnMessage>}
 */
const waiting = new Map();

function redrawWaiting() {
  const drawn = [...waiting.values()];
  waiting.clear();
  drawn.forEach(redraw);
}

/** @param {DrawnMessage} drawn */
function redraw(drawn) {
  const old = article(drawn.id);
  if (!old) return;
  if (putOff(old, redrawWaiting)) {
    waiting.set(drawn.id, drawn);
    return;
  }
  const fresh = made(drawn);
  const isGrowing = [...growing.values()].some(({ id }) => id === drawn.id);
  emit("redrawing", { old, fresh });
  if (isGrowing && fresh.querySelector('[aria-busy="true"]')) {
    // What has been written so far, and what tools ask, stand in the old one only.
    find(".body", HTMLElement, fresh).replaceWith(find(".body", HTMLElement, old));
    const questions = old.querySelector(":scope > .questions");
    if (questions) find(".tail", HTMLElement, fresh).before(questions);
  } else {
    forget(drawn.id);
    openAgain(old, fresh);
  }
  old.replaceWith(fresh);
}

/** @param {string} id of a reply that does not grow any more */
function forget(id) {
  for (const [stream, reply] of growing) if (reply.id === id) growing.delete(stream);
}

/** @param {Patch} told */
function patch(told) {
  if (told.conversation !== state.conversation) return;
  told.redrawn.forEach(redraw);
  while (list.children.length > told.keep) list.lastElementChild?.remove();
  list.append(...told.added.map(made));
  settle(told);
  if (told.added.length) toBottom();
  else follow();
}

/** @param {OlderMessages} told */
function prepend(told) {
  keepPlace(() => list.prepend(...told.added.map(made)));
  older.hidden = !told.has_older;
}

/**
 * A turn has begun, by the answer to the question itself: it is shown at once, even where the
 * live line is dead. What that line tells later takes its place.
 * @param {TurnStarted} turn
 */
export function begun(turn) {
  if (turn.conversation !== state.conversation) return;
  const above = turn.above === null ? null : article(turn.above);
  if (turn.above !== null && above?.parentElement !== list) return; // it is not on the screen
  let at = above ? articles().indexOf(above) + 1 : 0;
  for (const { id, html } of turn.drawn) {
    if (articles()[at]?.dataset.id !== id) {
      while (list.children.length > at) list.lastElementChild?.remove();
      list.append(made({ id, html, stamp: "" }));
      variants.draw(null); // unless the live line has told of them already
    }
    at += 1;
  }
  // The next message goes under this reply, even if the page is told of it only later.
  state.leaf = articles().at(-1)?.dataset.id ?? null;
  count();
  find("#transcript", HTMLElement).classList.remove("empty");
  emit("settled");
  toBottom();
}

/** Room for the block that is being written. */
function openBlock() {
  const open = document.createElement("div");
  open.className = "open";
  return open;
}

/** @param {StreamBegins} told */
function grow({ reply: id, stream, held }) {
  const message = article(id);
  if (!message) return;
  message.dataset.status = "streaming";
  const known = [...growing.entries()].find(([, each]) => each.id === id);
  if (known && held > 0) {
    growing.delete(known[0]);
    growing.set(stream, { ...known[1], html: "" });
    return;
  }
  forget(id);
  const open = openBlock();
  find(".body", HTMLElement, message).replaceChildren(open);
  growing.set(stream, { id, open, html: "", blocks: 0 });
}

/** @param {Frame} told */
function frame({ stream, changes }) {
  const reply = growing.get(stream);
  if (!reply) return;
  for (const { keep, tail, finished } of changes) {
    reply.html = reply.html.slice(0, keep) + tail;
    if (!finished) continue;
    drawInPlace(reply.open, parsed(reply.html));
    // A new one begins below: were it the same, it would count as one that jumps there.
    const next = openBlock();
    reply.open.after(next);
    reply.open.replaceWith(...reply.open.childNodes);
    reply.open = next;
    reply.html = "";
    reply.blocks += 1;
  }
  drawInPlace(reply.open, parsed(reply.html));
  const body = reply.open.parentElement;
  if (body) passOn(body, true);
  follow();
}

/** @param {ReplyEnded} told */
function end(told) {
  const message = article(told.reply);
  if (!message) return;
  if (waits(message, () => end(told))) return;
  for (const reply of growing.values()) {
    if (reply.id === told.reply) reply.open.replaceWith(...reply.open.childNodes);
  }
  forget(told.reply);
  if (told.body !== null) {
    const [body, fresh] = [find(".body", HTMLElement, message), parsed(told.body)];
    openAgain(body, fresh);
    body.replaceChildren(fresh);
  }
  message.querySelector(":scope > .questions")?.remove();
  find(".who", HTMLElement, message).textContent = told.author;
  find(".tail", HTMLElement, message).replaceWith(parsed(told.tail));
  message.dataset.status = told.status;
  message.dataset.stamp = told.stamp;
  message.removeAttribute("aria-busy");
  state.carry = told.carry; // whoever sends now sees, and means, the pictures of this reply
  count();
  emit("settled");
  follow();
  emit("reply-ended", message);
  if (!STATUSES.includes(told.status)) unknown("state of a reply", told.status);
}

/** @returns {Held | null} what is on the screen, for a line that comes back */
function held() {
  const shown = articles();
  const isConversation = find("#transcript", HTMLElement).dataset.conv === state.conversation;
  if (!isConversation || shown.length === 0 || shown.length > MAX_HELD) return null;
  return {
    messages: shown.map(({ dataset }) => ({ id: dataset.id ?? "", stamp: dataset.stamp ?? "" })),
    streams: [...growing].map(([stream, { id, blocks }]) => ({ reply: id, stream, blocks })),
  };
}

export function clear() {
  growing.clear();
  list.replaceChildren();
  settle({ leaf: null, carry: null, has_older: false, conversation: null });
  scrolledByReader(false);
}

/**
 * Before a new conversation: what the model of its first message is like.
 * @param {Blank} told
 */
function blank({ facts }) {
  if (state.conversation !== null) return;
  settle({ leaf: null, carry: null, has_older: false, conversation: null, facts, spent: "" });
}

/** @param {DragEvent} event */
function dragged(event) {
  const picture = event.target instanceof Element && event.target.closest(".pic");
  if (!(picture instanceof HTMLElement) || !picture.dataset.sha || !event.dataTransfer) return;
  const name = find("img", HTMLImageElement, picture).alt;
  carry(event.dataTransfer, { sha: picture.dataset.sha, name }, sharedHome());
}

export function start() {
  list = find("#messages", HTMLElement);
  older = find("#older", HTMLElement);
  older.addEventListener("click", () => tell({ type: "older" }));
  list.addEventListener("dragstart", dragged);
  holds(held);
  on("told:blank", inTurn(blank));
  on("told:window", inTurn(drawWindow));
  on("told:patch", inTurn(patch));
  on("told:older", inTurn(prepend));
  on("told:stream", inTurn(grow));
  on("told:end", inTurn(end));
  on("told:frame", inTurn(frame));
}
