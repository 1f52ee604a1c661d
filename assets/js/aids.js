// Help with the words of a message: presets, what was asked before, and the settings of a reply.

import { get, post } from "./api.js";
import { setText } from "./composer.js";
import { find, findAll, findHtml } from "./dom.js";
import * as servers from "./from-servers.js";
import * as improve from "./improve.js";
import { showDialog } from "./layers.js";
import { openMenu } from "./menu.js";
import { addPictureAction } from "./picture-actions.js";
import * as presets from "./presets.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { EarlierPrompts } from "./protocol.js" */

const WAIT_MS = 200;

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLInputElement} */
let query;
/** @type {HTMLElement} */
let list;
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const options = () => findAll('[role="option"]', list);

/** @param {HTMLElement | undefined} option */
function mark(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  query.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement | undefined} option */
function use(option) {
  if (!option) return;
  dialog.close();
  setText(option.dataset.text ?? "");
}

async function look() {
  asked += 1;
  const mine = asked;
  try {
    /** @type {EarlierPrompts} */
    const { prompts } = await get(`api/prompts?${new URLSearchParams({ q: query.value })}`);
    if (mine !== asked) return;
    list.replaceChildren(
      ...prompts.map((text, at) => {
        const option = document.createElement("li");
        option.id = `earlier-${at}`;
        option.setAttribute("role", "option");
        option.dir = "auto";
        option.dataset.text = text;
        option.textContent = text.length > 300 ? `${text.slice(0, 300)}…` : text;
        return option;
      }),
    );
    findHtml(".told", dialog).textContent = prompts.length ? "" : t("Nothing was asked in these words.");
    mark(options()[0]);
  } catch (error) {
    findHtml(".told", dialog).textContent = /** @type {Error} */ (error).message;
  }
}

async function earlier() {
  query.value = "";
  list.replaceChildren();
  showDialog(dialog);
  query.focus();
  await look();
}

/** @param {KeyboardEvent} event */
function key(event) {
  const all = options();
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    use(all[at]);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % Math.max(1, all.length)));
  }
}

/** @param {string} message */
async function reuse(message) {
  await post(`api/messages/${message}/settings`);
  toast(t("The next reply is made with the model and the settings of this one."));
}

/** @param {HTMLButtonElement} button */
async function menu(button) {
  const empty = !find("#words", HTMLTextAreaElement).value.trim();
  const [told, insertable] = await Promise.all([
    improve.help().catch((error) => ({ model: "", reason: error.message })),
    servers.insertable(),
  ]);
  const why = told.reason || (empty ? t("Write something first.") : "");
  openMenu(button, [
    { label: t("Presets…"), act: presets.open },
    { label: t("Earlier questions…"), act: earlier },
    ...(insertable ? [{ label: t("From a server…"), act: servers.open }] : []),
    {
      label: why ? t("Improve the words: {why}", { why }) : t("Improve the words, by {model}…", { model: told.model }),
      act: improve.open,
      disabled: why !== "",
    },
  ]);
}

export function start() {
  dialog = find("#earlier", HTMLDialogElement);
  query = find("input", HTMLInputElement, dialog);
  list = findHtml("#earlier-list");
  const button = find("#aids", HTMLButtonElement);
  button.addEventListener("click", () => menu(button));
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  query.addEventListener("keydown", key);
  list.addEventListener("click", ({ target }) => {
    const option = target instanceof Element ? target.closest('[role="option"]') : null;
    if (option instanceof HTMLElement) use(option);
  });
  addPictureAction({
    id: "settings",
    label: t("Use these settings"),
    order: 75,
    when: ({ origin, message }) => origin === "model" && message !== null,
    act: ({ message }) => message && reuse(message),
  });
}
