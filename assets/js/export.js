// Conversations as files: out as a zip, as one HTML file or on paper, and in from a file.

import { get, mayBeTriedAgain, sendFile } from "./api.js";
import { choose, submit } from "./choosing.js";
import { open } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import { tell } from "./live.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import { demandAdding } from "./rights.js";
import { on, state } from "./state.js";
import { toast } from "./toast.js";
import { addBarAction } from "./topbar.js";
import { t } from "./words.js";

/** @import { ConversationPage, Imported } from "./protocol.js" */

const ZIP = /\.zip$/i;
const FILE = /\.(zip|json|html?)$/i;
const PATIENCE_MS = 20_000; // for one more window of older messages, or one picture

/** @type {AbortController | null} */
let importing = null;

/**
 * @param {string} conversation
 * @param {"export" | "page"} kind a zip, or one HTML file
 */
async function save(conversation, kind) {
  const path = `api/conversations/${conversation}/${kind}`;
  await get(`${path}?check=true`); // a browser says nothing useful of a download that is refused
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | void>} what comes of it, or nothing in time
 */
const inTime = (promise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/** @type {(() => void)[]} */
const waiting = []; // for older messages

/** The whole conversation on the page, with every picture there: paper cannot be scrolled. */
async function whole() {
  const older = find("#older", HTMLElement);
  while (!older.hidden) {
    const came = new Promise((resolve) => waiting.push(() => resolve(true)));
    if (!tell({ type: "older" }) || !(await inTime(came))) {
      throw new Error(t("Not connected: the older messages could not be loaded. Try again."));
    }
  }
  const images = /** @type {HTMLImageElement[]} */ (findAll("#messages img"));
  for (const image of images) image.loading = "eager";
  await inTime(Promise.all(images.map((image) => image.decode().catch(() => {}))));
}

async function print() {
  if (state.running.size) {
    toast(t("A reply is being written. Print when it has ended."));
    return;
  }
  await whole();
  window.print();
}

/**
 * Printing by the keyboard prints the whole conversation, too, and not what of it is on the screen.
 * @param {KeyboardEvent} event
 */
function printed(event) {
  if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey)) return;
  if (event.shiftKey || event.altKey || !state.conversation) return;
  event.preventDefault();
  once("print", print);
}

/** Every conversation of the list, its later pages included. */
async function everything() {
  /** @type {[string, string][]} */
  const fields = [];
  let before = "";
  for (let more = true; more; ) {
    /** @type {ConversationPage} */
    const page = await get(`api/conversations?${new URLSearchParams(before ? { before } : {})}`);
    for (const { id } of page.conversations) fields.push(["conversation", id]);
    before = page.conversations.at(-1)?.at ?? "";
    more = page.more && before !== "";
  }
  if (fields.length) await submit(fields);
  else toast(t("There is nothing to export yet."));
}

/**
 * The commands that make a file of a conversation.
 * @param {string | null} conversation
 * @param {boolean} disabled
 */
export function exportItems(conversation, disabled = false) {
  const saved = (/** @type {"export" | "page"} */ kind) => () =>
    once(`${kind} ${conversation}`, () => save(String(conversation), kind));
  return { zip: { act: saved("export"), disabled }, page: { act: saved("page"), disabled } };
}

function exportMenu() {
  const narrow = findHtml("#topbar").classList.contains("narrow");
  const anchor = findHtml(narrow ? "#topbar-more" : '[data-bar="export"]');
  const disabled = !state.conversation || state.leaf === null;
  const { zip, page } = exportItems(state.conversation, disabled);
  openMenu(anchor, [
    { label: t("This conversation as a zip"), ...zip },
    { label: t("One HTML file to send"), ...page },
    { label: t("Some of its messages…"), act: choose, disabled },
    { label: t("Print or save as PDF"), act: () => once("print", print), disabled },
    { label: t("All conversations as a zip"), act: () => once("everything", everything) },
  ]);
}

/**
 * @param {string} words
 * @param {number | null} share null: it is not known how much is done
 */
function shown(words, share) {
  const status = findHtml("#importing");
  if (status.hidden) {
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "quiet";
    stop.textContent = t("Stop");
    stop.addEventListener("click", () => importing?.abort());
    status.replaceChildren(label, bar, stop);
    status.hidden = false;
  }
  findHtml("span", status).textContent = words;
  const bar = find("progress", HTMLProgressElement, status);
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  bar.setAttribute("aria-label", words);
  findHtml("button", status).hidden = share === null; // what has arrived whole is being kept
}

/** @param {File} file */
async function take(file) {
  if (!demandAdding()) return;
  if (importing) {
    toast(t("A file is being imported. Wait until it is done."));
    return;
  }
  importing = new AbortController();
  shown(t("Importing…"), 0);
  try {
    /** @type {Imported} */
    const done = await sendFile(
      "api/import",
      file,
      (share) => (share < 1 ? shown(t("Importing…"), share) : shown(t("Looking it through…"), null)),
      importing.signal,
    );
    if (done.conversations.length === 1) open(done.conversations[0].id);
    toast(done.sentence, { stays: true });
  } catch (error) {
    const said = `${file.name}: ${/** @type {Error} */ (error).message}`;
    // The browser would have to be asked for the file once more.
    if (mayBeTriedAgain(error)) {
      toast(said, { action: () => take(file), label: t("Try again"), urgent: true, stays: true });
    } else toast(said, { urgent: true });
  } finally {
    importing = null;
    findHtml("#importing").hidden = true;
  }
}

/**
 * Whether a file that is dropped somewhere holds conversations: a zip does, and what is dropped among
 * the conversations; another goes along with the message.
 * @param {File} file
 * @param {EventTarget | null} target
 */
const isExport = ({ name }, target) =>
  ZIP.test(name) || (FILE.test(name) && target instanceof Element && target.closest("#sidebar"));

/**
 * The file of conversations in a drop; another goes its usual way.
 * @param {DragEvent} event
 */
function dropped(event) {
  const dropped = [...(event.dataTransfer?.files ?? [])];
  const files = dropped.filter((file) => isExport(file, event.target));
  if (!files.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.body.classList.remove("dropping");
  if (files.length > 1) toast(t("One file at a time: the first is imported."));
  take(files[0]);
}

export function start() {
  addBarAction({ id: "export", icon: "export", label: t("Export"), order: 90, act: exportMenu });
  on("told:older", () => waiting.splice(0).forEach((came) => came()));
  const picker = find("#import-file", HTMLInputElement);
  find("#import", HTMLButtonElement).addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    const file = picker.files?.[0];
    picker.value = "";
    if (file) take(file);
  });
  document.addEventListener("keydown", printed);
  document.addEventListener("drop", dropped, { capture: true });
}
