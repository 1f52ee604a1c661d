// Better words for the message, by a text model: what would change is shown first, and nothing is
// replaced or sent before the user says so.

import { get, post } from "./api.js";
import { setText } from "./composer.js";
import { find, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { state } from "./state.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/** @import { PromptHelp, Rewording } from "./protocol.js" */

const MOST_WORDS = 1_500; // of longer texts only the new one is shown: comparing takes the square

/** @type {HTMLDialogElement} */
let dialog;
let proposed = "";
let asked = 0;

const where = () => (state.conversation ? `?conversation=${state.conversation}` : "");

/** @returns {Promise<PromptHelp>} */
export const help = () => get(`api/improvement${where()}`);

/** @param {string} text */
const pieces = (text) => text.match(/\s+|\S+/g) ?? [];

/**
 * What stays, goes and comes, word by word.
 * @param {string[]} before
 * @param {string[]} after
 * @returns {["same" | "del" | "ins", string][]}
 */
export function difference(before, after) {
  const width = after.length + 1;
  const common = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  /** @type {["same" | "del" | "ins", string][]} */
  const steps = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      steps.push(["same", before[i] ?? ""]);
      i += 1;
      j += 1;
    } else if (
      j >= after.length ||
      (i < before.length &&
        (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      steps.push(["del", before[i++] ?? ""]);
    } else {
      steps.push(["ins", after[j++] ?? ""]);
    }
  }
  return steps;
}

/** @param {string} text */
function show(text) {
  const [old, fresh] = [pieces(text), pieces(proposed)];
  const long = old.length > MOST_WORDS || fresh.length > MOST_WORDS;
  /** @type {["same" | "del" | "ins", string][]} */
  const steps = long ? [["ins", proposed]] : difference(old, fresh);
  findHtml(".change", dialog).replaceChildren(
    ...steps.map(([kind, words]) => {
      if (kind === "same") return words;
      const element = document.createElement(kind);
      element.textContent = words;
      return element;
    }),
  );
}

export async function open() {
  const text = find("#words", HTMLTextAreaElement).value.trim();
  const told = findHtml(".told", dialog);
  const use = find(".strong", HTMLButtonElement, dialog);
  asked += 1;
  const mine = asked;
  findHtml(".change", dialog).textContent = text;
  told.textContent = t("Asking for other words…");
  use.disabled = true;
  showDialog(dialog);
  try {
    /** @type {Rewording} */
    const answer = await post(`api/improvement${where()}`, { text: text.toWellFormed() }, null);
    if (mine !== asked || !dialog.open) return;
    proposed = answer.text;
    show(text);
    told.textContent = "";
    use.disabled = false;
    use.focus();
  } catch (error) {
    if (!dialog.open) complain(/** @type {Error} */ (error));
    else told.textContent = /** @type {Error} */ (error).message;
  }
}

export function start() {
  dialog = find("#improve", HTMLDialogElement);
  findHtml(".close", dialog).addEventListener("click", () => dialog.close());
  findHtml(".strong", dialog).addEventListener("click", () => {
    dialog.close();
    setText(proposed);
  });
  dialog.addEventListener("close", () => (asked += 1));
}
