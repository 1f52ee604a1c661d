// What a clipboard or a drag holds, and what of it was meant.

/**
 * @typedef {object} OwnPicture a picture that Easel has already
 * @property {string} sha
 * @property {string} name
 */

const OWN = "application/x-easel-picture"; // browsers keep types of one's own within the site
const STORED = /^\/media\/([0-9a-f]{64})(\/thumb)?$/;
const EXTENSION = /\.[a-z0-9]{2,5}$/i;

/** @param {DataTransfer} transfer */
export const carriesOwn = (transfer) => transfer.types.includes(OWN);

/**
 * A picture of the transcript sets out: for Easel it is the stored original, for others its address.
 * @param {DataTransfer} transfer
 * @param {OwnPicture} picture
 * @param {string} origin
 */
export function carry(transfer, picture, origin) {
  const address = `${origin}/media/${picture.sha}`;
  transfer.effectAllowed = "copy";
  transfer.clearData();
  transfer.setData(OWN, JSON.stringify(picture));
  transfer.setData("text/uri-list", address);
}

/**
 * The stored picture that is dragged, also from another page of this Easel.
 * @param {DataTransfer} transfer
 * @param {string} origin
 * @returns {OwnPicture | null}
 */
export function ownPicture(transfer, origin) {
  const own = transfer.getData(OWN);
  if (own) return JSON.parse(own);
  for (const line of transfer.getData("text/uri-list").split(/\r?\n/)) {
    const sha = line.startsWith(`${origin}/`) && STORED.exec(new URL(line).pathname)?.[1];
    if (sha) return { sha, name: "" };
  }
  return null;
}

/**
 * Office programs put a picture of the words beside them; a file manager the file's name. What
 * was meant are the words, and the file.
 * @param {DataTransfer} transfer
 * @returns {"pictures" | "words"}
 */
export function pastes(transfer) {
  const files = [...transfer.files];
  if (!files.length) return "words";
  const lines = transfer.getData("text/plain").trim().split(/\s*[\r\n]+\s*/);
  const names = files.map((file) => file.name);
  const isName = (/** @type {string} */ line) =>
    names.some((name) => line === name || line.endsWith(`/${name}`) || bare(name) === line);
  return lines.every((line) => line === "" || isName(line)) ? "pictures" : "words";
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
