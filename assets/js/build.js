// Which build of Easel this page is of, and what becomes of what it does not understand: an error
// for its developer, a remark for everybody else.

import { toast } from "./toast.js";
import { t } from "./words.js";

const OLD = t("This page does not understand all that Easel says. Load it again.");

/** As the server wrote it into the page's head. */
function facts() {
  const meta = document.querySelector("meta[name=easel-build]");
  return meta instanceof HTMLMetaElement ? meta : null;
}

export const buildId = () => facts()?.content ?? "";

export const version = () => facts()?.dataset.version ?? "";

const inDevelopment = () => facts()?.dataset.development === "true";

let remarked = false;

/**
 * Something unknown came from the server: a message, an action, a state.
 * @param {string} kind what it is
 * @param {unknown} name what it calls itself
 */
export function unknown(kind, name) {
  const words = `This page knows no ${kind} “${String(name)}”.`;
  if (inDevelopment()) {
    toast(words, { urgent: true });
    throw new Error(words);
  }
  console.warn(words);
  if (!remarked) toast(OLD, { label: t("Load again"), action: () => location.reload() });
  remarked = true;
}
