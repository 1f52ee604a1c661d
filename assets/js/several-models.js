// A dialog in which two to four models are chosen, to answer one message side by side.

import { get } from "./api.js";
import { showDialog } from "./layers.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/** @import { ModelMenu, ModelRow } from "./protocol.js" */

const FEWEST = 2;

/**
 * An element with a class and words.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [className]
 * @param {string} [words]
 */
function made(name, className = "", words = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = words;
  return element;
}

/**
 * @param {ModelRow} row
 * @param {boolean} checked
 */
function choice(row, checked) {
  const label = made("label");
  const box = made("input");
  box.type = "checkbox";
  box.value = row.id;
  box.checked = checked;
  label.append(box, made("span", "title", row.label), made("span", "price", row.price));
  return label;
}

/**
 * @param {string} label
 * @param {string} className
 */
function button(label, className) {
  const element = made("button", className, label);
  element.type = "button";
  return element;
}

/**
 * Ask which models are to answer.
 * @param {string[]} chosen ids that are ticked at first
 * @param {number} most
 * @param {(models: ModelRow[]) => void} done
 */
export async function chooseModels(chosen, most, done) {
  /** @type {ModelMenu} */
  let menu;
  try {
    menu = await get("api/models");
  } catch (error) {
    complain(error);
    return;
  }
  const usable = menu.groups
    .filter((group) => !group.reason)
    .flatMap((group) => group.models.filter((row) => !row.reason));
  const dialog = made("dialog");
  dialog.id = "several-models";
  dialog.setAttribute("aria-labelledby", "several-models-title");
  const title = made("h2", "", t("Which models answer? {fewest} to {most}", { fewest: FEWEST, most }));
  title.id = "several-models-title";
  const list = made("div", "choices");
  list.append(...usable.map((row) => choice(row, chosen.includes(row.id))));
  const hint = made("p", "hint");
  hint.setAttribute("role", "status");
  const [cancel, use] = [button(t("Cancel"), "cancel"), button(t("Use these"), "done")];
  const ends = made("div", "ends");
  ends.append(cancel, use);
  dialog.append(title, list, hint, ends);
  const boxes = [...list.querySelectorAll("input")];
  const ticked = () => boxes.filter((box) => box.checked);
  const judge = () => {
    const count = ticked().length;
    use.disabled = count < FEWEST || count > most;
    for (const box of boxes) box.disabled = !box.checked && count >= most;
    hint.textContent =
      usable.length < FEWEST
        ? t("Only one model can be used now. Help, Models and keys, says how to add others.")
        : t("{count} chosen. Each gives a reply of its own, and each is paid.", { count });
  };
  list.addEventListener("change", judge);
  cancel.addEventListener("click", () => dialog.close());
  use.addEventListener("click", () => {
    const ids = ticked().map((box) => box.value);
    dialog.close();
    done(usable.filter((row) => ids.includes(row.id)));
  });
  dialog.addEventListener("close", () => dialog.remove());
  judge();
  document.body.append(dialog);
  showDialog(dialog);
}
