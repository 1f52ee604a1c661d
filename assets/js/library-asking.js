// A question of the library, in a dialog: a name, or whether to go on.

import { find, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";

/**
 * What is asked.
 * @typedef {object} Asked
 * @property {string} title
 * @property {Node[]} [told] what to know before
 * @property {string} go the words of the button
 * @property {string} [name] a name to begin with; left out: none is asked for
 * @property {boolean} [grave] whether something is taken away
 * @property {(name: string) => Promise<unknown>} [act] what is done with it; where it fails, it is asked again
 */

const dialog = () => find("#pictures .ask", HTMLDialogElement);

/**
 * The answer: a name, or "" where none was asked for; null: no.
 * @param {Asked} asked
 * @returns {Promise<string | null>}
 */
export function ask({ title, told = [], go, name, grave = false, act }) {
  const box = dialog();
  const label = find("label", HTMLLabelElement, box);
  const field = find("input", HTMLInputElement, box);
  const yes = find("[value=ok]", HTMLButtonElement, box);
  const no = find("[value=cancel]", HTMLButtonElement, box);
  findHtml("h3", box).textContent = title;
  findHtml(".told", box).replaceChildren(...told);
  label.hidden = name === undefined;
  field.value = name ?? "";
  field.required = name !== undefined;
  yes.textContent = go;
  yes.classList.toggle("grave", grave);
  no.onclick = () => box.close("cancel");
  find("form", HTMLFormElement, box).onsubmit = (event) => {
    if (!act) return;
    event.preventDefault();
    const work = async () => {
      await act(field.value.trim());
      box.close("ok");
    };
    once(`ask ${title}`, work, (error) => {
      findHtml(".told", box).textContent = error instanceof Error ? error.message : String(error);
    });
  };
  box.returnValue = "";
  showDialog(box);
  if (name === undefined) no.focus();
  else field.select();
  return new Promise((resolve) => {
    box.onclose = () => resolve(box.returnValue === "ok" ? field.value.trim() : null);
  });
}
