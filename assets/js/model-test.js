// Tries the connection to an endpoint, and says in a sentence what came of it.

import { post } from "./api.js";
import { t } from "./words.js";

/** @import { Shelf } from "./model-rows.js" */
/** @import { ModelGroup } from "./protocol.js" */

/** @type {Map<string, { works: boolean | null, sentence: string }>} */
const tests = new Map(); // by endpoint; works is null while it is being tried

/**
 * What is known of a shelf's connection, on the shelf.
 * @param {Shelf} shelf
 */
export function paint({ group, button, told }) {
  const last = tests.get(group.id);
  button.setAttribute("aria-disabled", String(last?.works === null));
  if (!last) return;
  told.textContent = last.sentence;
  told.dataset.works = String(last.works);
}

/**
 * @param {ModelGroup} group
 * @param {() => void} repaint
 */
export async function test(group, repaint) {
  if (tests.get(group.id)?.works === null) return;
  tests.set(group.id, { works: null, sentence: t("Testing …") });
  repaint();
  try {
    tests.set(group.id, await post(`api/endpoints/${encodeURIComponent(group.id)}/test`, {}, null));
  } catch (error) {
    tests.set(group.id, { works: false, sentence: error instanceof Error ? error.message : "" });
  }
  repaint();
}
