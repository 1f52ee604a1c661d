// The settings of the open conversation. Every change of one, from whatever part of the page,
// goes to the server by `change`, one request after the other, in the order of their making; what
// the widgets show comes from the server's answers.

import { get, patch } from "./api.js";
import { ensure } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import * as gradio from "./gradio.js";
import * as pending from "./pending.js";
import { emit, on, state } from "./state.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/**
 * @import { Patch, SettingShown, SettingsOfConversation, ToolsChanged, TranscriptWindow }
 *   from "./protocol.js"
 */

/**
 * @typedef {object} WidgetRow a setting that has a widget, as the page of Gradio says
 * @property {string} name
 * @property {string} widget the key of WIDGETS
 * @property {string} label
 * @property {string} info the sentence under the label
 * @property {string} place the panel that shows it
 * @property {unknown} default
 */

/**
 * @typedef {object} Widget
 * @property {(told: SettingShown, row: WidgetRow) => Record<string, unknown>} props what Gradio's
 *   component is to show
 * @property {(made: any, told: SettingShown) => unknown} sent what is sent for what a person made
 *   of it
 */

/** @type {SettingsOfConversation | null} */
let kept = null; // what the server last told: stamp, model, and each setting with its choices
/** @type {string | null} */
let keptOf = null; // of which conversation; "" is a new one
/** @type {Record<string, unknown>} */
let asked = {}; // values that are on their way
/** @type {string | null} */
let shownOf = null; // whose values the widgets show
/** @type {Promise<void>} */
let line = Promise.resolve(); // the last request on its way
let underWay = 0; // changes that are not answered yet
let loads = 0; // the number of the newest question for the settings
let showing = false; // whether Gradio is at work on the values
let stale = false; // whether there are newer ones since
let due = true; // whether they are to be asked for once the server has told of the conversation

const open = () => state.conversation ?? "";

/**
 * Wait for one's turn, whatever became of the one before.
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
function afterLast(ask) {
  const mine = line.then(ask);
  line = mine.then(() => {}, () => {});
  return mine;
}

/**
 * Change some settings of the open conversation, which is begun for it if need be.
 * @param {Record<string, unknown>} changes new values by name; null stands for the default
 * @param {boolean} chosen by a person, whose next conversation begins with it
 * @returns {Promise<void>} settled once the server has answered
 */
export async function change(changes, chosen = true) {
  const target = ensure(); // now: when its turn comes, another conversation may be open
  target.catch(() => {}); // whoever waits for the answer hears of it
  pending.begin();
  underWay += 1;
  try {
    const [id, told] = await afterLast(async () => {
      const id = await target;
      return [id, await patch(`api/conversations/${id}/settings?chosen=${chosen}`, changes)];
    });
    if (id === open()) [kept, keptOf] = [told, id];
  } finally {
    underWay -= 1;
    if (underWay === 0) asked = {};
    if (underWay === 0 && keptOf === open()) show(); // where one was refused, what is kept
    pending.done();
  }
}

/**
 * Ask for the settings of the open conversation, or of a new one.
 * @returns {Promise<void>}
 */
async function load() {
  const id = open();
  loads += 1;
  const mine = loads;
  document.body.dataset.settings = "coming";
  try {
    const path = id ? `api/conversations/${id}/settings` : "api/settings";
    const told = await afterLast(() => (mine === loads ? get(path) : Promise.resolve(null)));
    if (mine !== loads) return; // another one was opened meanwhile
    if (id !== open()) {
      await load(); // the new one was begun meanwhile
      return;
    }
    [kept, keptOf] = [told, id];
    if (underWay === 0) show();
  } catch (error) {
    if (mine !== loads) return;
    // Deleted meanwhile, or the line is down: the page says so by itself, and asks again.
    document.body.dataset.settings = "shown";
    console.warn("The settings could not be read:", error);
  }
}

/** Have Gradio show what is kept. Two showings at once might overtake each other. */
function show() {
  if (kept === null) return;
  about(kept);
  emit("settings", kept);
  stale = showing;
  if (showing) return;
  document.body.dataset.settings = "coming";
  if (!gradio.stands()) {
    foretell(kept); // Gradio shows what is kept once it stands
    return;
  }
  showing = true;
  findHtml("#settings-bridge").click();
}

/**
 * Show in the places of the switches what they will show.
 * @param {SettingsOfConversation} told
 */
function foretell(told) {
  for (const place of findAll("#ahead .switch")) {
    const setting = told.settings[place.id.replace(/^setting-/, "").replaceAll("-", "_")];
    const word = findHtml(".label-text", place);
    place.dataset.label ??= word.textContent ?? "";
    if (!setting) continue;
    find("input", HTMLInputElement, place).checked = Boolean(setting.value && setting.offered);
    word.textContent = setting.offered ? place.dataset.label : NO_TOOLS;
  }
}

/** Gradio has shown the values. */
function shown() {
  showing = false;
  if (stale) show();
  else document.body.dataset.settings = "shown";
}

/** @param {SettingsOfConversation} shown */
function about({ model, tools }) {
  const title = document.querySelector("#about-title");
  if (!title) return;
  title.textContent = model?.title ?? "";
  findHtml("#about-note").textContent = model?.note ?? "";
  const how = model ? tools.reason || tools.note : "";
  findHtml("#about-tools").textContent = how;
  findHtml("#about-tools").hidden = how === "";
}

const AUTO = t("Auto");
const NO_TOOLS = t("No tools");

/** @type {Widget} */
const LINE = {
  props: ({ value, offered }) => ({ value, visible: offered }),
  sent: (value) => value,
};

/** @type {Record<string, Widget>} */
const WIDGETS = {
  line: LINE,
  lines: LINE,
  number: LINE,
  switch: {
    // Among the settings it is not there, as a menu is not; elsewhere its place stays, and says so.
    props: ({ value, offered }, { label, place }) => ({
      value: value && offered,
      interactive: offered,
      visible: offered || place !== "settings",
      label: offered ? t(label) : NO_TOOLS,
    }),
    sent: (value) => value,
  },
  menu: {
    props: ({ value, offered, choices }, row) => ({
      choices: [
        [row.default === "" ? AUTO : String(row.default), row.default],
        ...choices.map((choice) => [choice, choice]),
      ],
      value: choices.includes(String(value)) ? String(value) : row.default,
      visible: offered,
    }),
    sent: (value) => value,
  },
};

/** @param {string} kind */
function widgetOf(kind) {
  const widget = WIDGETS[kind];
  if (!widget) throw new Error(`There is no widget of the kind ${kind}.`);
  return widget;
}

/** @type {WidgetRow[]} */
let rows = []; // the settings that have a widget, in the order of Gradio's outputs

/**
 * Whether somebody is writing in a widget: its text is theirs until they leave it.
 * @param {WidgetRow} row
 */
function isWritten({ name, widget }) {
  if (WIDGETS[widget] !== LINE || shownOf !== keptOf) return false;
  const element = document.querySelector(`#setting-${name.replaceAll("_", "-")}`);
  return element?.contains(document.activeElement) ?? false;
}

/**
 * @param {SettingsOfConversation} told
 * @param {string} name
 * @returns {SettingShown}
 */
function settingOf(told, name) {
  const setting = told.settings[name];
  if (!setting) throw new Error(`The server tells of no setting ${name}.`);
  return setting;
}

/**
 * What each widget is to show, as Gradio takes it.
 * @param {WidgetRow[]} placed
 */
function widgets(placed) {
  rows = placed;
  const told = kept;
  if (told === null) throw new Error("Nothing was told yet that could be shown.");
  const updates = rows.map((row) => {
    const props = widgetOf(row.widget).props(settingOf(told, row.name), row);
    if (isWritten(row)) delete props.value;
    return { __type__: "update", ...props };
  });
  shownOf = keptOf;
  return updates;
}

/**
 * A person has changed a widget.
 * @param {string} name
 * @param {unknown} value
 */
function changed(name, value) {
  const row = rows.find((each) => each.name === name);
  if (!row || kept === null) return;
  const told = { ...settingOf(kept, name) };
  if (name in asked) told.value = asked[name];
  const sent = widgetOf(row.widget).sent(value, told);
  if (sent === told.value) return; // a text was left as it was
  asked[name] = sent;
  change({ [name]: sent }).catch(complain);
}

/**
 * The server has told of a conversation, so that it is there: what has not been asked for yet is.
 * @param {string | null} conversation
 */
function arrived(conversation) {
  if (!due || conversation !== state.conversation) return false;
  due = false;
  load();
  return true;
}

export function start() {
  // Gradio's listeners call these.
  Object.assign(window, { easel: { change: changed, widgets, shown } });
  on("opened", () => {
    due = true;
    document.body.dataset.settings = "coming";
  });
  on("online", (online) => {
    if (!online) due = true; // what changes meanwhile this page is not told of
  });
  on("told:blank", () => arrived(null));
  on("told:window", (/** @type {TranscriptWindow} */ told) => arrived(told.conversation));
  on("models-moved", load);
  on("gradio", show);
  on("named", (/** @type {string} */ id) => {
    // What was a new conversation has its id; its settings are what they were.
    if (keptOf === "") keptOf = id;
    if (shownOf === "") shownOf = id;
  });
  on("told:tools", (/** @type {ToolsChanged} */ { conversation, tools }) => {
    if (kept === null || keptOf !== (conversation ?? "") || keptOf !== open()) return;
    kept = { ...kept, tools };
    emit("settings", kept);
  });
  on("told:patch", (/** @type {Patch} */ told) => {
    if (arrived(told.conversation)) return;
    // Another page may have changed something; what this one changed is being answered.
    const isNews = told.conversation === state.conversation && told.settings !== kept?.stamp;
    if (isNews && underWay === 0) load();
  });
}
