// The message box: words, Send that becomes Stop, and a draft that survives a reload.

import { post } from "./api.js";
import { ensure } from "./conversation.js";
import * as drafts from "./drafts.js";
import * as intent from "./intent.js";
import { newName } from "./line.js";
import { probe, tell } from "./live.js";
import { settled } from "./pending.js";
import { emit, on, state } from "./state.js";
import { complain, toast } from "./toast.js";
import { begun } from "./transcript.js";
import * as tray from "./tray.js";

const CHANGING = "Changing an earlier message. The old version stays.";
const NEW = "new"; // stands for the conversation that is not begun

let box = null;
let button = null;
let halt = null;
let hint = null;
let sending = false;
let editing = null; // { id, parent, draft } while an earlier question is being changed
let owner = null; // whose draft the box holds: NEW, an id, or nobody's before the first is loaded
let ticket = null; // { id, content }: one name for one message, however often it is sent

const written = () => ({
  text: box.value,
  pictures: tray.snapshot(),
  create: intent.wantsNew(),
  ticket,
});

/** The message as it would be sent now, for who wants to know its price. */
export const next = () => ({
  text: box.value.toWellFormed(),
  ...intent.sent(),
  parent_id: editing ? editing.parent : state.leaf,
});

function saveDraft() {
  if (!editing && owner) drafts.keep(owner, written());
}

export function loadDraft() {
  endEdit();
  owner = state.conversation ?? NEW;
  fill(drafts.read(owner));
  refresh();
}

/** Put a draft into the box; nothing empties it. */
function fill(draft) {
  box.value = draft?.text ?? "";
  intent.want(draft?.create ?? false);
  tray.clear();
  tray.restore(draft?.pictures ?? []);
  // It may have arrived though its answer never came: sent again, it is the same message.
  ticket = draft?.ticket ?? null;
}

/** The new conversation has its id: the draft goes with it and leaves nothing behind. */
function named(id) {
  drafts.forget(NEW);
  owner = id;
  saveDraft();
}

export function setText(text) {
  box.value = text;
  refresh();
  box.focus();
}

/** A picture alone is a message; one that stays behind is none. */
const nothing = () => !box.value.trim() && (intent.resting() || !tray.chosen());

/** As high as its words, up to a limit. */
function fit() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`;
}

function refresh() {
  fit();
  const stop = state.running.size > 0 && !box.value.trim() && !editing;
  button.dataset.mode = stop ? "stop" : "send";
  button.textContent = stop ? "Stop" : editing ? "Save and send" : "Send";
  const empty = nothing();
  button.disabled = sending || (!stop && empty);
  // With a next message in the box the button sends it; what runs can still be stopped.
  halt.hidden = stop || state.running.size === 0;
  box.closest("#composer").dataset.state = sending ? "sending" : stop ? "streaming" : "idle";
  emit("draft");
}

/** Whether something is being done that a reload would cost. */
export const underWay = () => sending || editing !== null || tray.busy();

export const holdsText = () => box.value.trim() !== "";

export async function send() {
  if (sending) return;
  const text = box.value;
  if (nothing()) return;
  if (tray.busy()) {
    toast("A picture is still being added. Send again in a moment.");
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
    editing?.id,
  ]);
  if (ticket?.content !== content) ticket = { id: newName(), content };
  saveDraft();
  // All of it now: whoever writes on, or goes elsewhere, changes none of what was sent.
  const [edited, home] = [editing, state.conversation];
  const parent = edited ? null : { parent_id: state.leaf };
  const question = { text, ...along, client_id: ticket.id, ...parent };
  try {
    await settled();
    const target = edited
      ? `/api/messages/${edited.id}/edit`
      : `/api/conversations/${home ?? (await ensure())}/messages`;
    const started = await post(target, question);
    ticket = null;
    const kept = edited?.draft;
    editing = null;
    mark(null);
    hint.hidden = true;
    if (box.value === text) fill(kept); // else the next message is being written already
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
    if ([document.body, button].includes(document.activeElement)) box.focus();
  }
}

export async function stop() {
  // The newest first: one that waits for another must not be asked because that one was stopped.
  for (const id of [...state.running].reverse()) {
    try {
      await post(`/api/messages/${id}/stop`);
    } catch (error) {
      complain(error);
    }
  }
}

/** Put an earlier question into the box, in its own words or in those that are proposed. */
export function edit(message, { words = null, remark = CHANGING } = {}) {
  mark(null);
  const { id, parent } = message.dataset;
  editing = { id, parent: parent || null, draft: editing?.draft ?? written() };
  mark(message);
  intent.want(false);
  tray.only(
    [...message.querySelectorAll(".pic")].map((picture) => ({
      sha: picture.dataset.sha,
      mask: picture.classList.contains("mask"),
    })),
  );
  hint.querySelector("span").textContent = remark;
  hint.hidden = false;
  setText(words ?? message.querySelector(".said")?.textContent ?? "");
}

/** The message that is being changed is marked in the transcript. */
function mark(message) {
  document.querySelector(".msg.edited")?.classList.remove("edited");
  message?.classList.add("edited");
}

export function endEdit() {
  if (!editing) return;
  const { draft } = editing;
  editing = null;
  mark(null);
  hint.hidden = true;
  fill(draft);
  setText(box.value);
}

/** The key belongs to an input method. Safari says so only by an old number. */
const composing = (event) => event.isComposing || event.keyCode === 229;

export function start() {
  box = document.querySelector("#words");
  button = document.querySelector("#send");
  halt = document.querySelector("#halt");
  hint = document.querySelector("#editing");
  let width = 0;
  // What stands beside the words comes and goes, and the lines break elsewhere.
  new ResizeObserver(() => {
    if (width !== box.clientWidth) fit();
    width = box.clientWidth;
  }).observe(box);
  box.addEventListener("input", () => {
    saveDraft();
    refresh();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !composing(event)) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && editing && !composing(event)) {
      event.preventDefault();
      endEdit();
    }
  });
  button.addEventListener("click", () => (button.dataset.mode === "stop" ? stop() : send()));
  halt.addEventListener("click", stop);
  document.querySelector("#cancel-edit").addEventListener("click", endEdit);
  on("tray", () => {
    saveDraft();
    refresh();
  });
  on("settled", refresh);
  on("named", named);
}
