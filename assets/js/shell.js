// The frame of the page: the two sidebars, the banner of a lost connection, the theme, and what
// is read aloud.

import { findHtml } from "./dom.js";
import { on } from "./state.js";
import * as storage from "./storage.js";

const SPOKEN_CHARACTERS = 400;
const PHONE = "(max-width: 768px)";

function toggleSidebar(want) {
  const bar = document.querySelector("#sidebar");
  const isOpen = bar?.classList.contains("open");
  if (bar && isOpen !== want) findHtml(".toggle-button", bar).click();
}

/** Whether the drawer of settings was open, and is closed now. */
export function closeSettings() {
  const drawer = document.querySelector("#settings.open");
  if (drawer) findHtml(".toggle-button", drawer).click();
  return drawer !== null;
}

export function start() {
  // A log that is read aloud while it grows says every word twenty times; its end says enough.
  const announcer = document.querySelector("#announcer");
  on("reply-ended", (message) => {
    const words = message.querySelector(".body").innerText.trim();
    announcer.textContent = `Reply: ${words.slice(0, SPOKEN_CHARACTERS)}`;
  });
  const banner = findHtml("#offline");
  on("online", (online) => {
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
  if (phone.matches) toggleSidebar(false);
  // A window that is narrowed becomes a phone, on which the list would lie over the conversation.
  let wasOpen = false;
  phone.addEventListener("change", () => {
    if (phone.matches) wasOpen = document.querySelector("#sidebar.open") !== null;
    if (phone.matches || wasOpen) toggleSidebar(!phone.matches);
  });
  // Until it is asked for, a phone shows nothing of the sidebar but the way to it.
  document
    .querySelector("#sidebar .toggle-button")
    ?.addEventListener("click", (event) => event.isTrusted && (document.body.dataset.sidebar = "used"));
  document.querySelector("#theme")?.addEventListener("click", () => {
    const dark = document.body.classList.toggle("dark");
    storage.write("easel.theme", dark ? "dark" : "light");
  });
  const theme = storage.read("easel.theme");
  if (theme) document.body.classList.toggle("dark", theme === "dark");
}
