// The steps that led to a picture, done again: on other pictures, or by another model. The dialog
// chooses; the job is the server's, and a card under the transcript says how far it is.

import { get, post, remove, upload } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { probe, tell } from "./live.js";
import { ease } from "./long-lines.js";
import { once } from "./once.js";
import { addPictureAction } from "./picture-actions.js";
import { on, state } from "./state.js";
import { complain } from "./toast.js";
import * as tray from "./tray.js";
import { plural, t } from "./words.js";

/**
 * @import { Estimated, ModelMenu, ReplayShown, ReplaysShown, ReplayTarget, StepsTaken, StepTaken }
 *   from "./protocol.js"
 */

const MOST = 10;
const WAIT_MS = 300;
const STATES = {
  waiting: t("Waits"),
  running: t("Under way"),
  done: t("Done"),
  failed: t("Failed"),
  stopped: t("Stopped"),
  interrupted: t("Interrupted by a restart"),
};

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLElement} */
let shelf;
let picture = ""; // whose steps the dialog shows
let conversation = "";
let asked = 0;
let listed = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pricing;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 */
function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {StepTaken} step */
function row({ number, words, asks_model: asksModel, marked }) {
  const item = made("li", "step");
  item.dataset.number = String(number);
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.checked = true;
  tick.setAttribute("aria-label", t("Step {number}: {words}", { number, words }));
  item.append(tick);
  if (asksModel) {
    const box = document.createElement("textarea");
    box.value = words;
    box.rows = Math.min(4, 1 + Math.floor(words.length / 60));
    box.dir = "auto";
    ease(box);
    box.setAttribute("aria-label", t("Words of step {number}", { number }));
    item.append(box);
  } else {
    item.append(made("span", "words", words));
  }
  if (marked) {
    item.append(made("small", "note", t("Its marked region goes along where the size is the same.")));
  }
  return item;
}

/**
 * @param {string} sha
 * @param {string} name
 * @param {boolean} chosen
 */
function choice(sha, name, chosen) {
  const label = made("label", "choice");
  label.dataset.sha = sha;
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.checked = chosen;
  tick.value = sha;
  const image = document.createElement("img");
  image.src = `media/${sha}/thumb`;
  image.alt = name;
  image.loading = "lazy";
  label.append(tick, image);
  return label;
}

/** What may be repeated on: what lies in the tray, then what the conversation shows. */
function offered() {
  /** @type {Map<string, string>} */
  const found = new Map(tray.shas().map((/** @type {string} */ sha) => [sha, t("In the tray")]));
  for (const frame of findAll("#messages .pic:not(.mask)")) {
    const { sha = "" } = frame.dataset;
    if (!found.has(sha)) found.set(sha, frame.querySelector("img")?.alt || t("A picture"));
  }
  return found;
}

/** @param {string} selector */
const ticked = (selector) =>
  findAll(`${selector} input:checked`, dialog).map((each) => each.parentElement ?? each);

function wanted() {
  return {
    picture,
    steps: ticked(".step").map((item) => ({
      number: Number(item.dataset.number),
      words: item.querySelector("textarea")?.value.toWellFormed() ?? "",
    })),
    targets: ticked(".choice").map((label) => label.dataset.sha ?? ""),
    model: find("select", HTMLSelectElement, dialog).value,
  };
}

/** Whatever is missing is said where the price stands. */
function missing() {
  const { steps, targets } = wanted();
  if (steps.length === 0) return t("Choose a step.");
  if (targets.length === 0) return t("Choose a picture.");
  if (targets.length > MOST) return t("At most {most} pictures at once.", { most: MOST });
  return "";
}

async function price() {
  const told = findHtml(".price", dialog);
  const lack = missing();
  find(".go", HTMLButtonElement, dialog).disabled = lack !== "";
  told.textContent = lack;
  asked += 1;
  const mine = asked;
  if (lack) return;
  try {
    /** @type {Estimated} */
    const { words, why } = await post(`api/conversations/${conversation}/replays/estimate`, wanted());
    if (mine !== asked) return;
    told.textContent = words ? `${t("Price: {words}.", { words })} ${why}` : "";
  } catch {
    // No estimate is no fault; whatever is wrong shows when it is started.
  }
}

function later() {
  clearTimeout(pricing);
  pricing = setTimeout(price, WAIT_MS);
}

async function models() {
  const select = find("select", HTMLSelectElement, dialog);
  const usual = new Option(t("The conversation's: {title}", { title: state.card?.title ?? t("as set") }), "");
  select.replaceChildren(usual);
  /** @type {ModelMenu} */
  const menu = await get("api/models");
  for (const group of menu.groups) {
    const box = document.createElement("optgroup");
    box.label = group.title;
    const usable = group.reason ? [] : group.models.filter(({ reason }) => !reason);
    box.append(...usable.map(({ id, label }) => new Option(label, id)));
    if (usable.length) select.append(box);
  }
}

/** @param {import("./picture-actions.js").ShownPicture} shown */
async function open(shown) {
  if (!state.conversation) return;
  picture = shown.sha;
  conversation = state.conversation;
  /** @type {StepsTaken} */
  const { steps } = await get(`api/conversations/${conversation}/steps/${picture}`);
  findHtml(".steps", dialog).replaceChildren(...steps.map(row));
  const chosen = new Set(tray.chosenShas());
  findHtml(".choices", dialog).replaceChildren(
    ...[...offered()].map(([sha, name]) => choice(sha, name, chosen.has(sha))),
  );
  await models();
  await price();
  showDialog(dialog);
}

/** @param {FileList | null} files */
async function add(files) {
  for (const file of files ?? []) {
    try {
      const { sha } = await upload(file);
      findAll(".choice", dialog)
        .filter((each) => each.dataset.sha === sha)
        .forEach((each) => each.remove());
      findHtml(".choices", dialog).prepend(choice(sha, file.name, true));
    } catch (error) {
      complain(/** @type {Error} */ (error));
    }
  }
  await price();
}

async function go() {
  await post(`api/conversations/${conversation}/replays`, wanted());
  dialog.close();
  await look();
  shelf.lastElementChild?.scrollIntoView({ block: "nearest" });
}

/** @param {unknown} error */
const refuse = (error) => {
  findHtml(".price", dialog).textContent = error instanceof Error ? error.message : String(error);
};

/**
 * @param {string} words
 * @param {string} of what it is done to
 * @param {() => Promise<unknown>} act
 */
function button(words, of, act) {
  const element = made("button", "quiet", words);
  element.setAttribute("type", "button");
  element.addEventListener("click", () => once(`${words} ${of}`, act));
  return element;
}

/** @param {string} reply */
async function goTo(reply) {
  await post(`api/messages/${reply}/show`);
  tell({ type: "follow", message: reply });
  probe();
}

/**
 * @param {ReplayTarget} target
 * @param {number} steps
 */
function line({ picture: sha, state: how, done, reply, sentence }, steps) {
  const item = made("li", "target");
  item.dataset.state = how;
  const image = document.createElement("img");
  image.src = `media/${sha}/thumb`;
  image.alt = "";
  const state = STATES[how];
  const far = how === "done" ? `${state}.` : plural(steps, "{state}, {done} of {n} step done.", "{state}, {done} of {n} steps done.", { state, done });
  item.append(image, made("span", "how", `${far} ${sentence}`.trim()));
  if (reply) item.append(button(t("Show"), reply, () => goTo(reply)));
  return item;
}

/** @param {ReplayShown} job */
function card({ id, state: how, words, targets }) {
  const box = made("article", "replay");
  box.dataset.id = id;
  box.dataset.state = how;
  const all = words.length * targets.length;
  const done = targets.reduce((sum, target) => sum + target.done, 0);
  const head = made("div", "head");
  const said =
    how === "running"
      ? plural(targets.length, "Repeating on {n} picture", "Repeating on {n} pictures")
      : plural(targets.length, "Repeated on {n} picture", "Repeated on {n} pictures");
  head.append(made("strong", "", said), made("span", "state", STATES[how]));
  if (how === "running") head.append(button(t("Stop"), id, () => post(`api/replays/${id}/stop`)));
  else {
    head.append(
      button(t("Put away"), id, async () => {
        await remove(`api/replays/${id}`);
        await look();
      }),
    );
  }
  const bar = document.createElement("progress");
  bar.max = all;
  bar.value = done;
  bar.setAttribute("aria-label", plural(all, "{done} of {n} step done", "{done} of {n} steps done", { done }));
  bar.hidden = how !== "running";
  const list = made("ul", "targets");
  list.append(...targets.map((target) => line(target, words.length)));
  box.append(head, made("p", "words", words.join(" → ")), bar, list);
  return box;
}

/** How far the jobs of this conversation are. */
async function look() {
  clearTimeout(looking);
  looking = undefined;
  const home = state.conversation;
  listed += 1;
  const mine = listed;
  /** @type {ReplaysShown} */
  let told = { replays: [] };
  if (home) {
    try {
      told = await get(`api/conversations/${home}/replays`);
    } catch {
      return; // the live line says that it is dead
    }
  }
  if (mine !== listed || home !== state.conversation) return;
  const was = new Map(findAll(".replay", shelf).map(({ dataset }) => [dataset.id, dataset.state]));
  shelf.replaceChildren(...told.replays.map(card));
  shelf.hidden = told.replays.length === 0;
  for (const { id, state: how } of told.replays) {
    if (was.get(id) === "running" && how !== "running") {
      findHtml("#announcer").textContent = t("The repeated steps: {state}.", { state: STATES[how] });
    }
  }
}

function news() {
  // Each step is told by itself; what comes close together is asked for once.
  looking ??= setTimeout(look, WAIT_MS);
}

export function start() {
  dialog = find("#replay", HTMLDialogElement);
  shelf = findHtml("#replays");
  const files = find('input[type="file"]', HTMLInputElement, dialog);
  dialog.addEventListener("input", later);
  findHtml(".add", dialog).addEventListener("click", () => files.click());
  files.addEventListener("change", async () => {
    await add(files.files);
    files.value = "";
  });
  findHtml(".cancel", dialog).addEventListener("click", () => dialog.close());
  findHtml(".go", dialog).addEventListener("click", () => once("replay", go, refuse));
  findHtml("form", dialog).addEventListener("submit", (event) => event.preventDefault());
  addPictureAction({
    id: "replay",
    label: t("Repeat these steps…"),
    order: 70,
    when: ({ origin }) => origin !== "upload",
    act: open,
  });
  on("opened", () => {
    shelf.hidden = true; // of the conversation before
    news();
  });
  on("told:patch", () => shelf.querySelector('[data-state="running"]') && news());
  on("told:window", news);
}
