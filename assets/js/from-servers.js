// What servers of tools have ready for a message: prompts, texts, pictures. Nothing is sent from
// here: it goes into the message box, to be read and changed.

import { get, post } from "./api.js";
import { setText } from "./composer.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import * as tray from "./tray.js";
import { t } from "./words.js";

/** @import { BlankOffered, Completions, Insertion, Offered } from "./protocol.js" */
/** @import { ToolServer, ToolServers } from "./protocol.js" */

/** @typedef {{ server: ToolServer, offered: Offered }} Entry */

const WAIT_MS = 200;

/** @type {HTMLDialogElement} */
let dialog;
/** @type {Entry[]} */
let entries = [];
/** @type {Entry | null} */
let chosen = null;

const box = () => find("#words", HTMLTextAreaElement);
const form = () => find("form", HTMLFormElement, dialog);
const button = () => find('button[type="submit"]', HTMLButtonElement, dialog);

/** @param {string} sentence */
function say(sentence) {
  findHtml(":scope > .told", dialog).textContent = sentence;
}

async function load() {
  /** @type {ToolServers} */
  const { servers } = await get("api/tool-servers");
  entries = servers.flatMap((server) => server.offered.map((offered) => ({ server, offered })));
}

/** Whether a server has something for a message; what cannot be asked has not. */
export async function insertable() {
  try {
    await load();
  } catch {
    entries = [];
  }
  return entries.length > 0;
}

/** What stands in the blanks. @returns {Record<string, string>} */
function filled() {
  /** @type {Record<string, string>} */
  const blanks = {};
  for (const input of findAll(".variables input", dialog)) {
    if (input instanceof HTMLInputElement) blanks[input.dataset.name ?? ""] = input.value;
  }
  return blanks;
}

/** @param {string} what @param {object} body */
const ask = (what, body) => post(`api/tool-servers/${chosen?.server.id}/${what}`, body);

/**
 * Has the server say what a blank may hold, while somebody writes into it.
 * @param {HTMLInputElement} input @param {HTMLDataListElement} list @param {Offered} offered
 */
function complete(input, list, { kind, name }) {
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    if (!chosen || !input.isConnected) return; // left while the pause after a letter went on
    const mine = ++asked;
    try {
      const wanted = { kind, name, blank: input.dataset.name, blanks: filled() };
      /** @type {Completions} */
      const { values } = await ask("completions", wanted);
      if (mine !== asked || !input.isConnected) return;
      list.replaceChildren(...values.map((value) => new Option(value, value)));
    } catch {
      list.replaceChildren(); // it is a help: who knows what to write goes on without it
    }
  };
  input.addEventListener("focus", look);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
}

/** @param {Entry} entry @param {BlankOffered} blank @param {number} at */
function drawBlank({ server, offered }, { name, about, required }, at) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "text";
  input.dir = "auto";
  input.required = required;
  input.dataset.name = name;
  input.autocomplete = "off";
  label.append(`${name}${about ? `: ${about}` : ""}${required ? "" : " (may stay empty)"} `, input);
  if (!server.completes) return [label];
  const list = document.createElement("datalist");
  list.id = `from-servers-${at}`;
  input.setAttribute("list", list.id);
  complete(input, list, offered);
  return [label, list];
}

/** @param {Entry} entry */
function choose(entry) {
  const { offered } = entry;
  chosen = entry;
  form().hidden = false;
  findHtml(".about", form()).textContent = offered.about || offered.mime;
  const address = findHtml(".address", form());
  address.textContent = offered.kind === "template" ? offered.name : "";
  findHtml(".variables", form()).replaceChildren(
    ...offered.blanks.flatMap((blank, at) => drawBlank(entry, blank, at)),
  );
  for (const each of findAll(".preset", dialog)) {
    each.setAttribute("aria-pressed", String(entries[Number(each.dataset.at)] === entry));
  }
  say("");
  (findAll(".variables input", dialog)[0] ?? button()).focus();
}

function draw() {
  const query = find('input[type="search"]', HTMLInputElement, dialog).value.toLowerCase();
  /** @type {Map<string, HTMLElement>} */
  const parts = new Map();
  entries.forEach((entry, at) => {
    const { server } = entry;
    const { title, about } = entry.offered;
    if (!`${server.title} ${title} ${about}`.toLowerCase().includes(query)) return;
    let part = parts.get(server.id);
    if (!part) {
      part = document.createElement("section");
      const head = document.createElement("h3");
      head.textContent = server.title;
      part.append(head);
      parts.set(server.id, part);
    }
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "preset";
    chip.dataset.at = String(at);
    chip.dir = "auto";
    chip.textContent = title;
    chip.title = about;
    chip.setAttribute("aria-pressed", String(entry === chosen));
    chip.addEventListener("click", () => choose(entry));
    part.append(chip);
  });
  findHtml(".groups", dialog).replaceChildren(...parts.values());
  say(parts.size ? "" : t("Nothing has these words."));
}

/** @param {SubmitEvent} event */
async function add(event) {
  event.preventDefault();
  if (!chosen || button().disabled) return;
  const { kind, name, title } = chosen.offered;
  button().disabled = true;
  say(t("One moment…"));
  try {
    /** @type {Insertion} */
    const found = await ask("insertion", { kind, name, blanks: filled() });
    if (!dialog.open) return;
    dialog.close();
    const held = box().value.trim();
    if (found.text) setText(held ? `${held}\n${found.text}` : found.text);
    for (const sha of found.pictures) tray.put(sha, title);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  } finally {
    button().disabled = false;
  }
}

export function open() {
  chosen = null;
  form().hidden = true;
  find('input[type="search"]', HTMLInputElement, dialog).value = "";
  draw();
  showDialog(dialog);
}

export function start() {
  dialog = find("#from-servers", HTMLDialogElement);
  form().addEventListener("submit", add);
  find('input[type="search"]', HTMLInputElement, dialog).addEventListener("input", draw);
  findHtml(".close", dialog).addEventListener("click", () => dialog.close());
}
