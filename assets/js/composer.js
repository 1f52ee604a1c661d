// The message box: words, Send that becomes Stop, and a draft that survives a reload.

import { post } from "./api.js";
import { ensure } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import * as drafts from "./drafts.js";
import * as intent from "./intent.js";
import { newName } from "./line.js";
import { probe, tell } from "./live.js";
import { ease } from "./long-lines.js";
import { once } from "./once.js";
import { settled } from "./pending.js";
import * as replies from "./replies.js";
import { emit, on, state } from "./state.js";
import { complain, toast } from "./toast.js";
import { begun } from "./transcript.js";
import * as tray from "./tray.js";
import { t } from "./words.js";

/** @import { Draft, Ticket } from "./drafts.js" */

/**
 * @typedef {object} Editing an earlier question that is being changed
 * @property {string} id
 * @property {string | null} parent
 * @property {Draft} draft what the box held before
 */

const CHANGING = t("Changing an earlier message. The old version stays.");
const GOING_UNDER = t("The next message goes on from an earlier reply. What followed it stays.");
const TOUCH = "(pointer: coarse)";
const NEW = "new"; // stands for the conversation that is not begun
const STOP_RESTS_MS = 700; // for so long a click on what was Send a moment ago stops nothing

/** @type {HTMLTextAreaElement} */
let box;
/** @type {HTMLButtonElement} */
let button;
/** @type {HTMLButtonElement} */
let halt;
/** @type {HTMLElement} */
let hint;
let sending = false;
let hurry = false; // it is sent as soon as all that was added is there
let clicked = false; // what is being sent was sent by the pointer, which is still on the button
let stopsFrom = 0; // the moment from which the pointer may stop, in ms
/** @type {Editing | null} */
let editing = null;
/** @type {string | null} */
let under = null; // an earlier message that the next one goes under, and not under the last
/** @type {string | null} */
let owner = null; // whose draft the box holds: NEW, an id, or nobody's before the first is loaded
/** @type {Ticket | null} */
let ticket = null; // one name for one message, however often it is sent

/** @returns {Draft} */
const written = () => ({
  text: box.value,
  pictures: tray.snapshot(),
  create: intent.wantsNew(),
  fresh: tray.startsFresh(),
  under,
  ticket,
});

/** The message as it would be sent now, for who wants to know its price. */
export const next = () => ({
  text: box.value.toWellFormed(),
  ...intent.sent(),
  tray: tray.every(),
  parent_id: editing ? editing.parent : (under ?? state.leaf),
  ...replies.wanted(),
});

function saveDraft() {
  if (!editing && owner) drafts.keep(owner, written());
}

export function loadDraft() {
  endEdit();
  hurry = false;
  if (owner) tray.setAside(owner);
  owner = state.conversation ?? NEW;
  fill(drafts.read(owner));
  refresh();
}

/**
 * Put a draft into the box; nothing empties it. What is still on its way to this box stays.
 * @param {Draft | undefined} draft
 */
function fill(draft, pictures = draft?.pictures ?? []) {
  if (owner) tray.setAside(owner);
  place(draft?.under ?? null);
  box.value = draft?.text ?? "";
  intent.want(draft?.create ?? false);
  tray.clear();
  tray.restore(pictures, { fresh: draft?.fresh });
  if (owner) tray.bringBack(owner);
  // It may have arrived though its answer never came: sent again, it is the same message.
  ticket = draft?.ticket ?? null;
}

/**
 * The new conversation has its id: the draft goes with it and leaves nothing behind.
 * @param {string} id
 */
function named(id) {
  drafts.forget(NEW);
  owner = id;
  saveDraft();
}

/** Whoever comes to a conversation writes, unless a keyboard would come up over it. */
function goToBox() {
  const at = document.activeElement;
  const elsewhere = at instanceof HTMLInputElement || at?.closest("dialog, #pictures");
  if (!elsewhere && !matchMedia(TOUCH).matches && !document.querySelector("dialog[open]")) {
    box.focus({ preventScroll: true });
  }
}

/** @param {string} text */
export function setText(text) {
  box.value = text;
  refresh();
  box.focus();
}

/** A picture or a file alone is a message; a picture that stays behind is none. */
const nothing = () =>
  !box.value.trim() && !tray.files().length && (intent.resting() || !tray.chosen());

/** As high as its words, up to a limit. */
function fit() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`;
}

function refresh() {
  ease(box);
  fit();
  const stop = state.running.size > 0 && !box.value.trim() && !editing;
  if (stop && button.dataset.mode !== "stop" && clicked) {
    stopsFrom = Date.now() + STOP_RESTS_MS;
    clicked = false;
  }
  button.dataset.mode = stop ? "stop" : "send";
  button.textContent = stop ? t("Stop") : editing ? t("Save and send") : t("Send");
  const empty = nothing() && !tray.busy();
  button.disabled = sending || (!stop && empty);
  // With a next message in the box the button sends it; what runs can still be stopped.
  halt.hidden = stop || state.running.size === 0;
  findHtml("#composer").dataset.state = sending ? "sending" : stop ? "streaming" : "idle";
  emit("draft");
}

/** Whether something is being done that a reload would cost. */
export const underWay = () =>
  sending || editing !== null || tray.busy() || tray.missing() !== "" || tray.awaits();

export const holdsText = () => box.value.trim() !== "";

export async function send() {
  if (sending) return;
  const text = box.value;
  if (tray.busy()) {
    if (!hurry) toast(t("Something is still being added. The message goes when it is there."));
    hurry = true;
    return;
  }
  hurry = false;
  if (nothing()) return;
  if (tray.missing()) {
    toast(t("{value} is not added yet. Try it again, or take it out.", { value: tray.missing() }), { urgent: true });
    return;
  }
  sending = true;
  refresh();
  const along = intent.sent();
  const content = JSON.stringify([
    text,
    tray.chosenShas(),
    along.masks,
    intent.resting(),
    along.fresh,
    editing?.id ?? under,
    replies.wanted(),
  ]);
  if (ticket?.content !== content) ticket = { id: newName(), content };
  saveDraft();
  // All of it now: whoever writes on, or goes elsewhere, changes none of what was sent.
  const [edited, home] = [editing, state.conversation];
  const parent = edited ? null : { parent_id: under ?? state.leaf };
  const question = { text, ...along, client_id: ticket.id, ...parent, ...replies.wanted() };
  try {
    await settled();
    const target = edited
      ? `api/messages/${edited.id}/edit`
      : `api/conversations/${home ?? (await ensure())}/messages`;
    const started = await post(target, question);
    ticket = null;
    replies.reset();
    const kept = edited?.draft;
    editing = under = null;
    mark(null);
    hint.hidden = true;
    // Else the next message is being written already.
    if (box.value === text) {
      fill(kept, kept ? kept.pictures : tray.staying());
    }
    saveDraft();
    begun(started);
    tell({ type: "follow", message: started.reply });
    probe();
  } catch (error) {
    complain(error); // text and pictures stay where they are
  } finally {
    sending = false;
    refresh();
    // Who has gone on to the search meanwhile, or elsewhere, stays there.
    const focused = document.activeElement;
    if (focused === document.body || focused === button) box.focus();
  }
}

/** What was added is there, or is not: then nothing is sent without it. */
function goWithAll() {
  if (!hurry || tray.busy()) return;
  hurry = false;
  if (!tray.missing()) send();
}

/**
 * Send these words and pictures, and leave what is written and chosen here for the message after.
 * @param {string} text
 * @param {string[]} pictures
 */
export async function sendBeside(text, pictures) {
  if (sending) return;
  sending = true;
  refresh();
  try {
    await settled();
    const begin = { text, pictures, client_id: newName(), parent_id: state.leaf };
    const started = await post(`api/conversations/${await ensure()}/messages`, begin);
    begun(started);
    tell({ type: "follow", message: started.reply });
    probe();
  } finally {
    sending = false;
    refresh();
    if (!matchMedia(TOUCH).matches) box.focus();
  }
}

export async function stop() {
  // The newest first: one that waits for another must not be asked because that one was stopped.
  for (const id of [...state.running].reverse()) {
    await once(`stop ${id}`, () => post(`api/messages/${id}/stop`));
  }
}

/**
 * Put an earlier question into the box, in its own words or in those that are proposed.
 * @param {HTMLElement} message
 * @param {{ words?: string | null, remark?: string }} proposed
 */
export function edit(message, { words = null, remark = CHANGING } = {}) {
  mark(null);
  under = null;
  const { id = "", parent } = message.dataset;
  hurry = false;
  editing = { id, parent: parent || null, draft: editing?.draft ?? written() };
  mark(message);
  intent.want(false);
  if (owner) tray.setAside(owner);
  tray.only(
    findAll(".pic", message).map((picture) => ({
      sha: picture.dataset.sha ?? "",
      mask: picture.classList.contains("mask"),
    })),
    findAll(".files .file", message).map(({ dataset: { sha = "", name = "", kind, bytes } }) => ({
      sha,
      name,
      file: kind || t("File"),
      bytes: Number(bytes),
    })),
  );
  find("span", HTMLElement, hint).textContent = remark;
  hint.hidden = false;
  setText(words ?? message.querySelector(".said")?.textContent ?? "");
}

/**
 * The next message goes under this one, whatever followed it.
 * @param {string} message its id
 */
export function goUnder(message) {
  endEdit();
  place(message);
  setText(box.value);
  saveDraft();
}

/** @param {string | null} message under which the next one goes; null: under the last */
function place(message) {
  under = message;
  find("span", HTMLElement, hint).textContent = GOING_UNDER;
  hint.hidden = !message;
}

/**
 * The message that is being changed is marked in the transcript.
 * @param {HTMLElement | null} message
 */
function mark(message) {
  document.querySelector(".msg.edited")?.classList.remove("edited");
  message?.classList.add("edited");
}

export function endEdit() {
  if (under) {
    place(null);
    refresh();
  }
  if (!editing) return;
  const { draft } = editing;
  editing = null;
  mark(null);
  fill(draft);
  setText(box.value);
}

/** The user wants it no more. */
function giveUp() {
  endEdit();
  saveDraft();
}

/**
 * The key belongs to an input method. Safari says so only by an old number.
 * @param {KeyboardEvent} event
 */
const composing = (event) => event.isComposing || event.keyCode === 229;

export function start() {
  box = find("#words", HTMLTextAreaElement);
  button = find("#send", HTMLButtonElement);
  halt = find("#halt", HTMLButtonElement);
  hint = findHtml("#editing");
  let width = 0;
  // What stands beside the words comes and goes, and the lines break elsewhere.
  new ResizeObserver(() => {
    if (width !== box.clientWidth) fit();
    width = box.clientWidth;
  }).observe(box);
  box.addEventListener("input", () => {
    hurry = false; // whoever writes on is not done
    saveDraft();
    refresh();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !composing(event)) {
      event.preventDefault();
      clicked = false;
      send();
    } else if (event.key === "Escape" && (editing || under) && !composing(event)) {
      event.preventDefault();
      giveUp();
    }
  });
  button.addEventListener("click", ({ detail }) => {
    if (button.dataset.mode === "stop") {
      if (detail === 0 || Date.now() >= stopsFrom) stop();
      return;
    }
    clicked = detail > 0;
    send();
  });
  halt.addEventListener("click", stop);
  findHtml("#cancel-edit").addEventListener("click", giveUp);
  on("tray", () => {
    saveDraft();
    refresh();
    goWithAll();
  });
  on("unwanted", () => {
    hurry = false;
  });
  on("landed", ({ owner: whose, item }) => drafts.add(whose, item));
  on("opened", goToBox);
  on("settled", refresh);
  on("named", named);
}
