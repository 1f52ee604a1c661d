// Re-anchoring: each edit of an edit drifts a little, so what was asked for is asked again of the
// clean original, all in one message. The list is shown first, with what it may cost.

import { get, post } from "./api.js";
import { find, findHtml } from "./dom.js";
import { asOne } from "./instructions.js";
import { showDialog } from "./layers.js";
import { newName } from "./line.js";
import { once } from "./once.js";
import { probe, tell } from "./live.js";
import { ease } from "./long-lines.js";
import { on, state } from "./state.js";
import { begun } from "./transcript.js";
import { plural, t } from "./words.js";

/** @import { ChainOfVersion, EditOfChain, Estimated } from "./protocol.js" */

const WAIT_MS = 300;
const NOTHING = t("Keep at least one instruction.");

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLButtonElement} */
let done;
/** @type {ChainOfVersion} */
let way;
/** @type {string} */
let conversation;
/** @type {{ content: string, id: string } | null} */
let ticket = null; // one name for one message, however often it is sent
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asked = 0;

/** @returns {HTMLLIElement[]} */
const rows = () => [...dialog.querySelectorAll("li")];

/** The message as it would be sent now. */
const message = () =>
  asOne(
    rows()
      .filter((row) => find("input", HTMLInputElement, row).checked)
      .map((row) => find("textarea", HTMLTextAreaElement, row).value),
  );

/** @param {string} sentence */
function complain(sentence) {
  findHtml(".told", dialog).textContent = sentence;
}

/** @param {HTMLTextAreaElement} box as high as its words */
function fit(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

function changed() {
  const text = message();
  findHtml(".message", dialog).textContent = text;
  done.disabled = !text;
  complain(text ? "" : NOTHING);
  clearTimeout(timer);
  timer = setTimeout(price, WAIT_MS);
}

async function price() {
  asked += 1;
  const mine = asked;
  const text = message();
  const words = findHtml(".price", dialog);
  if (!text) {
    words.textContent = "";
    return;
  }
  /** @type {Pick<Estimated, "words" | "why">} */
  let told = { words: "", why: "" };
  try {
    const draft = { text, pictures: [way.original], parent_id: way.above };
    told = await post(`api/conversations/${conversation}/estimate`, draft);
  } catch {
    // No estimate is no fault of the message; whatever is wrong shows when it is sent.
  }
  if (mine !== asked) return;
  words.textContent = told.words;
  words.title = told.why;
}

/** @param {EditOfChain} edit @param {number} at */
function row({ words, by_model }, at) {
  const item = document.createElement("li");
  const kept = document.createElement("input");
  kept.type = "checkbox";
  kept.checked = by_model && words !== "";
  kept.setAttribute("aria-label", t("Keep instruction {number}", { number: at + 1 }));
  const box = document.createElement("textarea");
  box.value = words;
  box.rows = 1;
  box.dir = "auto";
  ease(box);
  box.setAttribute("aria-label", t("Instruction {number}", { number: at + 1 }));
  item.append(kept, box);
  if (!by_model) {
    const note = document.createElement("span");
    note.textContent = t("Done without a model; tick it to ask the model for it.");
    item.append(note);
  }
  const mark = () => {
    item.classList.toggle("left-out", !kept.checked);
    changed();
  };
  kept.addEventListener("change", mark);
  box.addEventListener("input", () => {
    fit(box);
    if (!kept.checked) kept.checked = true; // who rewords it wants it
    mark();
  });
  item.classList.toggle("left-out", !kept.checked);
  return item;
}

async function send() {
  const text = message();
  if (!text || done.disabled) return;
  const content = JSON.stringify([way.question, way.original, text]);
  if (ticket?.content !== content) ticket = { content, id: newName() };
  done.disabled = true;
  complain("");
  const question = { text, pictures: [way.original], client_id: ticket.id };
  try {
    // Beside the question of the first edit, so that nothing of the old way goes along.
    const started = way.question
      ? await post(`api/messages/${way.question}/edit`, question)
      : await post(`api/conversations/${conversation}/messages`, question);
    ticket = null;
    dialog.close();
    begun(started);
    tell({ type: "follow", message: started.reply });
    probe();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  } finally {
    done.disabled = false;
  }
}

/**
 * Show what would be asked again for a version of the open conversation.
 * @param {string} sha
 */
export async function reanchor(sha) {
  if (!state.conversation) return;
  conversation = state.conversation;
  way = await get(`api/conversations/${conversation}/versions/${sha}/chain`);
  if (conversation !== state.conversation) return;
  find("img.original", HTMLImageElement, dialog).src = `media/${way.original}/thumb`;
  find("img.last", HTMLImageElement, dialog).src = `media/${sha}/thumb`;
  const count = way.edits.length;
  findHtml("figure:last-child figcaption", dialog).textContent = plural(count, "After {n} edit", "After {n} edits");
  findHtml(".steps", dialog).replaceChildren(...way.edits.map(row));
  findHtml(".price", dialog).textContent = "";
  showDialog(dialog);
  for (const each of rows()) fit(find("textarea", HTMLTextAreaElement, each));
  changed();
  find("input", HTMLInputElement, dialog).focus();
}

export function start() {
  dialog = find("#reanchor", HTMLDialogElement);
  done = find(".done", HTMLButtonElement, dialog);
  done.addEventListener("click", () => once("redo", send));
  find(".cancel", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => clearTimeout(timer));
  on("opened", () => dialog.open && dialog.close());
}
