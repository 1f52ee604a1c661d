// The form of one provider: what is filled in, what came of a test, and which models are chosen.
// A key is typed, sent and forgotten: it is never shown again, and nothing is kept in the browser.

import { find, findAll, findHtml } from "./dom.js";
import { t } from "./words.js";

/** @import { FieldShown, ModelOffered, ProviderForm, ProviderShown, ProviderTried } from "./protocol.js" */

/**
 * @typedef {object} Filled
 * @property {string} provider
 * @property {Record<string, string>} values
 * @property {string | null} key null: the one that is kept
 */

const MANY = 12; // models, from which on they can be searched

/** @type {HTMLFormElement} */
let element;
/** @type {ProviderForm} */
let form;
/** @type {ProviderShown | null} */
let known = null; // the provider as it is set up; null: it is new
/** @type {ModelOffered[]} */
let offered = [];

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
function made(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** @param {FieldShown} field */
function keyHint(field) {
  if (known?.key_from === "environment") return t("{key}, which wins over one that is entered.", { key: known.key });
  if (known?.refused_at) return known.key;
  if (known?.key_from === "kept") return t("{key}. Leave it empty to keep it.", { key: known.key });
  return field.about;
}

/** @param {FieldShown} field @param {number} number */
function drawn(field, number) {
  const id = `provider-field-${number}`;
  const box = made("div", "field", "");
  const label = /** @type {HTMLLabelElement} */ (made("label", "", field.label));
  label.htmlFor = id;
  if (!field.required && field.use !== "title") label.append(made("span", "optional", ` ${t("(optional)")}`));
  const input = document.createElement("input");
  input.id = id;
  input.name = field.name;
  input.dataset.use = field.use;
  input.type = field.use === "key" ? "password" : "text";
  input.inputMode = field.use === "address" ? "url" : "text";
  input.autocomplete = field.use === "key" ? "new-password" : "off";
  input.spellcheck = false;
  input.autocapitalize = "off";
  input.value = field.value;
  if (field.use !== "key") input.placeholder = field.example;
  input.required = field.required && !(field.use === "key" && known && known.key_from !== "none");
  box.append(label, input);
  const hint = field.use === "key" ? keyHint(field) : field.about;
  if (hint) {
    const about = made("p", "hint", hint);
    about.id = `${id}-hint`;
    input.setAttribute("aria-describedby", about.id);
    box.append(about);
  }
  return box;
}

const inputs = () => /** @type {HTMLInputElement[]} */ (findAll("input[data-use]", element));

/** What is filled in. @returns {Filled} */
export function filled() {
  const key = inputs().find((input) => input.dataset.use === "key")?.value.trim() ?? "";
  const rest = inputs().filter((input) => input.dataset.use !== "key");
  const values = Object.fromEntries(rest.map((input) => [input.name, input.value]));
  return { provider: form.id, values, key: key || null };
}

/** The first field that must be filled in and is not. */
export const missing = () => inputs().find((input) => input.required && !input.value.trim()) ?? null;

/** Whether all that is listed is taken by itself: so of a server that has no rows. */
const takesAll = () => offered.every((model) => !model.known);

const all = () => find(".all input", HTMLInputElement, element);

const boxes = () => /** @type {HTMLInputElement[]} */ (findAll(".list input", element));

/** The models that were chosen, by their wire names; null: as they are. @returns {string[] | null} */
export function chosen() {
  if (!offered.length) return known?.chosen ?? null;
  if (takesAll() && all().checked) return null;
  const picked = boxes().filter((box) => box.checked && !box.disabled).map((box) => box.value);
  return picked.length || takesAll() || known?.chosen ? picked : null;
}

/** @param {string} words @param {boolean | null} works null: it is not known yet */
export function tell(words, works) {
  const told = findHtml(".told", element);
  told.textContent = words;
  told.dataset.works = String(works);
}

/** @param {ModelOffered} model */
function choice(model) {
  const label = made("label", "choice", "");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.value = model.name;
  const before = known?.chosen;
  box.checked = model.known || (before ? before.includes(model.name) : takesAll());
  box.disabled = model.known;
  const title = made("span", "title", model.title);
  title.dir = "auto";
  label.append(box, title, made("span", "badges", model.badges.join(", ")));
  if (model.known && !model.listed) label.append(made("span", "unlisted", t("not in its list")));
  return label;
}

function follow() {
  const every = takesAll() && all().checked;
  for (const box of boxes()) {
    const model = offered.find(({ name }) => name === box.value);
    box.disabled = every || Boolean(model?.known);
    if (every) box.checked = true;
  }
}

/** What came of a test. @param {ProviderTried} tried */
export function show(tried) {
  tell(tried.sentence, tried.works);
  const address = inputs().find((input) => input.dataset.use === "address");
  if (tried.address && address) address.value = tried.address;
  offered = tried.models;
  const box = findHtml(".offered", element);
  box.hidden = !offered.length;
  findHtml(".all", element).hidden = !takesAll();
  all().checked = known?.chosen === null || known === null;
  findHtml(".offered [type=search]", element).hidden = offered.length < MANY;
  findHtml(".list", element).replaceChildren(...offered.map(choice));
  follow();
}

/**
 * Draw the form of a provider.
 * @param {ProviderForm} drawnForm
 * @param {ProviderShown | null} shown
 */
export function fill(drawnForm, shown) {
  form = drawnForm;
  known = shown;
  offered = [];
  findHtml(".about", element).textContent = form.about;
  const page = findHtml(".key-page", element);
  page.hidden = !form.key_page;
  const link = find("a", HTMLAnchorElement, page);
  if (form.key_page) link.href = form.key_page;
  link.textContent = form.key_page;
  const [usual, rare] = findAll(".fields", element);
  const fields = form.fields.map((field, number) => ({ field, node: drawn(field, number) }));
  usual.replaceChildren(...fields.filter(({ field }) => !field.rare).map(({ node }) => node));
  rare.replaceChildren(...fields.filter(({ field }) => field.rare).map(({ node }) => node));
  const more = find("details.rare", HTMLDetailsElement, element);
  more.hidden = !rare.children.length;
  more.open = form.fields.some((field) => field.rare && field.value);
  tell("", null);
  findHtml(".offered", element).hidden = true;
  inputs()[0]?.focus();
}

/** Go to the field of the key. @param {string} [typed] what was typed into it and is to be corrected */
export function toKey(typed = "") {
  const input = inputs().find(({ dataset }) => dataset.use === "key");
  if (!input) return;
  if (typed) input.value = typed;
  input.focus();
}

/** Without a name of its own a server is called by its address, as far as that is typed. */
function callIt() {
  const [address, title] = ["address", "title"].map((use) => inputs().find(({ dataset }) => dataset.use === use));
  if (!address || !title) return;
  const typed = address.value.trim();
  const usual = form.fields.find(({ use }) => use === "title")?.example ?? "";
  const whole = typed.includes("://") ? typed : `http://${typed}`;
  title.placeholder = typed && URL.canParse(whole) ? new URL(whole).host || usual : usual;
}

/** Forget what was typed. */
export function empty() {
  offered = [];
  for (const fields of findAll(".fields", element)) fields.replaceChildren();
}

function search() {
  const words = find(".offered [type=search]", HTMLInputElement, element).value.toLowerCase().trim();
  for (const row of findAll(".list .choice", element)) {
    row.hidden = !(row.textContent ?? "").toLowerCase().includes(words);
  }
}

/** @param {HTMLFormElement} place */
export function start(place) {
  element = place;
  all().addEventListener("change", follow);
  find(".offered [type=search]", HTMLInputElement, element).addEventListener("input", search);
  element.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset.use) tell("", null);
    callIt();
  });
}
