// The frame of the page: the two sidebars, the banner of a lost connection, and the theme.

import { findAll, findHtml } from "./dom.js";
import * as gradio from "./gradio.js";
import { closed, opened } from "./layers.js";
import { on } from "./state.js";
import * as storage from "./storage.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { Layer } from "./layers.js" */

const PHONE = "(max-width: 700px)";
const RESTARTING = t("Easel is being restarted. This page comes back by itself.");
const COMES_MS = 15_000; // Gradio, on a line that is slow
const FOLDED = "easel.sidebar"; // whether the list stays folded, on a screen that has room for it

/** @param {string} id */
const isOpen = (id) => document.querySelector(`#${id}.open`) !== null;

/** @param {boolean} want */
function toggleSidebar(want) {
  const bar = document.querySelector("#sidebar");
  if (!bar || isOpen("sidebar") === want) return;
  if (gradio.stands()) findHtml(".toggle-button", bar).click();
  else bar.classList.toggle("open", want);
}

let settingsWanted = false; // before Gradio stood, whose drawer it is
/** @type {ReturnType<typeof setTimeout> | undefined} */
let missed;

/** Have the drawer open once it is there, or, pressed again, not. */
function wantSettings() {
  settingsWanted = !settingsWanted;
  clearTimeout(missed);
  if (!settingsWanted) return;
  missed = setTimeout(missSettings, COMES_MS);
  gradio.tryAgain();
}

function missSettings() {
  clearTimeout(missed);
  if (settingsWanted) toast(t("The settings could not be loaded. Load the page again."), { urgent: true });
  settingsWanted = false;
}

function openSettings() {
  const drawer = document.querySelector("#settings");
  if (!gradio.stands()) wantSettings();
  else if (drawer) findHtml(".toggle-button", drawer).click();
}

/** Whether the drawer of settings was open, and is closed now. */
export function closeSettings() {
  const drawer = document.querySelector("#settings.open");
  if (drawer) findHtml(".toggle-button", drawer).click();
  return drawer !== null;
}

/**
 * Gradio opens and closes its sidebars by itself, and says so by a class.
 * @param {Layer} layer
 */
function watch(layer) {
  const bar = document.querySelector(`#${layer.name}`);
  if (!bar) return;
  const told = () => (layer.isOpen() ? opened(layer) : closed());
  new MutationObserver(told).observe(bar, { attributeFilter: ["class"] });
}

const system = matchMedia("(prefers-color-scheme: dark)");

/** As the system has it, then the other one, then the same for good. */
const THEMES = () => (system.matches ? ["system", "light", "dark"] : ["system", "dark", "light"]);
const NAMES = { system: t("Theme: system"), light: t("Theme: light"), dark: t("Theme: dark") };

/** @returns {"system" | "light" | "dark"} */
function themeNow() {
  const kept = storage.read("easel.theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

function showTheme() {
  const now = themeNow();
  document.body.classList.toggle("dark", now === "system" ? system.matches : now === "dark");
  const button = document.querySelector("#theme");
  if (!(button instanceof HTMLElement)) return;
  button.dataset.now = now;
  button.title = NAMES[now];
  button.setAttribute("aria-label", NAMES[now]);
}

/** The first stop of the keyboard: past the list, to what one came for. */
function skipLink() {
  const link = document.createElement("a");
  link.href = "#words";
  link.className = "skip";
  link.textContent = t("Skip to the message box");
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address says which conversation is open, and nothing else
    findHtml("#words").focus();
  });
  document.body.prepend(link);
}

/** What takes its room from the column, for the styles. */
function mirror() {
  const { classList } = document.body;
  classList.toggle("list-folded", !isOpen("sidebar"));
  classList.toggle("settings-open", isOpen("settings"));
  classList.toggle("versions-open", document.querySelector("#versions:not([hidden])") !== null);
}

/**
 * What the two sidebars need: those that are served, and then Gradio's.
 * @param {MediaQueryList} phone
 */
function drawers(phone) {
  // Gradio names its buttons in English.
  for (const bar of ["#sidebar", "#settings"]) {
    const button = document.querySelector(`${bar} .toggle-button`);
    button?.setAttribute("aria-label", bar === "#sidebar" ? t("List of conversations") : t("Settings"));
  }
  const list = document.querySelector("#sidebar");
  if (list) {
    new MutationObserver(() => {
      if (!phone.matches) storage.write(FOLDED, isOpen("sidebar") ? "open" : "folded");
    }).observe(list, { attributeFilter: ["class"] });
  }
  mirror();
  const mirroring = new MutationObserver(mirror);
  for (const part of findAll("#sidebar, #settings, #versions")) {
    mirroring.observe(part, { attributeFilter: ["class", "hidden"] });
  }
  // Until it is asked for, a phone shows nothing of the sidebar but the way to it.
  list?.querySelector(".toggle-button")?.addEventListener("click", (event) => {
    if (event.isTrusted) document.body.dataset.sidebar = "used";
    if (!gradio.stands()) toggleSidebar(!isOpen("sidebar"));
  });
  // Beside the conversation the list closes nothing; on a phone it lies over it, once it is asked for.
  watch({
    name: "sidebar",
    isOpen: () => isOpen("sidebar") && phone.matches && document.body.dataset.sidebar === "used",
    close: () => toggleSidebar(false),
  });
  watch({ name: "settings", isOpen: () => isOpen("settings"), close: closeSettings });
}

export function start() {
  skipLink();
  // Either panel may have failed, and is not there.
  document.querySelector("#open-settings")?.addEventListener("click", openSettings);
  const banner = findHtml("#offline");
  const trying = banner.textContent;
  on("told:restarting", () => {
    banner.textContent = RESTARTING;
    banner.hidden = false;
  });
  // The server says no, and why: it stays until a line is open.
  on("refused", (sentence) => (banner.textContent = sentence));
  on("online", (online) => {
    if (online) banner.textContent = trying;
    banner.hidden = online;
    findHtml("#transcript").dataset.online = String(online);
  });
  document.body.addEventListener("easel:chosen", () => {
    if (matchMedia(PHONE).matches) toggleSidebar(false);
  });
  document.body.addEventListener("easel:sidebar", () => {
    document.body.dataset.sidebar = "used";
    toggleSidebar(true);
  });
  const phone = matchMedia(PHONE);
  if (phone.matches || storage.read(FOLDED) === "folded") toggleSidebar(false);
  // A window that is narrowed becomes a phone, on which the list would lie over the conversation.
  let wasOpen = storage.read(FOLDED) !== "folded";
  phone.addEventListener("change", () => {
    if (phone.matches) wasOpen = isOpen("sidebar");
    if (phone.matches || wasOpen) toggleSidebar(!phone.matches);
  });
  drawers(phone);
  on("gradio", (/** @type {boolean} */ sidebarOpen) => {
    toggleSidebar(sidebarOpen);
    drawers(phone);
    clearTimeout(missed);
    if (settingsWanted) openSettings();
  });
  on("gradio-lost", missSettings);
  const theme = document.querySelector("#theme");
  theme?.addEventListener("click", () => {
    const at = THEMES().indexOf(themeNow());
    storage.write("easel.theme", THEMES()[(at + 1) % 3] ?? "system");
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();
  // Gradio writes the system's own over it as it begins.
  new MutationObserver(showTheme).observe(document.body, { attributeFilter: ["class"] });
}
