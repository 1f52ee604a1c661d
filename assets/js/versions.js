// The panel of versions: beside the conversation where there is room, over it on a phone. It
// follows the conversation, and knows nothing of how versions are drawn.

import { get } from "./api.js";
import { find, findHtml } from "./dom.js";
import { closed, opened } from "./layers.js";
import { closeSettings } from "./shell.js";
import { on, state } from "./state.js";
import { addBarAction } from "./topbar.js";
import * as details from "./version-details.js";
import { VersionsMap } from "./versions-map.js";
import { plural, t } from "./words.js";

/** @import { VersionsOfConversation } from "./protocol.js" */

const NARROW = "(max-width: 1000px)"; // as in its styles: there it covers the conversation

/** @type {HTMLElement} */
let panel;
/** @type {VersionsMap} */
let map;
/** @type {VersionsOfConversation | null} */
let told = null;
/** @type {HTMLElement | null} */
let opener = null;
let asked = 0;
let seen = ""; // the end of the conversation that is drawn

const narrow = matchMedia(NARROW);
const isOpen = () => !panel.hidden;

/** @param {string} sentence */
function say(sentence) {
  const line = findHtml(".told", panel);
  line.textContent = "";
  line.textContent = sentence;
}

/** @param {number} at */
const chosen = (at) =>
  told && told.versions[at]
    ? { version: told.versions[at], at, words: map.wordsOf(at), told }
    : null;

/** What the drawing depends on. */
const end = () => JSON.stringify([state.conversation, state.leaf, state.carry?.sha]);

function draw() {
  const count = told?.versions.length ?? 0;
  findHtml(".count", panel).textContent = count === 0 ? "" : plural(count, "{n} picture", "{n} pictures");
  findHtml(".nothing", panel).hidden = count > 0 || told === null;
  findHtml(".graph", panel).hidden = count === 0;
  if (told) map.draw(told);
}

/** @param {{ fresh?: boolean }} options fresh: go to the current one */
async function load({ fresh = false } = {}) {
  const { conversation, leaf } = state;
  const before = told?.conversation === conversation ? told?.current : null;
  seen = end();
  asked += 1;
  const mine = asked;
  if (!conversation) {
    told = { conversation: "", current: -1, prompts: [], models: [], versions: [] };
    draw();
    details.show(null);
    return;
  }
  try {
    const place = `api/conversations/${conversation}/versions`;
    const next = await get(leaf ? `${place}?leaf=${leaf}` : place);
    if (mine !== asked) return; // another was asked for meanwhile
    told = next;
    draw();
    if (fresh || before !== next.current) map.choose(next.current);
    say("");
  } catch (error) {
    if (mine === asked) say(error instanceof Error ? error.message : String(error));
  }
}

function follow() {
  if (isOpen() && seen !== end()) load();
}

function fit() {
  panel.classList.toggle("beside", !narrow.matches);
  // What lies under it cannot be reached.
  for (const id of ["main", "sidebar"]) {
    const under = document.getElementById(id);
    if (under) under.inert = isOpen() && narrow.matches;
  }
}

function close() {
  panel.hidden = true;
  fit();
  opener?.focus();
  closed();
}

const LAYER = { name: "versions", isOpen, close };

function open() {
  if (isOpen()) {
    close();
    return;
  }
  closeSettings();
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  panel.hidden = false;
  fit();
  load({ fresh: true }).then(() => map.focus());
  opened(LAYER);
}

export function start() {
  panel = findHtml("#versions");
  map = new VersionsMap(findHtml(".graph", panel), {
    chosen: (at) => details.show(chosen(at)),
    pressed: (at, again) => {
      const one = chosen(at);
      // Where it covers the message, a look at the version comes first.
      if (!one || details.picked(one.version) || (!again && narrow.matches)) return;
      details.openMessage(one).catch((error) => say(error.message));
    },
  });
  details.start({
    say,
    step: () => narrow.matches && isOpen() && close(),
    changed: () => load(),
    focus: () => map.focus(),
  });
  find(".close", HTMLButtonElement, panel).addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    if (!details.giveUp()) close();
  });
  narrow.addEventListener("change", fit);
  addBarAction({ id: "versions", icon: "versions", label: t("Versions"), order: 20, act: open });
  on("settled", follow);
  on("reply-ended", () => isOpen() && load());
}
