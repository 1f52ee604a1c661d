// The page “Models and keys”: which providers are set up, a form for each and for new ones. What is
// saved holds at once, here and in every other window.

import { get, patch, post, remove } from "./api.js";
import { find, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import * as models from "./models.js";
import { once } from "./once.js";
import * as form from "./provider-form.js";
import { on } from "./state.js";
import { locale, plural, t } from "./words.js";

/** @import { ModelOffered, ProviderForm, Providers, ProviderShown } from "./protocol.js" */

const STATES = { ready: t("ready"), failing: t("not working"), off: t("off"), lacking: t("not usable") };
const ROWS = "api/providers/rows";

/** @type {HTMLDialogElement} */
let dialog;
/** @type {Providers | null} */
let told = null;
/** @type {HTMLElement | null} */
let opener = null; // the button that a form was opened by
let asked = ""; // the id of the provider whose removal was asked for once

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [text]
 */
function made(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  if (text) node.dir = "auto";
  return node;
}

/** @param {string} words @param {string} name for those who hear it alone @param {() => unknown} act */
function button(words, name, act) {
  const node = made("button", "quiet", words);
  node.type = "button";
  node.setAttribute("aria-label", `${words}: ${name}`);
  node.addEventListener("click", () => once(`${words} ${name}`, act, complain));
  return node;
}

/** @param {unknown} error */
function complain(error) {
  const words = error instanceof Error ? error.message : String(error);
  if (findHtml(".form", dialog).hidden) say(words);
  else form.tell(words, false);
}

/** @param {string} words */
function say(words) {
  findHtml(".trouble", dialog).textContent = words;
}

/** @param {"overview" | "form" | "done"} view @param {string} title */
function turn(view, title) {
  for (const each of ["overview", "form", "done"]) {
    findHtml(`.body > .${each}`, dialog).hidden = each !== view;
  }
  findHtml("#providers-title", dialog).textContent = title;
  findHtml(".back", dialog).hidden = view === "overview";
  findHtml(".body", dialog).scrollTop = 0;
}

/** @param {ProviderShown} provider */
function shown(provider) {
  const item = made("li", "provider");
  item.dataset.provider = provider.id;
  const head = made("div", "head");
  head.append(made("h4", "", provider.title));
  head.append(made("span", `state ${provider.state}`, STATES[provider.state]));
  const count = provider.models.length;
  const facts = [provider.key];
  if (provider.state === "ready") facts.push(plural(count, "{n} model", "{n} models"));
  if (provider.usage) facts.push(provider.usage);
  item.append(head, made("p", "facts", facts.join(" · ")));
  const why = [refusal(provider), provider.reason].filter(Boolean).join(" ");
  if (why) item.append(made("p", "why", why));
  if (told?.closed) return item;
  item.append(acts(provider));
  return item;
}

/** That its key was refused, and when; empty: it was not. @param {ProviderShown} provider */
function refusal({ refused_at }) {
  if (!refused_at) return "";
  const at = new Date(refused_at);
  const today = at.toDateString() === new Date().toDateString();
  const time = today
    ? at.toLocaleTimeString(locale, { timeStyle: "short" })
    : at.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  return t("Its key was refused: {time}.", { time });
}

/** @param {ProviderShown} provider */
function acts(provider) {
  const row = made("div", "acts");
  if (asked === provider.id) {
    const stop = button(t("Cancel"), provider.title, () => keepAfterAll(provider));
    const sure = button(t("Remove for good"), provider.title, () => gone(provider));
    sure.classList.add("danger");
    row.append(stop, sure);
    return row;
  }
  if (provider.state === "failing") {
    row.append(button(t("Test connection"), provider.title, () => tested(provider)));
  }
  row.append(button(t("Change"), provider.title, () => edit(provider.form, provider)));
  const off = provider.state === "off";
  const turned = off ? t("Switch on") : t("Switch off");
  row.append(button(turned, provider.title, () => changed(patch(at(provider), { on: off }))));
  if (provider.removable) {
    row.append(button(t("Remove"), provider.title, () => askFirst(provider)));
  }
  return row;
}

/** @param {ProviderShown} provider */
const at = ({ id }) => `api/providers/${encodeURIComponent(id)}`;

/** @param {Promise<Providers>} answer */
async function changed(answer) {
  told = await answer;
  draw();
}

/** @param {ProviderShown} provider */
async function tested(provider) {
  await post(`api/endpoints/${encodeURIComponent(provider.asked)}/test`, {}, null);
  await load();
  focusOn(provider, ".acts button");
}

/** @param {ProviderShown} provider */
function keepAfterAll(provider) {
  asked = "";
  draw();
  focusOn(provider, ".acts button:last-of-type");
}

/** @param {ProviderShown} provider @param {string} what */
function focusOn(provider, what) {
  const row = dialog.querySelector(`.set-up [data-provider="${CSS.escape(provider.id)}"]`);
  if (row) findHtml(what, row).focus();
}

/** @param {ProviderShown} provider */
async function gone(provider) {
  asked = "";
  await changed(remove(at(provider)));
  findHtml("#providers-title", dialog).focus();
}

/** @param {ProviderShown} provider */
function askFirst(provider) {
  asked = provider.id;
  draw();
  const uses = provider.usage ? `${t("In use: {usage}. Their messages stay.", { usage: provider.usage })} ` : "";
  const key = provider.key_from === "kept" ? `${t("Its key is forgotten.")} ` : "";
  say(uses + key + t("Press “Remove for good” to remove {title}.", { title: provider.title }));
  focusOn(provider, ".acts button");
}

/** @param {ProviderForm} each */
function offer(each) {
  const item = made("li", "");
  const node = made("button", "offer");
  node.type = "button";
  node.dataset.provider = each.id;
  node.append(made("span", "title", each.title), made("span", "about", each.about));
  node.addEventListener("click", () => edit(each, null));
  item.append(node);
  return item;
}

function draw() {
  if (!told) return;
  const { set_up, available, closed, trouble, place } = told;
  say([closed, trouble].filter(Boolean).join(" "));
  findHtml(".set-up", dialog).hidden = !set_up.length;
  findHtml(".set-up ul", dialog).replaceChildren(...set_up.map(shown));
  findHtml(".available", dialog).hidden = Boolean(closed);
  findHtml(".available ul", dialog).replaceChildren(...available.map(offer));
  const ways = findHtml(".ways", dialog);
  ways.hidden = Boolean(closed);
  ways.textContent = `${t("Keys are kept {place}, are sent to their provider alone, and are never shown again.", { place })} `;
  const link = made("a", "", t("Save these providers as a file, without keys"));
  link.href = ROWS;
  link.download = "";
  if (set_up.some(({ removable }) => removable)) ways.append(link);
}

async function load() {
  told = await get("api/providers");
  draw();
}

/** @param {ProviderForm} drawn @param {ProviderShown | null} provider */
function edit(drawn, provider) {
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  say("");
  asked = "";
  turn("form", drawn.title);
  form.fill(drawn, provider);
}

function overview() {
  form.empty();
  turn("overview", t("Models and keys"));
  draw();
  const same = opener?.dataset.provider;
  const back = same && dialog.querySelector(`[data-provider="${CSS.escape(same)}"]`);
  if (back instanceof HTMLElement) back.focus();
  else findHtml("#providers-title", dialog).focus();
}

function complete() {
  const left = form.missing();
  if (!left) return true;
  form.tell(t("“{name}” is missing.", { name: left.labels?.[0]?.firstChild?.textContent ?? left.name }), false);
  left.focus();
  return false;
}

async function attempt() {
  if (!complete()) return;
  form.tell(t("Testing…"), null);
  form.show(await post("api/providers/trial", form.filled(), null));
}

async function keep() {
  if (!complete()) return;
  form.tell(t("Saving…"), null);
  told = await post("api/providers", { ...form.filled(), chosen: form.chosen() }, null);
  await models.refresh();
  const kept = told?.set_up.find(({ id }) => id === told?.saved);
  if (kept?.state === "failing") correct(kept);
  else if (kept) ready(kept);
  else overview();
}

/** It is kept, and does not work: what it said stands in its form. @param {ProviderShown} provider */
function correct(provider) {
  const typed = form.filled().key ?? "";
  turn("form", provider.title);
  form.fill(provider.form, provider);
  if (provider.refused_at) form.toKey(typed);
  form.tell(
    [t("It is kept, and does not work yet."), told?.noted, provider.reason].filter(Boolean).join(" "),
    false,
  );
}

/** @param {ModelOffered} model */
function usable(model) {
  const item = made("li", "");
  const node = made("button", "offer");
  node.type = "button";
  node.dataset.model = model.id;
  node.append(made("span", "title", model.title), made("span", "about", model.badges.join(", ")));
  node.addEventListener("click", () => {
    dialog.close();
    models.use(model.id);
    findHtml("#words").focus();
  });
  item.append(node);
  return item;
}

/** @param {ProviderShown} provider */
function ready(provider) {
  form.empty();
  turn("done", provider.title);
  const title = findHtml("#done-title", dialog);
  const none = provider.reason || t("It lists no models.");
  title.textContent = provider.models.length ? t("{title} is ready", { title: provider.title }) : none;
  findHtml(".done .noted", dialog).textContent = told?.noted ?? "";
  findHtml(".done .next", dialog).hidden = !provider.models.length;
  const draws = provider.models.filter(({ badges }) => badges.includes(t("picture")));
  const rest = provider.models.filter((model) => !draws.includes(model));
  findHtml(".done ul", dialog).replaceChildren(...[...draws, ...rest].map(usable));
  title.focus();
}

/** @param {string} [endpoint] whose key is to be entered */
export function open(endpoint) {
  if (dialog.open) return;
  asked = "";
  turn("overview", t("Models and keys"));
  showDialog(dialog);
  findHtml("#providers-title", dialog).focus();
  load()
    .then(() => {
      const asks = told?.set_up.find(({ endpoints }) => endpoint && endpoints.includes(endpoint));
      if (!asks || told?.closed || !dialog.open) return;
      edit(asks.form, asks);
      form.toKey();
    })
    .catch(complain);
}

export function start() {
  dialog = find("#providers", HTMLDialogElement);
  findHtml("#providers-title", dialog).tabIndex = -1;
  const element = find(".form", HTMLFormElement, dialog);
  form.start(element);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    once("keep a provider", keep, complain);
  });
  find(".try", HTMLElement, dialog).addEventListener("click", () =>
    once("test a provider", attempt, complain),
  );
  find(".back", HTMLElement, dialog).addEventListener("click", overview);
  find(".close", HTMLElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", form.empty);
  on("providers", open);
  on("told:models", () => {
    if (dialog.open && !findHtml(".overview", dialog).hidden) load().catch(complain);
  });
  for (const way of document.querySelectorAll("[data-providers]")) {
    way.addEventListener("click", () => open());
  }
}
