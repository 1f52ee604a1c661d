// Tries the connection to an endpoint, and says in a sentence what came of it.

import { post } from "./api.js";
import { t } from "./words.js";

/** @import { Shelf } from "./model-rows.js" */
/** @import { ModelGroup } from "./protocol.js" */

/** @typedef {{ works: boolean | null, sentence: string }} Told */

/** @type {Map<string, Told & { before: string }>} */
const tests = new Map(); // by endpoint; works is null while it is being tried

/**
 * The server's own word counts where it has another since the test began.
 * @param {ModelGroup} group
 * @returns {Told | null}
 */
function known({ id, trouble }) {
  const last = tests.get(id);
  if (last && (last.works === null || last.before === trouble)) return last;
  if (trouble) return { works: false, sentence: trouble };
  return last?.works ? last : null;
}

/**
 * What is known of a shelf's connection, on the shelf.
 * @param {Shelf} shelf
 */
export function paint({ group, button, told }) {
  const last = known(group);
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
  const before = group.trouble;
  /** @param {Told} told */
  const tell = (told) => tests.set(group.id, { ...told, before });
  tell({ works: null, sentence: t("Testing…") });
  repaint();
  try {
    tell(await post(`api/endpoints/${encodeURIComponent(group.id)}/test`, {}, null));
  } catch (error) {
    tell({ works: false, sentence: error instanceof Error ? error.message : "" });
  }
  repaint();
}
