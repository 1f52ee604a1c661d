// The settings of the open conversation. Every change of one, from whatever part of the page,
// goes to the server by `change`, one request after the other, in the order of their making; what
// the widgets show comes from the server's answers.

import { get, patch } from "./api.js";
import { ensure } from "./conversation.js";
import { findHtml } from "./dom.js";
import * as pending from "./pending.js";
import { emit, on, state } from "./state.js";
import { complain } from "./toast.js";

let kept = null; // what the server last told: stamp, model, and each setting with its choices
let keptOf = null; // of which conversation; "" is a new one
let asked = {}; // values that are on their way
let shownOf = null; // whose values the widgets show
let line = Promise.resolve(); // the last request on its way
let underWay = 0; // changes that are not answered yet
let loads = 0; // the number of the newest question for the settings
let showing = false; // whether Gradio is at work on the values
let stale = false; // whether there are newer ones since

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
 * @returns {Promise<void>} settled once the server has answered
 */
export async function change(changes) {
  const target = ensure(); // now: when its turn comes, another conversation may be open
  target.catch(() => {}); // whoever waits for the answer hears of it
  pending.begin();
  underWay += 1;
  try {
    const [id, told] = await afterLast(async () => {
      const id = await target;
      return [id, await patch(`/api/conversations/${id}/settings`, changes)];
    });
    if (id === open()) [kept, keptOf] = [told, id];
  } finally {
    underWay -= 1;
    if (underWay === 0) asked = {};
    if (underWay === 0 && keptOf === open()) show(); // where one was refused, what is kept
    pending.done();
  }
}

/** Ask for the settings of the open conversation, or of a new one. */
async function load() {
  const id = open();
  loads += 1;
  const mine = loads;
  document.body.dataset.settings = "coming";
  try {
    const path = id ? `/api/conversations/${id}/settings` : "/api/settings";
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
  about(kept.model);
  emit("settings", kept);
  stale = showing;
  if (showing) return;
  showing = true;
  document.body.dataset.settings = "coming";
  document.querySelector("#settings-bridge").dispatchEvent(new CustomEvent("easel:shown"));
}

/** Gradio has shown the values. */
function shown() {
  showing = false;
  if (stale) show();
  else document.body.dataset.settings = "shown";
}

function about(model) {
  const title = document.querySelector("#about-title");
  if (!title) return;
  title.textContent = model?.title ?? "";
  document.querySelector("#about-note").textContent = model?.note ?? "";
  findHtml("#about-tools").hidden = !model || model.tools;
}

const AS_THE_MODEL_LIKES = "As the model likes";

// What a widget shows of a setting, and what is sent for what a person made of it.
const LINE = {
  props: ({ value, offered }) => ({ value, visible: offered }),
  sent: (value) => value,
};
const WIDGETS = {
  line: LINE,
  lines: LINE,
  number: LINE,
  switch: {
    props: ({ value, offered }, { label }) => ({
      value: value && offered,
      interactive: offered,
      label: offered ? label : `No ${label.toLowerCase()}`,
    }),
    sent: (value) => value,
  },
  menu: {
    props: ({ value, offered, choices }, row) => ({
      choices: [
        [row.default === "" ? AS_THE_MODEL_LIKES : String(row.default), row.default],
        ...choices.map((choice) => [choice, choice]),
      ],
      value: choices.includes(String(value)) ? String(value) : row.default,
      visible: offered,
    }),
    sent: (value) => value,
  },
  ticks: {
    props: ({ value, offered, choices }) => ({
      value: choices.filter((name) => value[name] !== "deny"),
      visible: offered,
    }),
    // Only what was ticked or unticked now: another page may have changed the others.
    sent: (ticked, { value, choices }) =>
      Object.fromEntries(
        choices
          .filter((name) => ticked.includes(name) === (value[name] === "deny"))
          .map((name) => [name, ticked.includes(name) ? "allow" : "deny"]),
      ),
  },
};

let rows = []; // the settings that have a widget, in the order of Gradio's outputs

/** Whether somebody is writing in a widget: its text is theirs until they leave it. */
function isWritten({ name, widget }) {
  if (WIDGETS[widget] !== LINE || shownOf !== keptOf) return false;
  const element = document.querySelector(`#setting-${name.replaceAll("_", "-")}`);
  return element?.contains(document.activeElement) ?? false;
}

/** What each widget is to show, as Gradio takes it. */
function widgets(placed) {
  rows = placed;
  const updates = rows.map((row) => {
    const props = WIDGETS[row.widget].props(kept.settings[row.name], row);
    if (isWritten(row)) delete props.value;
    return { __type__: "update", ...props };
  });
  shownOf = keptOf;
  return updates;
}

/** A person has changed a widget. */
function changed(name, value) {
  const row = rows.find((each) => each.name === name);
  if (!row) return;
  const told = { ...kept.settings[name] };
  if (name in asked) told.value = asked[name];
  const sent = WIDGETS[row.widget].sent(value, told);
  if (sent === told.value) return; // a text was left as it was
  asked[name] = row.widget === "ticks" ? { ...told.value, ...sent } : sent;
  change({ [name]: sent }).catch(complain);
}

export function start() {
  // Gradio's listeners call these.
  /** @type {any} */ (window).easel = { change: changed, widgets, shown };
  // Without a server there is nothing to ask; it is asked when it is back.
  on("opened", () => state.online && load());
  let wasOff = false;
  on("online", (online) => {
    if (online && wasOff) load();
    wasOff = !online;
  });
  on("models-moved", load);
  on("named", (id) => {
    // What was a new conversation has its id; its settings are what they were.
    if (keptOf === "") keptOf = id;
    if (shownOf === "") shownOf = id;
  });
  on("told:patch", (told) => {
    // Another page may have changed something; what this one changed is being answered.
    const isNews = told.conversation === state.conversation && told.settings !== kept?.stamp;
    if (isNews && underWay === 0) load();
  });
}
