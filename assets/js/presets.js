// Presets: words to use again, ours and the user's own, with places to be filled in. Nothing is sent
// from here: the words go into the message box, to be read and changed.

import { get, post, remove } from "./api.js";
import { setText } from "./composer.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";
import { plural, t } from "./words.js";

/** @import { PresetShown, PresetsAdded, PresetsShown } from "./protocol.js" */

/** @typedef {{ id: string, title: string, group: string, text: string }} Preset */

const VARIABLE = /\{\{\s*([\p{L}\p{N}_ -]{1,40}?)\s*\}\}/gu;
const SUBJECT = "subject";

/** @type {HTMLDialogElement} */
let dialog;
/** @type {Preset[]} */
let ours = [];
/** @type {PresetShown[]} */
let own = [];
/** @type {Preset | null} */
let chosen = null;

const title = () => find(".title", HTMLInputElement, dialog);
const words = () => find("textarea", HTMLTextAreaElement, dialog);
const box = () => find("#words", HTMLTextAreaElement);

/** @param {string} sentence */
function say(sentence) {
  findHtml(".told", dialog).textContent = sentence;
}

/** @param {unknown} error */
const complain = (error) => say(error instanceof Error ? error.message : String(error));

/** @param {string} text */
const variables = (text) => [...new Set([...text.matchAll(VARIABLE)].map(([, name]) => name ?? ""))];

function drawVariables() {
  const shelf = findHtml(".variables", dialog);
  const held = new Map(
    findAll("input", shelf).map((each) => [each.dataset.name, /** @type {any} */ (each).value]),
  );
  shelf.replaceChildren(
    ...variables(words().value).map((name) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "text";
      input.dir = "auto";
      input.dataset.name = name;
      input.value = held.get(name) ?? (name === SUBJECT ? box().value.trim() : "");
      label.append(`${name} `, input);
      return label;
    }),
  );
}

/** @param {Preset} preset */
function choose(preset) {
  chosen = preset;
  title().value = preset.title;
  words().value = preset.text;
  findHtml(".variables", dialog).replaceChildren();
  findHtml(".chosen", dialog).hidden = false;
  const mine = own.some(({ id }) => id === preset.id);
  findHtml(".forget", dialog).hidden = !mine;
  findHtml(".save", dialog).textContent = mine ? t("Save") : t("Save as mine");
  for (const chip of findAll(".preset", dialog)) {
    chip.setAttribute("aria-pressed", String(chip.dataset.id === preset.id));
  }
  drawVariables();
  say("");
}

/** @param {Preset} preset */
function chip(preset) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "preset";
  button.dataset.id = preset.id;
  button.textContent = preset.title;
  button.title = preset.text;
  button.setAttribute("aria-pressed", String(preset.id === chosen?.id));
  button.addEventListener("click", () => choose(preset));
  return button;
}

function draw() {
  const query = find('input[type="search"]', HTMLInputElement, dialog).value.toLowerCase();
  const all = [...own, ...ours].filter(({ title: name, group, text }) =>
    `${name} ${group} ${text}`.toLowerCase().includes(query),
  );
  /** @type {Map<string, Preset[]>} */
  const groups = new Map();
  for (const preset of all) groups.set(preset.group, [...(groups.get(preset.group) ?? []), preset]);
  findHtml(".groups", dialog).replaceChildren(
    ...[...groups].map(([group, presets]) => {
      const part = document.createElement("section");
      const head = document.createElement("h3");
      head.textContent = group;
      part.append(head, ...presets.map(chip));
      return part;
    }),
  );
  say(all.length ? "" : t("No preset has these words."));
  find(".export", HTMLButtonElement, dialog).disabled = own.length === 0;
}

async function load() {
  const shipped = ours.length ? null : get("easel/presets.json");
  /** @type {PresetsShown} */
  const told = await get("api/presets");
  own = told.presets;
  if (shipped) {
    const { presets } = await shipped;
    ours = presets.map((/** @type {Preset} */ each, /** @type {number} */ at) => ({
      ...each,
      title: t(each.title),
      group: t(each.group),
      id: `ours-${at}`,
    }));
  }
}

/** The words with what was filled in; an empty place goes without its braces. */
function filled() {
  const values = new Map(
    findAll(".variables input", dialog).map((each) => [
      each.dataset.name,
      /** @type {HTMLInputElement} */ (each).value.trim(),
    ]),
  );
  return words().value.replace(VARIABLE, (_, name) => values.get(name) || name);
}

function add() {
  const text = filled().trim();
  const held = box().value.trim();
  // What was written is part of it already, where it was filled in.
  const whole = held && !text.includes(held) ? `${held}\n${text}` : text;
  dialog.close();
  setText(whole);
}

async function save() {
  const mine = own.find(({ id }) => id === chosen?.id);
  const body = { title: title().value, group: mine?.group ?? t("Mine"), text: words().value };
  const kept = await post(mine ? `api/presets/${mine.id}` : "api/presets", body);
  await load();
  draw();
  choose(kept);
  say(t("Saved."));
}

async function forget() {
  await remove(`api/presets/${chosen?.id}`);
  chosen = null;
  findHtml(".chosen", dialog).hidden = true;
  await load();
  draw();
  say(t("Deleted."));
}

function savePack() {
  const presets = own.map(({ title: name, group, text }) => ({ title: name, group, text }));
  const pack = JSON.stringify({ easel_presets: 1, presets }, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([pack], { type: "application/json" }));
  link.download = "easel-presets.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {File | undefined} file */
async function take(file) {
  if (!file) return;
  let pack;
  try {
    pack = JSON.parse(await file.text());
  } catch {
    throw new Error(t("This file is no pack of presets: it holds no JSON."));
  }
  if (pack?.easel_presets !== 1) throw new Error(t("This file is no pack of presets of Easel."));
  /** @type {PresetsAdded} */
  const { added } = await post("api/presets/pack", pack);
  await load();
  draw();
  say(plural(added, "{n} preset was added.", "{n} presets were added."));
}

export async function open() {
  chosen = null;
  findHtml(".chosen", dialog).hidden = true;
  showDialog(dialog);
  try {
    await load();
    draw();
  } catch (error) {
    complain(error);
  }
}

export function start() {
  dialog = find("#presets", HTMLDialogElement);
  const file = find('input[type="file"]', HTMLInputElement, dialog);
  /** @type {[string, () => void][]} */
  const ways = [
    [".add", add],
    [".save", () => once("save preset", save, complain)],
    [".forget", () => once("delete preset", forget, complain)],
    [".export", () => once("save presets", savePack, complain)],
    [".import", () => file.click()],
    [".new", () => choose({ id: "", title: "", group: t("Mine"), text: box().value })],
    [".close", () => dialog.close()],
  ];
  for (const [name, act] of ways) findHtml(name, dialog).addEventListener("click", act);
  words().addEventListener("input", drawVariables);
  find('input[type="search"]', HTMLInputElement, dialog).addEventListener("input", draw);
  file.addEventListener("change", async () => {
    await once("add presets", () => take(file.files?.[0]), complain);
    file.value = "";
  });
}
