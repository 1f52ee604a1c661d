// The seam to Gradio: its settings components learn which conversation is open, and changes
// made before the first message still find a conversation to belong to.

import { ensure } from "./conversation.js";
import * as pending from "./pending.js";
import { on, state } from "./state.js";

const SPOKEN_CHARACTERS = 400;
const PHONE = "(max-width: 768px)";

let telling = false; // whether the settings of a conversation are on their way
let next = null; // whose settings come then: two answers at once might overtake each other

function tellGradio(id) {
  next = id;
  if (!telling) tellNext();
}

function tellNext() {
  const bridge = document.querySelector("#bridge");
  telling = next !== null && bridge !== null;
  document.body.dataset.settings = telling ? "coming" : "shown";
  if (!telling) return;
  const id = next;
  next = null;
  bridge.dispatchEvent(new CustomEvent("easel:opened", { detail: id }));
}

function toggleSidebar(want) {
  const bar = document.querySelector("#sidebar");
  const isOpen = bar?.classList.contains("open");
  if (bar && isOpen !== want) bar.querySelector(".toggle-button")?.click();
}

/** Whether the drawer of settings was open, and is closed now. */
export function closeSettings() {
  const drawer = document.querySelector("#settings.open");
  drawer?.querySelector(".toggle-button").click();
  return drawer !== null;
}

export function start() {
  // Gradio's listeners call these: the first before a change is sent to the server, the
  // second when it is there, the third when the settings of a conversation have come.
  window.easel = {
    conversation: () => {
      pending.begin();
      return ensure();
    },
    settled: pending.done,
    shown: tellNext,
  };
  // Without a server Gradio would complain in words of its own; it is told on coming back.
  on("opened", (id) => state.online && tellGradio(id ?? ""));
  on("settings", tellGradio);
  // A log that is read aloud while it grows says every word twenty times; its end says enough.
  const announcer = document.querySelector("#announcer");
  on("reply-ended", (message) => {
    const words = message.querySelector(".body").innerText.trim();
    announcer.textContent = `Reply: ${words.slice(0, SPOKEN_CHARACTERS)}`;
  });
  const banner = document.querySelector("#offline");
  on("online", (online) => {
    banner.hidden = online;
    telling = false; // nothing that was under way comes back from a line that was lost
    if (online) tellGradio(state.conversation ?? "");
    document.querySelector("#transcript").dataset.online = String(online);
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
    if (phone.matches) wasOpen = document.querySelector("#sidebar").classList.contains("open");
    if (phone.matches || wasOpen) toggleSidebar(!phone.matches);
  });
  // Until it is asked for, a phone shows nothing of the sidebar but the way to it.
  document
    .querySelector("#sidebar .toggle-button")
    .addEventListener("click", (event) => event.isTrusted && (document.body.dataset.sidebar = "used"));
  document.querySelector("#theme").addEventListener("click", () => {
    const dark = document.body.classList.toggle("dark");
    localStorage.setItem("easel.theme", dark ? "dark" : "light");
  });
  const theme = localStorage.getItem("easel.theme");
  if (theme) document.body.classList.toggle("dark", theme === "dark");
}
