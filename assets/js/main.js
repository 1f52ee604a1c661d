// Starts the page once Gradio has put its parts in place.

import * as actions from "./actions.js";
import * as adding from "./adding.js";
import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import * as examples from "./examples.js";
import * as forecast from "./forecast.js";
import * as help from "./help.js";
import * as intent from "./intent.js";
import * as live from "./live.js";
import * as lost from "./lost.js";
import * as models from "./models.js";
import * as painter from "./painter.js";
import * as renewal from "./renewal.js";
import * as scroll from "./scroll.js";
import * as shell from "./shell.js";
import * as settings from "./settings.js";
import * as shortcuts from "./shortcuts.js";
import * as sidebar from "./sidebar.js";
import * as spending from "./spending.js";
import { on } from "./state.js";
import * as transcript from "./transcript.js";
import * as tray from "./tray.js";
import * as viewer from "./viewer.js";

// What shows that a panel has arrived. One that failed on the server says so in its place.
const ARRIVED = {
  sidebar: "#conversations",
  transcript: "#messages, #viewer",
  composer: "#words",
  controls: "#models",
  settings: "#spent-so-far",
  help: "#help",
};

const failed = (panel) => document.querySelector(`[data-failed-panel="${panel}"]`) !== null;

const arrived = (selectors) =>
  selectors.split(", ").every((selector) => document.querySelector(selector));

const ready = () =>
  document.querySelector("#settings-bridge") &&
  Object.entries(ARRIVED).every(([panel, selectors]) => failed(panel) || arrived(selectors));

/** Start one part. Where a panel has failed, its part cannot start, and the others go on. */
function started(part) {
  try {
    part.start();
  } catch (error) {
    if (!Object.keys(ARRIVED).some(failed)) throw error;
    console.warn("A part of the page cannot start without the panel that failed:", error);
  }
}

const PARTS = [
  scroll, lost, tray, intent, transcript, viewer, composer, adding, painter, forecast, spending, actions,
  sidebar, examples, models, help, shortcuts, shell, settings,
  renewal,
]; // prettier-ignore

function begin() {
  PARTS.forEach(started);
  if (!failed("composer")) on("opened", composer.loadDraft);
  started(live);
  started(conversation);
  document.body.dataset.easel = "ready";
}

if (ready()) begin();
else {
  const watch = new MutationObserver(() => {
    if (!ready()) return;
    watch.disconnect();
    begin();
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}
