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

const PARTS = ["#messages", "#words", "#conversations", "#viewer", "#models", "#help", "#settings-bridge"];

function begin() {
  scroll.start();
  lost.start();
  tray.start();
  intent.start();
  transcript.start();
  viewer.start();
  composer.start();
  adding.start();
  painter.start();
  forecast.start();
  spending.start();
  actions.start();
  sidebar.start();
  examples.start();
  models.start();
  help.start();
  shortcuts.start();
  shell.start();
  settings.start();
  on("opened", composer.loadDraft);
  live.start();
  conversation.start();
  document.body.dataset.easel = "ready";
}

const ready = () => PARTS.every((part) => document.querySelector(part));

if (ready()) begin();
else {
  const watch = new MutationObserver(() => {
    if (!ready()) return;
    watch.disconnect();
    begin();
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}
