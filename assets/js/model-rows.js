// The rows of the model menu as elements. Every word goes in as text; nothing is parsed.

import { t } from "./words.js";

/** @import { ModelGroup, ModelRow } from "./protocol.js" */

/**
 * @typedef {object} Option a model as a row
 * @property {HTMLElement} element
 * @property {ModelRow} row
 * @property {ModelGroup} group
 * @property {string} words what a search looks through
 * @property {HTMLButtonElement} star
 */

/**
 * @typedef {object} Shelf an endpoint with its models, or some models of several endpoints
 * @property {HTMLElement} element
 * @property {ModelGroup} group
 * @property {HTMLElement | null} list
 * @property {Option[]} options
 * @property {HTMLButtonElement} button tries its connection
 * @property {HTMLElement} told what came of that
 * @property {string} words
 */

let numbers = 0; // ids must be unique on the page, and stay so when the menu is drawn anew

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 */
function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  if (text) element.dir = "auto";
  return element;
}

/**
 * What a search looks through, without accents and capitals.
 * @param {string} text
 */
export const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

/** @param {string} word */
function badge(word) {
  const element = made("span", "badge", word);
  element.dataset.can = word;
  return element;
}

/**
 * Beside its row and not in it: a list of options holds nothing else.
 * @param {ModelRow} row
 */
function starOf(row) {
  const star = made("button", "star");
  star.type = "button";
  star.dataset.icon = "star";
  star.tabIndex = -1; // Alt+Enter does the same from the field
  star.setAttribute("aria-label", t("Favourite: {title}", { title: row.title }));
  star.title = t("Favourite (Alt+Enter)");
  star.hidden = Boolean(row.reason);
  return star;
}

/** @param {Option} option @param {boolean} on */
export const starred = ({ star }, on) => star.setAttribute("aria-pressed", String(on));

/**
 * @param {ModelRow} row
 * @param {ModelGroup} group
 * @returns {Option}
 */
function option(row, group) {
  const id = `model-row-${++numbers}`;
  const element = made("div", "option");
  element.id = id;
  element.setAttribute("role", "option");
  element.setAttribute("aria-labelledby", `${id}-title`);
  element.setAttribute("aria-describedby", `${id}-about`);
  if (row.reason) element.setAttribute("aria-disabled", "true");
  const line = made("div", "line");
  const title = made("span", "title", row.title);
  title.id = `${id}-title`;
  line.append(title);
  if (row.ends) line.append(made("span", "ends", row.ends));
  const about = made("div", "about");
  about.id = `${id}-about`;
  if (row.note) about.append(made("p", "note", row.note));
  const foot = made("div", "can");
  const badges = made("span", "badges");
  badges.append(...row.badges.map(badge));
  const price = made("span", "price", row.price);
  price.title = row.source;
  foot.append(badges, price);
  about.append(foot);
  element.append(line, about);
  const words = [row.title, row.id, row.note, group.title, row.price, ...row.badges];
  return { element, row, group, words: plain(words.join(" ")), star: starOf(row) };
}

/**
 * One endpoint: its title, the way to try it, why it cannot be used, and its models.
 * @param {ModelGroup} group
 * @param {(group: ModelGroup) => void} test
 * @returns {Shelf}
 */
function shelf(group, test) {
  const element = made("div", group.reason ? "shelf closed" : "shelf");
  element.dataset.endpoint = group.id;
  const head = made("div", "head");
  const title = made("span", "name", group.title);
  title.id = `model-shelf-${++numbers}`;
  const button = made("button", "test quiet", t("Test connection"));
  button.type = "button";
  button.setAttribute("aria-describedby", title.id);
  button.addEventListener("click", () => test(group));
  const told = made("p", "told");
  told.setAttribute("role", "status");
  told.dir = "auto";
  button.hidden = group.offline || Boolean(group.reason);
  head.append(title, button, told); // what it says stays in sight however far the list is down
  element.append(head);
  if (group.reason) element.append(made("p", "why", group.reason));
  const options = group.models.map((row) => option(row, group));
  let list = null;
  if (options.length) {
    list = made("div", "list");
    list.id = `model-list-${++numbers}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-labelledby", title.id);
    list.setAttribute("aria-owns", options.map((each) => each.element.id).join(" "));
    element.append(list, ...options.map(entry));
  } else if (!group.reason && !group.trouble) {
    element.append(made("p", "why", t("Test the connection to see its models.")));
  }
  return { element, group, list, options, button, told, words: plain(group.title) };
}

/** @param {Option} option */
function entry({ element, star }) {
  const line = made("div", "entry");
  line.append(element, star);
  return line;
}

/**
 * All shelves; `test` is called with the group whose connection is to be tried.
 * @param {ModelGroup[]} groups
 * @param {(group: ModelGroup) => void} test
 */
export const drawn = (groups, test) => groups.map((group) => shelf(group, test));
