// What the server tells this page, and what the page says. A line that comes back after a loss
// says what is on the screen, and is told only what is not.

import { buildId, unknown } from "./build.js";
import { home } from "./home.js";
import { Line } from "./line.js";
import { TOLD } from "./protocol.js";
import { emit, state } from "./state.js";

/** @import { Asked, Held, Told } from "./protocol.js" */

/** @type {Line} */
let line;
/** @type {string | null} */
let wanted = null; // the conversation to be shown
/** @type {() => Held | null} */
let onScreen = () => null;
/** @type {Told[] | null} */
let early = []; // what was told before the page stood; null once it stands

/** @param {() => Held | null} held says what of the wanted conversation is on the screen */
export function holds(held) {
  onScreen = held;
}

/**
 * @param {Asked} message
 * @returns {boolean} whether it is on its way
 */
export const tell = (message) => line?.say(message) ?? false;

/** Something was sent by another way: is this line alive, to tell what comes of it? */
export const probe = () => line?.probe();

/** @param {string | null} conversation */
export function show(conversation) {
  const told = early;
  early = null;
  const isKnown = told !== null && conversation === wanted;
  wanted = conversation;
  if (isKnown) queueMicrotask(() => told.forEach(hear));
  else tell(asked(null));
}

/**
 * @param {Held | null} held
 * @returns {Asked}
 */
function asked(held) {
  if (!wanted) return { type: "close" };
  return { type: "open", conversation: wanted, ...(held && { held }) };
}

/** @type {boolean | null} */
let known = null; // before the first word nothing is said of the line

/** @param {boolean} online */
function connected(online) {
  if (known === online) return;
  known = online;
  state.online = online;
  emit("online", online);
}

/** @param {Told} told */
function hear(told) {
  if (early) {
    early.push(told);
    return;
  }
  connected(true);
  if (TOLD.includes(told.type)) emit(`told:${told.type}`, told);
  else unknown("message", told.type);
}

/**
 * Open the line, and ask for a conversation: before there is anything to show it on.
 * @param {string | null} conversation
 */
export function connect(conversation) {
  wanted = conversation;
  line = new Line(home(), {
    opened() {
      early &&= []; // another line tells all of it again
      tell({ type: "hello", build: buildId() });
      tell(asked(onScreen()));
    },
    heard: hear,
    closed(refusal) {
      connected(false);
      if (refusal) emit("refused", refusal);
    },
  });
  line.connect();
}

export function start() {
  if (known !== null) emit("online", known);
  window.addEventListener("online", () => line.renew());
  window.addEventListener("offline", () => line.drop());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    line.connect();
    line.probe(); // while it slept, the line may have died
  });
}
