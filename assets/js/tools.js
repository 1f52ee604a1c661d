// The tools of the conversation: the count at the switch, and behind it a list of all there are,
// with what a model may do with each. They come and go, so the list is asked for when it is opened.

import { get, post } from "./api.js";
import { find, findAll, findHtml, within } from "./dom.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";
import { change } from "./settings.js";
import { on, state } from "./state.js";
import { complain } from "./toast.js";
import { plural, t } from "./words.js";

/** @import { AbsentTool, SettingsOfConversation, ToolGroup, ToolShown } from "./protocol.js" */
/** @import { ToolsOfConversation } from "./protocol.js" */

/** @typedef {ToolShown["policy"]} Policy */

const WORDS = { allow: t("Allowed"), ask: t("Asks first"), deny: t("Off") };
const ALWAYS = { ask: t("Asks each time"), deny: t("Off") };
const CHANGED = t("It is not what it was when it was allowed, so it asks again.");
const STATES = { "": "", off: t("Off"), connecting: t("Connecting"), ready: t("Ready"), failed: t("Failed") };

/** @type {HTMLDialogElement} */
let dialog;
/** @type {Map<string, ToolShown>} */
let tools = new Map();
let drawn = ""; // what the list was drawn of, but for the choices
let loads = 0;
let underWay = 0; // choices that are not answered yet
let fresh = false; // whether the settings that come next are the answer to a choice made here

const master = () => find(".master input", HTMLInputElement, dialog);
const query = () => find('input[type="search"]', HTMLInputElement, dialog);
const rows = () => findAll(".groups > section li", dialog);

/** @param {string} sentence */
function say(sentence) {
  findHtml(".told", dialog).textContent = sentence;
}

/** @param {number} count */
const several = (count) => plural(count, "{n} tool", "{n} tools");

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} name its class
 * @param {string} text
 */
function made(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

/**
 * @param {HTMLSelectElement} select
 * @param {Policy} policy
 */
function choose(select, policy) {
  select.value = policy;
  select.dataset.policy = policy;
}

/** @param {ToolShown} tool */
function row(tool) {
  const item = document.createElement("li");
  item.dataset.name = tool.name;
  item.dataset.words = `${tool.title} ${tool.name} ${tool.about} ${tool.reach}`.toLowerCase();
  const title = made("span", "title", tool.title);
  title.id = `tool-${tool.name}`;
  title.dir = "auto";
  const about = made("span", "about", tool.about);
  about.dir = "auto";
  const reach = made("span", "reach", tool.reach);
  reach.id = `tool-reach-${tool.name}`;
  reach.dir = "auto";
  const select = document.createElement("select");
  for (const [value, word] of Object.entries(tool.always_asks ? ALWAYS : WORDS)) {
    select.append(new Option(word, value));
  }
  select.setAttribute("aria-labelledby", title.id);
  select.setAttribute("aria-describedby", reach.id);
  const words = made("div", "words");
  words.append(title, about, reach);
  if (tool.changed) words.append(made("span", "again", CHANGED));
  item.append(words, select);
  return item;
}

/** @param {ToolGroup} group */
function section(group) {
  const part = document.createElement("section");
  const head = made("div", "head");
  const title = made("h3", "", group.title);
  title.dir = "auto";
  head.append(title);
  if (group.state) {
    const status = made("span", "state", STATES[group.state]);
    status.dataset.state = group.state;
    head.append(status);
  }
  if (group.tools.length) {
    head.append(made("span", "count"));
    for (const [act, word] of [["on", t("All on")], ["off", t("All off")]]) {
      const button = made("button", "quiet", word);
      button.type = "button";
      button.dataset.all = act;
      button.setAttribute("aria-label", `${word}: ${group.title}`);
      head.append(button);
    }
  }
  part.append(head);
  if (group.words && group.state !== "ready") part.append(made("p", "why", group.words));
  const list = document.createElement("ul");
  list.append(...group.tools.map(row));
  if (group.tools.length) part.append(list);
  return part;
}

/**
 * What the house has and this Easel is not set up for, folded, with what is to be done for it.
 * @param {AbsentTool[]} absent
 */
function absentPart(absent) {
  const part = made("details", "absent");
  const list = document.createElement("ul");
  list.append(
    ...absent.map(({ title, about, setup }) => {
      const item = document.createElement("li");
      item.append(made("span", "title", title), made("span", "about", about));
      item.append(made("span", "setup", setup));
      return item;
    }),
  );
  part.append(made("summary", "", t("Not set up in this Easel · {number}", { number: absent.length })), list);
  return part;
}

/** How many of each group may be used. */
function count() {
  for (const part of findAll(".groups > section", dialog)) {
    const choices = /** @type {HTMLSelectElement[]} */ (findAll("select", part));
    const usable = choices.filter((select) => select.value !== "deny").length;
    const told = part.querySelector(".head .count");
    if (told) told.textContent = t("{usable} of {length} on", { usable, length: choices.length });
  }
}

function narrow() {
  const words = query().value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const part of findAll(".groups > section", dialog)) {
    const source = (part.querySelector("h3")?.textContent ?? "").toLowerCase();
    const items = findAll("li", part);
    for (const item of items) {
      const text = `${source} ${item.dataset.words}`;
      item.hidden = !words.every((word) => text.includes(word));
    }
    const shown = items.filter((item) => !item.hidden).length;
    part.hidden = words.length > 0 && shown === 0;
    found += shown;
  }
  const absent = narrowAbsent(words);
  const none = absent
    ? t("Only what is not set up has these words.")
    : tools.size
      ? t("No tool has these words.")
      : t("There are no tools here.");
  say(found ? (words.length ? plural(found, "{n} tool found.", "{n} tools found.") : "") : none);
}

/**
 * @param {string[]} words
 * @returns {number} how many have them
 */
function narrowAbsent(words) {
  const part = dialog.querySelector("details.absent");
  if (!(part instanceof HTMLDetailsElement)) return 0;
  const items = findAll("li", part);
  for (const item of items) {
    const text = (item.textContent ?? "").toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  const shown = words.length ? items.filter((item) => !item.hidden).length : 0;
  part.hidden = words.length > 0 && shown === 0;
  part.open = shown > 0;
  return shown;
}

/** @param {ToolsOfConversation} told */
function show(told) {
  tools = new Map(told.groups.flatMap((group) => group.tools).map((tool) => [tool.name, tool]));
  const form = JSON.stringify([
    told.absent,
    told.groups.map(({ title, state: how, words, tools: own }) => [
      title,
      how,
      words,
      own.map(({ policy: _, ...tool }) => tool),
    ]),
  ]);
  if (form !== drawn) {
    // The list is another: whoever stood in a row of it stands there again.
    const at = document.activeElement?.closest("#tools li");
    const name = at instanceof HTMLElement ? at.dataset.name : undefined;
    findHtml(".groups", dialog).replaceChildren(
      ...told.groups.map(section),
      ...(told.absent.length ? [absentPart(told.absent)] : []),
    );
    drawn = form;
    if (name) rows().find((item) => item.dataset.name === name)?.querySelector("select")?.focus();
  }
  for (const item of rows()) {
    const select = find("select", HTMLSelectElement, item);
    choose(select, tools.get(item.dataset.name ?? "")?.policy ?? "deny");
    select.disabled = told.reason !== "";
  }
  for (const button of dialog.querySelectorAll("button[data-all]")) {
    if (button instanceof HTMLButtonElement) button.disabled = told.reason !== "";
  }
  master().checked = told.on && told.reason === "";
  master().disabled = told.reason !== "";
  const reason = findHtml(".reason", dialog);
  reason.textContent = told.reason || told.note;
  reason.hidden = reason.textContent === "";
  findHtml(".elsewhere", dialog).hidden = !told.decided_elsewhere;
  find(".usual", HTMLButtonElement, dialog).disabled = state.conversation === null;
  count();
  narrow();
}

async function load() {
  loads += 1;
  const mine = loads;
  const at = state.conversation;
  try {
    const told = await get(at ? `api/tools?conversation=${at}` : "api/tools");
    if (mine === loads && at === state.conversation && underWay === 0) show(told);
  } catch (error) {
    if (mine === loads) say(error instanceof Error ? error.message : String(error));
  }
  dialog.dataset.state = "shown";
}

/** @param {Record<string, unknown>} changes */
async function keep(changes) {
  underWay += 1;
  fresh = true;
  try {
    await change(changes);
  } catch (error) {
    complain(error);
  } finally {
    underWay -= 1;
    fresh = false;
    if (underWay === 0) load();
  }
}

/**
 * What is chosen goes with the digest of the tool that was read of here, where it is allowed and
 * would not be by itself: another tool of that name asks again.
 * @param {Map<string, Policy>} chosen
 */
function decide(chosen) {
  if (chosen.size === 0) return;
  /** @type {Record<string, string>} */
  const digests = {};
  for (const [name, policy] of chosen) {
    const tool = tools.get(name);
    if (tool && policy === "allow" && tool.usual !== "allow") digests[name] = tool.digest;
  }
  const schemas = Object.keys(digests).length ? { tool_schemas: digests } : {};
  keep({ tool_policy: Object.fromEntries(chosen), ...schemas });
}

/** @param {Event} event */
function changed(event) {
  const select = event.target;
  if (!(select instanceof HTMLSelectElement)) return;
  const name = select.closest("li")?.dataset.name ?? "";
  const policy = /** @type {Policy} */ (select.value);
  choose(select, policy);
  count();
  decide(new Map([[name, policy]]));
}

/** @param {MouseEvent} event */
function clicked(event) {
  const button = within(event, "button[data-all]");
  const part = button?.closest("section");
  if (!button || !part) return;
  /** @type {Map<string, Policy>} */
  const chosen = new Map();
  for (const item of findAll("li:not([hidden])", part)) {
    const name = item.dataset.name ?? "";
    const select = find("select", HTMLSelectElement, item);
    const usual = tools.get(name)?.usual ?? "ask";
    // Nobody allows many things at once that each would ask for.
    const wanted = button.dataset.all === "off" ? "deny" : usual === "deny" ? "ask" : usual;
    if (button.dataset.all === "on" && select.value !== "deny") continue;
    if (select.value === wanted) continue;
    choose(select, wanted);
    chosen.set(name, wanted);
  }
  count();
  decide(chosen);
}

async function usual() {
  await post("api/tools/usual", { conversation: state.conversation });
  say(t("New conversations begin with these tools."));
}

function open() {
  query().value = "";
  say("");
  dialog.dataset.state = "coming";
  showDialog(dialog);
  load();
}

/** @param {SettingsOfConversation} told */
function atTheBox({ tools: { usable, reason, note }, settings }) {
  const button = find("#tools-open", HTMLButtonElement);
  const isOn = settings.tools_on?.value === true;
  findHtml(".count", button).textContent = reason ? t("why?") : `· ${usable}`;
  findHtml(".unseen", button).textContent = reason
    ? t("Tools: {reason}", { reason })
    : isOn
      ? plural(usable, "Tools: {n} may be used. Choose", "Tools: {n} may be used. Choose")
      : plural(
          usable,
          "Tools: {n} may be used, once they are switched on. Choose",
          "Tools: {n} may be used, once they are switched on. Choose",
        );
  button.title = reason || note || t("Choose tools");
  button.toggleAttribute("data-off", reason !== "" || !isOn);
  if (dialog.open && !fresh) load();
}

export function start() {
  dialog = find("#tools", HTMLDialogElement);
  find("#tools-open", HTMLButtonElement).addEventListener("click", open);
  query().addEventListener("input", narrow);
  findHtml(".groups", dialog).addEventListener("change", changed);
  findHtml(".groups", dialog).addEventListener("click", clicked);
  findHtml(".usual", dialog).addEventListener("click", () =>
    once("usual tools", usual, (error) => say(error instanceof Error ? error.message : String(error))),
  );
  master().addEventListener("change", () => keep({ tools_on: master().checked }));
  for (const button of findAll(".close", dialog)) {
    button.addEventListener("click", () => dialog.close());
  }
  on("settings", atTheBox);
}
