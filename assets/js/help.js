// The help sheet: the keys, and every endpoint with the variables that it looks up.

import { get } from "./api.js";
import { version } from "./build.js";
import { showDialog } from "./layers.js";
import { t } from "./words.js";

let sheet, tabs;

function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function variable({ name, set }) {
  const item = document.createElement("li");
  item.append(made("code", "", name), made("span", set ? "set" : "unset", set ? t("set") : t("not set")));
  return item;
}

/** Some variables under a word that says what they are for. */
function wanted(word, variables) {
  const list = made("ul", "");
  list.append(...variables.map(variable));
  const box = made("div", "wanted");
  box.append(made("span", "word", word), list);
  return box;
}

function endpoint({ title, what, wants, reason, example }) {
  const box = document.createElement("section");
  box.className = "endpoint";
  const head = made("h3", "", title);
  head.append(made("span", reason ? "unset" : "set", reason ? t("not set up") : t("ready")));
  box.append(head, made("p", "", what));
  if (reason) box.append(made("p", "why", reason));
  box.append(...wants.map(({ word, variables }) => wanted(word, variables)));
  const more = document.createElement("details");
  const code = made("pre", "", example);
  code.tabIndex = 0; // it may have to be scrolled sideways
  more.append(made("summary", "", t("Example row")), code);
  box.append(more);
  return box;
}

async function fill() {
  const list = sheet.querySelector(".endpoints");
  try {
    const { endpoints } = await get("api/endpoints");
    list.replaceChildren(...endpoints.map(endpoint));
  } catch (error) {
    list.replaceChildren(made("p", "why", error.message));
  }
}

function turn(tab) {
  for (const each of tabs) {
    const here = each === tab;
    each.setAttribute("aria-selected", String(here));
    each.tabIndex = here ? 0 : -1;
    document.getElementById(each.getAttribute("aria-controls")).hidden = !here;
  }
  if (tab.id === "help-models-tab") fill();
}

export function open() {
  turn(tabs[0]);
  showDialog(sheet);
}

export function start() {
  sheet = document.querySelector("#help");
  sheet.querySelector(".version span").textContent = version();
  tabs = [...sheet.querySelectorAll("[role=tab]")];
  for (const tab of tabs) tab.addEventListener("click", () => turn(tab));
  sheet.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = tabs.at((tabs.indexOf(event.target) + by) % tabs.length);
    turn(next);
    next.focus();
  });
  document.querySelector("#show-help").addEventListener("click", open);
  sheet.querySelector(".close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
}
