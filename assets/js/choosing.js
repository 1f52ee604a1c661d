// Choosing messages of the conversation for a file: a box at each, and a bar with what to do.

import { postForFile } from "./api.js";
import { findAll, findHtml } from "./dom.js";
import { closed, opened } from "./layers.js";
import { once } from "./once.js";
import { on, state } from "./state.js";
import { toast } from "./toast.js";
import { plural, t } from "./words.js";

const KEPT_MS = 60_000; // until the browser has surely begun to save it

/** @type {Set<string>} */
const chosen = new Set();
/** @type {HTMLElement | null} */
let bar = null;

/**
 * Save what these fields are answered with: no address is long enough for many ids, and a form
 * that is sent without a referrer names no origin.
 * @param {[string, string][]} fields
 */
export async function submit(fields) {
  toast(t("Making the file…"));
  const { name, blob } = await postForFile("api/export", new URLSearchParams(fields));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** @param {string} kind */
async function save(kind) {
  /** @type {[string, string][]} */
  const fields = [...chosen].map((id) => ["messages", id]);
  await submit([["conversation", state.conversation ?? ""], ["kind", kind], ...fields]);
  end(); // not before: what was chosen is chosen still where it failed
}

function count() {
  if (!bar) return;
  const words = plural(chosen.size, "{n} message", "{n} messages");
  findHtml("span", bar).textContent = chosen.size ? words : t("Choose messages");
  for (const button of findAll("[data-save]", bar)) {
    /** @type {HTMLButtonElement} */ (button).disabled = chosen.size === 0;
  }
}

/** A box at each message that has none: also at those that come later, or are drawn anew. */
function boxes() {
  if (!bar) return;
  for (const message of findAll("#messages .msg")) {
    const { id = "" } = message.dataset;
    if (message.querySelector(":scope > .choose")) continue;
    const label = document.createElement("label");
    const box = document.createElement("input");
    const words = document.createElement("span");
    label.className = "choose";
    box.type = "checkbox";
    box.checked = chosen.has(id);
    words.className = "unseen";
    words.textContent = t("Choose: {value}", { value: message.textContent?.trim().slice(0, 60) ?? "" });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(id);
      else chosen.delete(id);
      count();
    });
    label.append(box, words);
    message.prepend(label);
  }
}

/**
 * @param {string} label
 * @param {() => void} act
 * @param {boolean} saves
 */
function button(label, act, saves) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = label;
  if (saves) made.dataset.save = "";
  made.addEventListener("click", act);
  return made;
}

const LAYER = { name: "choosing", isOpen: () => bar !== null, close: end };

export function choose() {
  if (bar) return;
  bar = document.createElement("div");
  bar.id = "choosing";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", t("Messages to export"));
  const words = document.createElement("span");
  words.setAttribute("role", "status");
  bar.append(
    words,
    button(t("Save as zip"), () => once("chosen zip", () => save("zip")), true),
    button(t("Save as HTML"), () => once("chosen page", () => save("page")), true),
    button(t("Cancel"), end, false),
  );
  findHtml("#transcript").append(bar);
  document.body.classList.add("choosing");
  boxes();
  count();
  findAll("#messages .choose input").at(-1)?.focus();
  opened(LAYER);
}

function end() {
  bar?.remove();
  bar = null;
  chosen.clear();
  document.body.classList.remove("choosing");
  for (const box of findAll("#messages .choose")) box.remove();
  closed();
}

export function start() {
  on("settled", boxes);
  on("told:older", () => queueMicrotask(boxes));
  on("opened", end);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && bar && !document.querySelector("dialog[open], #menu:popover-open")) end();
  });
}
