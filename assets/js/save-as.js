// “Download as”: a copy of a picture in another format, quality or size, and how many bytes that is.
// The stored picture is never touched.

import { previewed } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { addPictureAction } from "./picture-actions.js";
import { save } from "./picture-files.js";
import { decimal, plural, t } from "./words.js";

/** @import { ShownPicture } from "./picture-actions.js" */

const PAUSE_MS = 250;
const ENDINGS = { png: "png", jpeg: "jpg", webp: "webp", avif: "avif" };
const NAMES = { png: "PNG", jpeg: "JPEG", webp: "WebP", avif: "AVIF" };

/** @typedef {keyof typeof ENDINGS} Form */

/** @type {HTMLDialogElement} */
let dialog;
/** @type {ShownPicture} */
let picture;
/** @type {{ blob: Blob, form: Form } | null} */
let made = null;
/** @type {AbortController | null} */
let asking = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return plural(bytes, "{n} byte", "{n} bytes");
  if (bytes < 1e6) return `${decimal(bytes / 1e3, bytes < 1e4 ? 1 : 0)} kB`;
  return `${decimal(bytes / 1e6, bytes < 1e7 ? 2 : 1)} MB`;
}

/** @param {string} name */
const field = (name) => find(`[name=${name}]`, HTMLInputElement, dialog);

const form = () =>
  /** @type {Form} */ (find("[name=form]:checked", HTMLInputElement, dialog).value);

/** Width and height that are asked for. */
function wanted() {
  const longer = Math.max(picture.width, picture.height);
  const side = Math.round(Number(field("side").value)) || longer;
  const share = Math.max(1, side) / longer;
  return {
    width: Math.max(1, Math.round(picture.width * share)),
    height: Math.max(1, Math.round(picture.height * share)),
  };
}

function operations() {
  const { width, height } = wanted();
  const convert = { operation: "convert", form: form(), quality: Number(field("quality").value) };
  if (width === picture.width && height === picture.height) return [convert];
  return [{ operation: "resize", width_px: width, height_px: height }, convert];
}

/** @param {string} words @param {boolean} [ready] */
function tell(words, ready = false) {
  findHtml(".told", dialog).textContent = words;
  find(".done", HTMLButtonElement, dialog).disabled = !ready;
}

async function make() {
  asking?.abort();
  const mine = (asking = new AbortController());
  made = null;
  tell(t("Reckoning…"));
  const { width, height } = wanted();
  const chosen = form();
  try {
    const blob = await previewed(picture.sha, operations(), mine.signal);
    made = { blob, form: chosen };
    const lossless = chosen === "png" || (chosen === "webp" && field("quality").value === "100");
    const facts = [NAMES[chosen], ...(lossless ? [t("lossless")] : []), `${width} × ${height} px`, size(blob.size)];
    tell(facts.join(" · "), true);
  } catch (error) {
    if (!mine.signal.aborted) tell(error instanceof Error ? error.message : String(error));
  }
}

function changed() {
  const quality = findHtml(".quality", dialog);
  quality.hidden = form() === "png";
  findHtml("output", quality).textContent = field("quality").value;
  find(".done", HTMLButtonElement, dialog).disabled = true;
  clearTimeout(timer);
  timer = setTimeout(make, PAUSE_MS);
}

function finish() {
  if (!made) return;
  const address = URL.createObjectURL(made.blob);
  const words = picture.alt
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 8)
    .join("-")
    .slice(0, 60);
  save(address, `${words || "easel"}-${picture.sha.slice(0, 8)}.${ENDINGS[made.form]}`);
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser may still be reading it
  dialog.close();
}

/** @param {ShownPicture} shown */
function open(shown) {
  picture = shown;
  field("side").value = String(Math.max(picture.width, picture.height));
  showDialog(dialog);
  changed();
}

export function start() {
  dialog = find("#save-as", HTMLDialogElement);
  for (const each of findAll("input", dialog)) each.addEventListener("input", changed);
  find(".done", HTMLButtonElement, dialog).addEventListener("click", finish);
  find("form", HTMLFormElement, dialog).addEventListener("submit", (event) => {
    event.preventDefault();
    finish();
  });
  find(".cancel", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asking?.abort();
    made = null;
  });
  addPictureAction({ id: "save-as", label: t("Download as…"), order: 64, above: true, act: open });
}
