// Dictation: the microphone beside the box, what shows that it listens, and the words at the caret.
// The server has a model write down what was said; the browser's own recognition is never used.

import { dictated } from "./api.js";
import { spaced } from "./caret.js";
import { find, findHtml } from "./dom.js";
import { stopReading } from "./reading.js";
import { MOST_S, Recording } from "./recording.js";
import { on, state } from "./state.js";
import { complain, toast } from "./toast.js";
import { t } from "./words.js";

const INSECURE =
  t("Browsers give the microphone to pages with https alone, or of this machine. Ask whoever runs Easel for such an address.");
const REFUSED =
  t("The browser did not allow the microphone. Allow it for this page, beside its address, and try again.");
const NONE = t("No microphone was found. Connect one, or choose one in the settings of the system.");
const IN_USE = t("The microphone cannot be used: another program may hold it. Close that, and try again.");
const LOST = t("The microphone is gone. What was said until then is written down.");
const LONG = t("A recording may last five minutes. What was said until here is written down.");
const LEFT = t("The dictation was dropped: another conversation was opened.");
const OTHER_MODEL = t("The dictation was dropped: another model was chosen.");
const UNREADABLE = t("This browser could not read its own recording. Try again.");

const NOT_HEARD = 415; // silence stays silence, however often it is sent

/** @type {HTMLButtonElement} */
let button;
/** @type {HTMLElement} */
let strip;
/** @type {HTMLTextAreaElement} */
let box;
/** @type {"idle" | "asking" | "recording" | "writing"} */
let doing = "idle";
/** @type {Recording | null} */
let recording = null;
let wanted = 0; // which press of the button holds
/** What is said is meant for this model, in this conversation. @typedef {{ card: string, conversation: string | null }} Meant */
/** @type {Meant} */
let meant = { card: "", conversation: null };
/** @type {AbortController | null} */
let asking = null;

/** Whether something was said that is not in the box yet. */
export const underWay = () => doing !== "idle";

/** @param {number} seconds */
const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {string} words */
const announce = (words) => (findHtml("#announcer").textContent = words);

/** @param {typeof doing} what */
function show(what) {
  doing = what;
  const label = what === "recording" ? t("End the dictation") : t("Dictate");
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-pressed", String(what === "recording"));
  button.title =
    what === "recording"
      ? t("End the dictation (Enter)")
      : t("Dictate: {who} writes it down (Alt T)", { who: state.card?.dictation ?? "" });
  button.disabled = what === "writing";
  strip.hidden = what === "idle";
  strip.dataset.state = what;
  findHtml(".told", strip).textContent =
    what === "asking"
      ? t("Waiting for the microphone…")
      : what === "writing"
        ? t("Writing it down…")
        : t("Listening");
  findHtml(".time", strip).hidden = what !== "recording";
  findHtml(".done", strip).hidden = what !== "recording";
}

function follow() {
  if (doing !== "recording" || !recording) return;
  const seconds = recording.lengthS;
  const time = findHtml(".time", strip);
  const shown = clock(seconds);
  if (time.textContent !== shown) time.textContent = shown;
  findHtml(".level", strip).style.setProperty("--level", recording.level.toFixed(2));
  if (seconds >= MOST_S) {
    toast(LONG);
    end();
    return;
  }
  requestAnimationFrame(follow);
  clearTimeout(late);
  late = setTimeout(follow, 1000); // a hidden tab draws nothing, and the time goes on
}
/** @type {ReturnType<typeof setTimeout> | undefined} */
let late;

/** @param {unknown} error */
function why(error) {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return REFUSED;
  if (name === "NotFoundError" || name === "OverconstrainedError") return NONE;
  return IN_USE;
}

async function begin() {
  if (!isSecureContext || !navigator.mediaDevices || !globalThis.MediaRecorder) {
    toast(INSECURE, { urgent: true });
    return;
  }
  stopReading(); // it would be written down, too
  wanted += 1;
  const mine = wanted;
  meant = { card: state.card?.id ?? "", conversation: state.conversation };
  show("asking");
  try {
    const begun = await Recording.begin();
    if (mine !== wanted) {
      begun.drop();
      return;
    }
    recording = begun;
    begun.whenLost(() => {
      if (recording !== begun) return;
      toast(LOST, { urgent: true });
      end();
    });
    show("recording");
    announce(t("Listening. Enter ends the dictation, Escape drops it."));
    follow();
  } catch (error) {
    if (mine !== wanted) return;
    show("idle");
    toast(why(error), { urgent: true });
  }
}

function forget() {
  wanted += 1;
  asking?.abort();
  recording?.drop();
  recording = null;
  show("idle");
}

/** Nothing of it is kept. */
function drop() {
  forget();
  announce(t("The dictation was dropped."));
  box.focus();
}

async function end() {
  const ended = recording;
  if (!ended || doing !== "recording") return;
  recording = null;
  show("writing");
  const mine = wanted;
  let said;
  try {
    said = await ended.end();
  } catch (error) {
    console.warn("What was recorded cannot be decoded:", error);
    if (mine === wanted) {
      show("idle");
      toast(UNREADABLE, { urgent: true });
    }
    return;
  }
  if (mine === wanted) await write(said, meant);
}

/**
 * Have it written down; what failed can be tried again without saying it once more.
 * @param {Blob} said
 * @param {Meant} to
 */
async function write(said, to) {
  if (to.conversation !== state.conversation) {
    toast(LEFT, { urgent: true });
    return;
  }
  const mine = wanted;
  meant = to;
  show("writing");
  asking = new AbortController();
  try {
    const { text } = await dictated(said, to.card, asking.signal);
    if (mine !== wanted) return;
    show("idle");
    insert(text);
  } catch (error) {
    if (mine !== wanted) return;
    show("idle");
    const sentence = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.cause === NOT_HEARD) {
      toast(sentence, { urgent: true });
      return;
    }
    const action = () => (doing === "idle" ? write(said, to) : undefined);
    toast(sentence, { urgent: true, stays: true, label: t("Try again"), action });
  }
}

/**
 * Put words where the caret is; what is marked stays.
 * @param {string} text
 */
function insert(text) {
  const at = box.selectionEnd;
  box.setRangeText(spaced(box.value, at, text), at, at, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  announce(t("Written down: {text}", { text }));
  box.focus();
}

function press() {
  if (doing === "idle") begin();
  else if (doing === "recording") end();
  else if (doing === "asking") drop();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey && !command && event.code === "KeyT" && !button.hidden) {
    event.preventDefault();
    press();
  } else if (doing !== "idle" && event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    drop();
  } else if (doing === "recording" && event.key === "Enter" && !event.shiftKey) {
    const on = event.target instanceof Element ? event.target.closest("#dictation .drop") : null;
    if (on) return; // it is pressed
    event.preventDefault();
    event.stopPropagation();
    end();
  }
}

/** What was said to one model, or in one conversation, goes to no other. */
function leave() {
  if (doing === "idle") return;
  const elsewhere = meant.conversation !== state.conversation;
  // What is being written down has gone to the model that it was meant for.
  const another = doing !== "writing" && meant.card !== state.card?.id;
  if (!elsewhere && !another) return;
  forget();
  toast(elsewhere ? LEFT : OTHER_MODEL, { urgent: true });
}

/** Whoever chose another model may have chosen one that nobody writes down for. */
function offer() {
  button.hidden = !state.card?.dictation && doing === "idle";
  if (doing === "idle") show("idle");
}

export function start() {
  button = find("#dictate", HTMLButtonElement);
  strip = findHtml("#dictation");
  box = find("#words", HTMLTextAreaElement);
  button.addEventListener("click", press);
  findHtml(".done", strip).addEventListener("click", end);
  findHtml(".drop", strip).addEventListener("click", drop);
  document.addEventListener("keydown", key, { capture: true });
  // A new conversation has its name with its first message, and is the same.
  on("named", (id) => {
    if (meant.conversation === null) meant.conversation = id;
  });
  for (const name of ["opened", "settled"]) {
    on(name, leave);
    on(name, offer);
  }
  addEventListener("pagehide", () => recording?.drop());
  offer();
}
