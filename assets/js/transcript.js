// The transcript: whole windows, differences, and replies that grow. The HTML comes from the
// server, drawn and sanitised there; this module only puts it in its place.

import { tell } from "./live.js";
import { emit, on, state } from "./state.js";
import { follow, keepPlace, scrolledByReader, toBottom } from "./scroll.js";

const growing = new Map(); // handle -> { id, body, open, html }
let list = null;
let older = null;

const article = (id) => document.getElementById(`m-${id}`);

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  stampTimes(template.content);
  return template.content;
}

function stampTimes(root) {
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    time.textContent = clock.format(moment);
    time.title = moment.toLocaleString();
  }
}

function settle(told) {
  state.leaf = told.leaf;
  state.carry = told.carry;
  if ("card" in told) Object.assign(state, { card: told.card, spent: told.spent });
  older.hidden = !told.older;
  state.running = new Set(
    [...list.querySelectorAll('[aria-busy="true"]')].map((busy) => busy.dataset.id),
  );
  const root = list.closest("#transcript");
  root.dataset.conv = told.c ?? "";
  root.dataset.state = state.running.size ? "streaming" : "idle";
  // Empty is a conversation without messages, not one that is still on its way.
  const arrived = state.conversation === null || told.c === state.conversation;
  root.classList.toggle("empty", list.children.length === 0 && arrived);
  emit("settled");
}

function drawWindow(told) {
  if (told.c !== state.conversation) return;
  growing.clear();
  list.replaceChildren(...told.add.map(parsed));
  settle(told);
  emit("title", told.title);
  toBottom();
}

function patch(told) {
  if (told.c !== state.conversation) return;
  for (const [id, html] of told.set) article(id)?.replaceWith(parsed(html));
  while (list.children.length > told.keep) list.lastElementChild.remove();
  list.append(...told.add.map(parsed));
  settle(told);
  if (told.add.length) toBottom();
  else follow();
}

function prepend(told) {
  keepPlace(() => list.prepend(...told.add.map(parsed)));
  older.hidden = !told.older;
}

function grow({ m, h }) {
  const body = article(m)?.querySelector(".body");
  if (!body) return;
  body.replaceChildren();
  article(m).dataset.status = "streaming";
  const open = document.createElement("div");
  open.className = "open";
  body.append(open);
  growing.set(h, { id: m, body, open, html: "" });
}

function frame([handle, ...changes]) {
  const reply = growing.get(handle);
  if (!reply) return;
  for (let at = 0; at < changes.length; at += 3) {
    const [keep, tail, finished] = changes.slice(at, at + 3);
    reply.html = reply.html.slice(0, keep) + tail;
    if (finished) {
      reply.open.before(parsed(reply.html));
      reply.html = "";
      reply.open.replaceChildren();
    }
  }
  if (reply.html) reply.open.replaceChildren(parsed(reply.html));
  follow();
}

function end(told) {
  const message = article(told.m);
  if (!message) return;
  for (const [handle, reply] of growing) {
    if (reply.id === told.m) {
      reply.open.replaceWith(...reply.open.childNodes);
      growing.delete(handle);
    }
  }
  if (told.body !== null) message.querySelector(".body").replaceChildren(parsed(told.body));
  message.querySelector(".who").textContent = told.who;
  message.querySelector(".tail").replaceWith(parsed(told.tail));
  message.dataset.status = told.status;
  message.removeAttribute("aria-busy");
  state.carry = told.carry; // whoever sends now sees, and means, the pictures of this reply
  state.running.delete(told.m);
  list.closest("#transcript").dataset.state = state.running.size ? "streaming" : "idle";
  emit("settled");
  follow();
  emit("reply-ended", message);
}

export function clear() {
  growing.clear();
  list.replaceChildren();
  settle({ leaf: null, carry: null, older: false, c: null });
  scrolledByReader(false);
}

/** Before a new conversation: what the model of its first message is like. */
function blank({ card }) {
  if (state.conversation === null) {
    settle({ leaf: null, carry: null, older: false, c: null, card, spent: "" });
  }
}

export function start() {
  list = document.querySelector("#messages");
  older = document.querySelector("#older");
  older.addEventListener("click", () => tell({ older: true }));
  on("told:blank", blank);
  on("told:window", drawWindow);
  on("told:patch", patch);
  on("told:older", prepend);
  on("told:live", grow);
  on("told:end", end);
  on("frame", frame);
}
