// Opens the line to the server at once, starts the page as soon as what is served of it stands, and
// has Gradio begin then.

import * as actions from "./actions.js";
import * as approvals from "./approvals.js";
import * as aids from "./aids.js";
import * as adding from "./adding.js";
import * as choosing from "./choosing.js";
import * as compare from "./compare.js";
import * as announcing from "./announcing.js";
import * as barFit from "./bar-fit.js";
import * as bin from "./bin.js";
import * as changes from "./changes.js";
import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import * as dictation from "./dictation.js";
import * as examples from "./examples.js";
import * as exporting from "./export.js";
import * as footnotes from "./footnotes.js";
import * as forecast from "./forecast.js";
import * as goTo from "./go-to.js";
import * as gradio from "./gradio.js";
import * as going from "./going.js";
import * as help from "./help.js";
import * as ideas from "./ideas.js";
import * as fromServers from "./from-servers.js";
import * as installed from "./installed.js";
import * as improve from "./improve.js";
import * as intent from "./intent.js";
import * as languages from "./languages.js";
import * as library from "./library.js";
import * as live from "./live.js";
import * as layers from "./layers.js";
import * as longLines from "./long-lines.js";
import * as lost from "./lost.js";
import * as making from "./making.js";
import * as mentions from "./mentions.js";
import * as models from "./models.js";
import * as once from "./once.js";
import * as originals from "./originals.js";
import * as painter from "./painter.js";
import * as pictureChips from "./picture-chips.js";
import * as pictureFiles from "./picture-files.js";
import * as providers from "./providers.js";
import * as presets from "./presets.js";
import * as pressed from "./pressed.js";
import * as reading from "./reading.js";
import * as reanchor from "./reanchor.js";
import * as recall from "./recall.js";
import * as renewal from "./renewal.js";
import * as reorder from "./reorder.js";
import * as replay from "./replay.js";
import * as replies from "./replies.js";
import * as saveAs from "./save-as.js";
import * as rights from "./rights.js";
import * as scroll from "./scroll.js";
import * as shell from "./shell.js";
import * as settings from "./settings.js";
import * as sharing from "./sharing.js";
import * as shortcuts from "./shortcuts.js";
import * as sidebar from "./sidebar.js";
import * as spending from "./spending.js";
import { on } from "./state.js";
import * as tools from "./tools.js";
import * as topbar from "./topbar.js";
import * as transcript from "./transcript.js";
import * as tray from "./tray.js";
import * as trayChips from "./tray-chips.js";
import * as variants from "./variants.js";
import * as versions from "./versions.js";
import * as viewer from "./viewer.js";
import * as who from "./who.js";
import * as workbench from "./workbench.js";
import { keepLanguage } from "./words.js";

// What shows that a panel has arrived. One that failed on the server says so in its place.
const ARRIVED = {
  library: "#pictures",
  sidebar: "#conversations",
  topbar: "#topbar-more",
  transcript: "#messages",
  composer: "#words",
  controls: "#models, #tools",
  settings: "#spent-so-far",
  help: "#help",
  providers: "#providers",
  versions: "#versions",
  compare: "#compare",
  viewer: "#viewer",
};

const failed = (panel) => document.querySelector(`[data-failed-panel="${panel}"]`) !== null;

const arrived = (selectors) =>
  selectors.split(", ").every((selector) => document.querySelector(selector));

const ready = () =>
  document.querySelector("gradio-app") && // it stands behind all that is served
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
  rights, once, originals, pressed, topbar, scroll, longLines, lost, trayChips, tray, intent, replies, variants, replay, transcript, making, viewer, pictureChips, pictureFiles, saveAs, workbench, composer, adding, mentions, recall, reorder, going, painter, forecast, spending, actions, approvals,
  presets, fromServers, improve, aids, sidebar, bin, examples, ideas, models, barFit, providers, help, library, shortcuts, shell, tools, settings,
  renewal, exporting, sharing, choosing, goTo, versions, compare, reanchor,
  announcing, changes, footnotes, languages, reading, dictation,
]; // prettier-ignore

async function begin() {
  await who.known();
  PARTS.forEach(started);
  if (!failed("composer")) on("opened", composer.loadDraft);
  started(live);
  started(installed);
  started(conversation);
  started(layers);
  document.body.dataset.easel = "ready";
  gradio.begin();
}

live.connect(conversation.fromAddress());
keepLanguage();
if (ready()) begin();
else {
  const watch = new MutationObserver(() => {
    if (!ready()) return;
    watch.disconnect();
    begin();
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}
