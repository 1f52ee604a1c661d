// The version that is chosen: what it is, its name, and what can be done with it.

import { post } from "./api.js";
import { edit, goUnder } from "./composer.js";
import { find, findHtml } from "./dom.js";
import { goTo } from "./go-to.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import { reanchor } from "./reanchor.js";
import { emit } from "./state.js";
import * as tray from "./tray.js";
import { locale, plural, t } from "./words.js";

/** @import { PictureVersion, VersionsOfConversation } from "./protocol.js" */

const ANOTHER_QUESTION = t("Asking something else of these pictures. The old version stays.");

/**
 * @typedef {object} Chosen
 * @property {PictureVersion} version
 * @property {number} at its place
 * @property {string} words what was said or done for it
 * @property {VersionsOfConversation} told
 */

/**
 * @typedef {object} Panel what the details want of what is around them
 * @property {(sentence: string) => void} say for everybody, also who hears the page only
 * @property {() => void} step aside, where it covers the conversation
 * @property {() => void} changed
 * @property {() => void} focus the drawing
 */

/** @type {HTMLElement} */
let box;
/** @type {HTMLInputElement} */
let name;
/** @type {Panel} */
let panel;
/** @type {Chosen | null} */
let chosen = null;
/** @type {string | null} */
let against = null; // a version that waits for another to be compared with

/** @param {Chosen} chosen */
export async function openMessage({ version }) {
  panel.step();
  const message = await goTo(version.message, version.on_branch);
  if (!message) panel.say(t("Its message cannot be shown."));
  return message;
}

/** @param {Chosen} chosen */
function use({ version, words }) {
  panel.step();
  tray.put(version.sha, version.name || words);
  findHtml("#words").focus();
}

/** @param {Chosen} chosen */
async function branch(chosen) {
  const message = await openMessage(chosen);
  if (!message) return;
  if (message.classList.contains("user")) {
    edit(message, { words: "", remark: ANOTHER_QUESTION });
  } else {
    goUnder(chosen.version.message);
    tray.put(chosen.version.sha, chosen.version.name || chosen.words);
  }
}

/** @param {Chosen} chosen */
function compareWithSource({ version, told }) {
  emit("compare", [told.versions[version.parents[0]].sha, version.sha]);
}

/** @param {Chosen} chosen */
function compareWithAnother({ version }) {
  against = version.sha;
  panel.say(t("Choose the version to compare it with. Escape gives up."));
  panel.focus();
}

/**
 * A version was pressed: whether it was meant to be compared with the one before.
 * @param {PictureVersion} version
 */
export function picked(version) {
  if (against === null || against === version.sha) return false;
  const before = against;
  giveUp();
  emit("compare", [before, version.sha]);
  return true;
}

/** Whether something was waited for, which is given up. */
export function giveUp() {
  const waited = against !== null;
  against = null;
  if (waited) panel.say("");
  return waited;
}

/** @param {Chosen} chosen */
async function redo({ version }) {
  await reanchor(version.sha);
}

/** @param {Chosen} chosen */
async function base({ version }) {
  const { on } = await post(`api/pictures/${version.sha}/base`, { on: !version.base });
  panel.say(on ? t("Edits are counted from this version now.") : t("It is no longer a base."));
  panel.changed();
}

async function favourite() {
  if (!chosen) return;
  const { version } = chosen;
  const marked = !version.favourite;
  await post("api/library/favourites", { pictures: [version.sha], favourite: marked });
  panel.say(marked ? t("Marked as a favourite.") : t("No longer a favourite."));
  panel.changed();
}

async function rename() {
  if (!chosen || name.value.trim() === chosen.version.name) return;
  const told = await post(`api/pictures/${chosen.version.sha}/name`, { name: name.value });
  panel.say(told.name ? t("Named “{name}”.", { name: told.name }) : t("The name is gone."));
  panel.changed();
}

/**
 * Do something with the chosen one, and say what stands in its way.
 * @param {string} what
 * @param {() => unknown} act
 */
const tried = (what, act) =>
  once(`${what} ${chosen?.version.sha}`, act, (error) =>
    panel.say(error instanceof Error ? error.message : String(error)),
  );

/**
 * How many edits lie between a version and its original, or what was set as base.
 * @param {PictureVersion[]} versions
 * @param {number} at
 */
export function editsSince(versions, at) {
  let edits = 0;
  for (let on = versions[at]; on.parents.length > 0 && !on.base; on = versions[on.parents[0]]) {
    edits += 1;
  }
  return edits;
}

const clock = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** @param {Chosen} chosen */
function facts({ version, at, told }) {
  const { width, height, model, cost, made_at, settings } = version;
  const edits = editsSince(told.versions, at);
  return [
    model >= 0 ? told.models[model] : version.operation ? t("Without a model") : "",
    `${width} × ${height} px`,
    edits
      ? hasBase(told, at)
        ? plural(edits, "{n} edit from the base", "{n} edits from the base")
        : plural(edits, "{n} edit from the original", "{n} edits from the original")
      : t("Original"),
    ...Object.entries(settings).map(([key, value]) => `${key}: ${value}`),
    cost,
    clock.format(new Date(made_at)),
  ].filter(Boolean);
}

/** Whether edits are counted from a base. @param {VersionsOfConversation} told @param {number} at */
function hasBase({ versions }, at) {
  let on = versions[at];
  while (on.parents.length > 0 && !on.base) on = versions[on.parents[0]];
  return on.base;
}

/**
 * @typedef {object} Way
 * @property {string} label
 * @property {(chosen: Chosen) => Promise<unknown> | void} act
 * @property {(chosen: Chosen) => boolean} [when]
 */

/** @type {Way[]} */
const WAYS = [
  { label: t("Edit this"), act: use },
  { label: t("Go to message"), act: openMessage },
  { label: t("Branch from here"), act: branch },
  {
    label: t("Compare with source"),
    act: compareWithSource,
    when: ({ version }) => version.parents.length > 0,
  },
  {
    label: t("Redo from the original"),
    act: redo,
    when: ({ told, at }) => editsSince(told.versions, at) > 1,
  },
];

/** What is wanted less often stands in a menu. @type {Way[]} */
const MORE = [
  {
    label: t("Compare with another…"),
    act: compareWithAnother,
    when: ({ told }) => told.versions.length > 1,
  },
  { label: t("Set as base"), act: base, when: ({ version }) => !version.base },
  { label: t("No longer the base"), act: base, when: ({ version }) => version.base },
];

/** @param {Way[]} ways */
const offered = (ways) => ways.filter(({ when }) => !when || (chosen && when(chosen)));

/** @param {Way} way */
const press = ({ label, act }) => tried(label, () => chosen && act(chosen));

/** @param {Way} way */
function button(way) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = way.label;
  made.addEventListener("click", () => press(way));
  return made;
}

function more() {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.icon = "more";
  made.setAttribute("aria-label", t("More to do with this version"));
  const items = () => offered(MORE).map((way) => ({ label: way.label, act: () => press(way) }));
  made.addEventListener("click", () => openMenu(made, items()));
  return made;
}

/** @param {Chosen | null} next null: none is chosen */
export function show(next) {
  const another = next?.version.sha !== chosen?.version.sha;
  chosen = next;
  box.hidden = !chosen;
  if (!chosen) return;
  const { version, words } = chosen;
  if (another || document.activeElement !== name) name.value = version.name;
  const star = find(".favourite", HTMLButtonElement, box);
  star.dataset.icon = "star";
  star.setAttribute("aria-pressed", String(version.favourite));
  findHtml(".prompt", box).textContent = words;
  findHtml(".facts", box).textContent = facts(chosen).join(" · ");
  const ways = findHtml(".ways", box);
  const label = document.activeElement?.closest("#versions .ways") ? document.activeElement.textContent : null;
  const buttons = [...offered(WAYS).map(button), more()];
  ways.replaceChildren(...buttons);
  // Drawn anew under the finger that pressed it, it keeps the focus.
  buttons.find((each) => each.textContent === label)?.focus();
}

/** @param {Panel} around */
export function start(around) {
  panel = around;
  box = findHtml("#versions .details");
  name = find(".name", HTMLInputElement, box);
  name.addEventListener("change", () => tried(`name ${name.value} of`, rename));
  name.addEventListener("keydown", (event) => event.key === "Enter" && name.blur());
  find(".favourite", HTMLButtonElement, box).addEventListener("click", () => tried("favourite", favourite));
}
