// A picture leaves the page: to the clipboard, to other programs, as its file, or with its recipe.

import { demandLine, getFile, previewed } from "./api.js";
import { addPictureAction } from "./picture-actions.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { ShownPicture } from "./picture-actions.js" */

const NO_COPY =
  t("This browser does not let a page copy pictures here. Download it, or use the browser's own menu on the picture.");

const LOST = t("The file of this picture is lost.");

/** @param {ShownPicture} picture */
const title = ({ alt }) => encodeURIComponent(alt.slice(0, 120));

/** Where the original is, under a telling name. @param {ShownPicture} picture */
export const downloadAddress = (picture) =>
  `media/${picture.sha}?download=1&title=${title(picture)}`;

/** As a PNG, which is what clipboards hold. @param {string} sha */
async function asPng(sha) {
  const stored = await getFile(`media/${sha}`, LOST);
  if (stored.type === "image/png") return stored;
  return previewed(sha, [{ operation: "convert", form: "png" }]);
}

/** @param {ShownPicture} picture */
async function copy({ sha }) {
  if (!navigator.clipboard?.write || typeof ClipboardItem === "undefined") {
    toast(NO_COPY, { urgent: true });
    return;
  }
  // Begun within the press of the button: later the browser would not allow it.
  const png = asPng(sha);
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  } catch {
    await png; // where it is the picture that does not come, that is said
    throw new Error(NO_COPY);
  }
  toast(t("The picture is copied."));
}

const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/avif": "avif" };

/** @param {ShownPicture} picture */
async function share({ sha, alt }) {
  try {
    const stored = await getFile(`media/${sha}`, LOST);
    const ending = ENDINGS[/** @type {keyof typeof ENDINGS} */ (stored.type)] ?? "img";
    const file = new File([stored], `${alt.slice(0, 40) || "picture"}.${ending}`, {
      type: stored.type,
    });
    if (navigator.canShare?.({ files: [file] })) await navigator.share({ files: [file] });
    else toast(t("This browser cannot share a picture of this kind. Download it."), { urgent: true });
  } catch (error) {
    // The user has closed the sheet.
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  }
}

/** Have the browser keep what is at an address. @param {string} address @param {string} [name] */
export function save(address, name = "") {
  if (!address.startsWith("blob:")) demandLine();
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  (document.querySelector("dialog[open]") ?? document.body).append(link);
  link.click();
  link.remove();
}

export function start() {
  addPictureAction({
    id: "download",
    label: t("Download"),
    order: 58,
    act: (picture) => save(downloadAddress(picture)),
  });
  addPictureAction({ id: "copy-picture", label: t("Copy picture"), order: 60, above: true, act: copy });
  addPictureAction({
    id: "share-picture",
    label: t("Share…"),
    order: 62,
    above: true,
    when: () => typeof navigator.share === "function",
    act: share,
  });
  addPictureAction({
    id: "with-recipe",
    label: t("Download with recipe"),
    order: 66,
    above: true,
    when: ({ message }) => state.conversation !== null && message !== null,
    act: (picture) =>
      save(
        `api/pictures/${picture.sha}/with-recipe?conversation=${state.conversation}&title=${title(picture)}`,
      ),
  });
}
