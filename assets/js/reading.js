// Reading aloud, by voices that are on this machine: words go to nobody.

import { findAll, findHtml } from "./dom.js";
import { languageOf } from "./language-of.js";
import { blocksOf, pieces } from "./spoken.js";
import { on } from "./state.js";
import { toast } from "./toast.js";
import { language, locale, t } from "./words.js";

const speech = globalThis.speechSynthesis;

let read = 0; // which reading holds
/** @type {HTMLElement | null} the message that is read */
let message = null;

/** Those of the browser and the system; others are spoken by a server elsewhere. */
const voices = () => speech?.getVoices().filter((voice) => voice.localService) ?? [];

/** @param {string} tag */
const base = (tag) => (tag.replace("_", "-").split("-")[0] ?? "").toLowerCase();

/**
 * The voice for a language: that of the user's own region, else the browser's favourite.
 * @param {string} wanted
 */
function voiceFor(wanted) {
  const fitting = voices().filter((voice) => base(voice.lang) === base(wanted));
  const regions = [language, ...navigator.languages].map((tag) => tag.toLowerCase());
  const own = fitting.find((voice) => regions.includes(voice.lang.replace("_", "-").toLowerCase()));
  return own ?? fitting.find((voice) => voice.default) ?? fitting[0];
}

/** @param {HTMLElement} of */
const buttonOf = (of) => of.querySelector('[data-act="read"]');

/** @param {HTMLElement} of @param {boolean} is */
function mark(of, is) {
  of.toggleAttribute("data-read", is);
  const button = buttonOf(of);
  if (!button) return;
  button.setAttribute("aria-pressed", String(is));
  button.textContent = is ? t("Stop reading") : t("Read aloud");
}

export function stopReading() {
  read += 1;
  speech?.cancel();
  if (message) mark(message, false);
  message = null;
}

/**
 * @param {{ text: string, voice: SpeechSynthesisVoice }} what
 * @returns {Promise<boolean>} whether it was said to its end
 */
const said = ({ text, voice }) =>
  new Promise((done) => {
    const saying = new SpeechSynthesisUtterance(text);
    saying.voice = voice;
    saying.lang = voice.lang;
    saying.addEventListener("end", () => done(true));
    saying.addEventListener("error", () => done(false));
    speech.speak(saying);
  });

/** @param {HTMLElement} of */
function toSay(of) {
  const blocks = blocksOf(findHtml(".body", of));
  const whole = blocks.filter(({ ours }) => !ours).map(({ text }) => text).join("\n");
  const usual = languageOf(whole, locale);
  /** @type {{ text: string, voice: SpeechSynthesisVoice }[]} */
  const found = [];
  const missed = new Set();
  /** @type {Map<string, SpeechSynthesisVoice | undefined>} some systems have thousands */
  const chosen = new Map();
  /** @type {(tongue: string) => SpeechSynthesisVoice | undefined} */
  const voiceOf = (tongue) => {
    if (!chosen.has(tongue)) chosen.set(tongue, voiceFor(tongue));
    return chosen.get(tongue);
  };
  for (const { text, ours } of blocks) {
    const tongue = ours ? locale : languageOf(text, usual);
    const voice = voiceOf(tongue) ?? (ours ? voiceOf(usual) : undefined);
    if (!voice) missed.add(base(tongue));
    else found.push(...pieces(text, tongue).map((piece) => ({ text: piece, voice })));
  }
  return { found, missed };
}

/**
 * Read a reply aloud; the one that is being read ends.
 * @param {HTMLElement} of the message
 */
export async function readAloud(of) {
  const again = message === of;
  stopReading();
  if (again) return;
  const mine = read;
  const { found, missed } = toSay(of);
  if (missed.size) {
    const names = new Intl.DisplayNames(locale, { type: "language" });
    const named = [...missed].map((tag) => names.of(tag) ?? tag);
    const languages = new Intl.ListFormat(locale).format(named);
    toast(t("This device has no voice for {languages}: what is written so is not read.", { languages }));
  }
  if (!found.length) {
    if (!missed.size) toast(t("There are no words in this reply."));
    return;
  }
  message = of;
  mark(of, true);
  for (const each of found) {
    if (!(await said(each)) && mine === read) break;
    if (mine !== read) return;
  }
  stopReading();
}

/** The reply that is in focus, or the last; what is read ends. */
function latest() {
  if (message) {
    stopReading();
    return;
  }
  const focused = document.activeElement?.closest(".msg.assistant");
  const of = focused instanceof HTMLElement ? focused : findAll("#messages .msg.assistant").at(-1);
  if (of && buttonOf(of)) readAloud(of);
}

/** Buttons are there where somebody could read. */
const offer = () => document.body.toggleAttribute("data-voices", voices().length > 0);

export function start() {
  if (!speech) return;
  offer();
  speech.addEventListener("voiceschanged", offer);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey && !command && event.code === "KeyR" && voices().length) {
      event.preventDefault();
      latest();
    } else if (event.key === "Escape" && message) {
      event.preventDefault();
      stopReading();
    }
  });
  on("opened", stopReading);
  on("redrawing", ({ old, fresh }) => {
    if (old && old === message && fresh instanceof HTMLElement) {
      message = fresh;
      mark(fresh, true);
    }
  });
  addEventListener("pagehide", stopReading);
}
