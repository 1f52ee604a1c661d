// How many replies the next message is to have, side by side, and of which models. One again after
// each message: several cost several times as much, and nobody shall pay that by having forgotten it.

import { find } from "./dom.js";
import { openMenu } from "./menu.js";
import { chooseModels } from "./several-models.js";
import { emit, on } from "./state.js";
import { inARow, plural, t } from "./words.js";

/** @import { ModelRow } from "./protocol.js" */

const MOST = 4;

/** @type {HTMLButtonElement} */
let button;
let count = 1;
/** @type {ModelRow[]} */
let models = []; // empty: the conversation's own answers each time

/** What is wanted, as the server takes it. */
export const wanted = () => ({
  replies: count,
  models: models.map((model) => model.id),
});

/** @param {number} many */
const words = (many) => (plural(many, "One reply", "{n} replies side by side"));

/**
 * @param {number} many
 * @param {ModelRow[]} [of]
 */
function want(many, of = []) {
  count = many;
  models = of;
  button.textContent = of.length ? plural(many, "{n} model", "{n} models") : `${many}×`;
  button.dataset.count = String(many);
  const named = inARow(of.map((model) => model.label));
  const told = of.length
    ? plural(many, "{n} model answers the next message: {named}", "{n} models answer the next message: {named}", { named })
    : plural(many, "One reply to the next message", "{n} replies side by side to the next message");
  button.title = told;
  button.setAttribute("aria-label", t("{told}. Change", { told }));
}

export const reset = () => want(1);

/**
 * @param {number} many
 * @param {ModelRow[]} [of]
 */
function change(many, of) {
  want(many, of);
  emit("draft"); // it has another price now
  button.focus();
}

function choose() {
  const choices = Array.from({ length: MOST }, (_, at) => at + 1);
  const items = choices.map((many) => ({ label: words(many), act: () => change(many) }));
  const several = {
    label: t("A reply of several models…"),
    act: () => chooseModels(models.map((model) => model.id), MOST, (of) => change(of.length, of)),
  };
  openMenu(button, [...items, several]);
}

export function start() {
  button = find("#replies", HTMLButtonElement);
  button.addEventListener("click", choose);
  on("opened", reset);
  reset();
}
