// From the sign of a footnote to its note, and back to where one was reading.

import { findAll, findHtml, within } from "./dom.js";
import { scrolledByReader } from "./scroll.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @type {WeakMap<HTMLElement, HTMLElement>} by the button of a note: the sign it was reached from */
const reached = new WeakMap();

/** @param {HTMLElement} goal */
function go(goal) {
  scrolledByReader(true);
  goal.scrollIntoView({ block: "center" });
  goal.focus({ preventScroll: true });
}

/**
 * The buttons of one message that stand for the same label. Compared as text: a label is a model's.
 * @param {HTMLElement} button
 * @param {"note" | "noted"} kind
 */
function fellows(button, kind) {
  const body = button.closest(".body");
  if (!body) return [];
  const { note, noted } = button.dataset;
  return findAll(`[data-${kind}]`, body).filter((each) => each.dataset[kind] === (note ?? noted));
}

export function start() {
  findHtml("#messages").addEventListener("click", (event) => {
    const sign = within(event, ".body [data-note]");
    const back = within(event, ".body [data-noted]");
    if (sign) {
      const [note] = fellows(sign, "noted");
      if (!note) {
        toast(t("This message has no such note."));
        return;
      }
      reached.set(note, sign);
      go(note);
    } else if (back) {
      const last = reached.get(back);
      const goal = last?.isConnected ? last : fellows(back, "note")[0];
      if (goal) go(goal);
      else toast(t("Nothing in this message refers to this note."));
    }
  });
}
