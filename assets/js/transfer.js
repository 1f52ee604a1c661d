// What a clipboard or a drag holds, and what of it was meant.

/**
 * @typedef {object} OwnPicture a picture that Easel has already
 * @property {string} sha
 * @property {string} name
 */

const OWN = "application/x-easel-picture"; // browsers keep types of one's own within the site
const STORED = /^(?:~[^/]+\/)?media\/([0-9a-f]{64})(?:\/thumb)?(?:[?#]|$)/;
const ADDRESS = /^https?:\/\/[^\s]+$/i;
const PICTURE = /\.(?:png|jpe?g|webp|gif|avif|hei[cf]|bmp|tiff?)$/i;
const IMG = /<img\b[^>]*\ssrc="(https?:[^"]+)"/i;
const EXTENSION = /\.[a-z0-9]{2,5}$/i;

/** @param {DataTransfer} transfer */
export const carriesOwn = (transfer) => transfer.types.includes(OWN);

/**
 * A picture of the transcript sets out: for Easel it is the stored original, for others its address.
 * @param {DataTransfer} transfer
 * @param {OwnPicture} picture
 * @param {string} home where Easel is, with a slash at its end
 */
export function carry(transfer, picture, home) {
  const address = `${home}media/${picture.sha}`;
  transfer.effectAllowed = "copy";
  transfer.clearData();
  transfer.setData(OWN, JSON.stringify(picture));
  transfer.setData("text/uri-list", address);
}

/**
 * The stored picture that is dragged, also from another page of this Easel.
 * @param {DataTransfer} transfer
 * @param {string} home where Easel is, with a slash at its end
 * @returns {OwnPicture | null}
 */
export function ownPicture(transfer, home) {
  const own = transfer.getData(OWN);
  if (own) return JSON.parse(own);
  for (const line of transfer.getData("text/uri-list").split(/\r?\n/)) {
    const sha = line.startsWith(home) && STORED.exec(line.slice(home.length))?.[1];
    if (sha) return { sha, name: "" };
  }
  return null;
}

/**
 * Office programs put a picture of the words beside them; a file manager the file's name. What
 * was meant are the words, and the file.
 * @param {DataTransfer} transfer
 * @returns {"files" | "words"}
 */
export function pastes(transfer) {
  const files = [...transfer.files];
  if (!files.length) return "words";
  const lines = transfer.getData("text/plain").trim().split(/\s*[\r\n]+\s*/);
  const names = files.map((file) => file.name);
  const isName = (/** @type {string} */ line) =>
    names.some((name) => line === name || line.endsWith(`/${name}`) || bare(name) === line);
  return lines.every((line) => line === "" || isName(line)) ? "files" : "words";
}

/**
 * The address of a picture of the web, where just that was copied or dragged.
 * @param {DataTransfer} transfer
 * @returns {string | null}
 */
export function pictureAddress(transfer) {
  const links = transfer.getData("text/uri-list").split(/\r?\n/);
  const link = links.find((line) => line && !line.startsWith("#")) ?? transfer.getData("text/plain");
  const address = link.trim();
  if (!ADDRESS.test(address)) return null;
  const shown = IMG.exec(transfer.getData("text/html"))?.[1]?.replaceAll("&amp;", "&");
  if (shown) return shown;
  return PICTURE.test(address.split(/[?#]/)[0] ?? "") ? address : null;
}

/** @param {string} name */
const bare = (name) => name.replace(EXTENSION, "");

/** @param {DataTransfer} transfer */
const entries = (transfer) =>
  [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ file: item.getAsFile(), folder: item.webkitGetAsEntry?.()?.isDirectory }));

/**
 * @param {DataTransfer} transfer
 * @returns {string[]} the names of the folders in it
 */
export const namesFolders = (transfer) =>
  entries(transfer).flatMap(({ file, folder }) => (folder ? [file?.name ?? ""] : []));

/**
 * @param {DataTransfer} transfer
 * @returns {File[]}
 */
export const filesIn = (transfer) =>
  entries(transfer).flatMap(({ file, folder }) => (file && !folder ? [file] : []));
