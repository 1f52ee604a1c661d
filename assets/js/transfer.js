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
const IMG = /<img\b[^<>]*\ssrc=(?:"([^"<>]+)"|'([^'<>]+)')/i;
const TAG = /<[^<>]*>|&nbsp;/g;
const INLINE = /^data:(image\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=\s]+)$/i;
const SHA = /^[0-9a-f]{64}$/;
const HEADS = ["x-special/nautilus-clipboard", "copy", "cut"]; // before a file manager's list
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
  const own = told(transfer.getData(OWN));
  if (own) return own;
  for (const line of transfer.getData("text/uri-list").split(/\r?\n/)) {
    const sha = line.startsWith(home) && STORED.exec(line.slice(home.length))?.[1];
    if (sha) return { sha, name: "" };
  }
  return null;
}

/**
 * @param {string} own what was said to be a picture of ours; another site may have written it
 * @returns {OwnPicture | null}
 */
function told(own) {
  try {
    const { sha, name } = JSON.parse(own);
    return SHA.test(sha) ? { sha, name: String(name ?? "") } : null;
  } catch {
    return null;
  }
}

/**
 * Office programs put a picture of the words beside them; a file manager the file's name, a browser
 * the picture's address. What was meant are the words, the file, and the picture.
 * @param {DataTransfer} transfer
 * @returns {"files" | "words"}
 */
export function pastes(transfer) {
  const files = [...transfer.files];
  if (!files.length) return "words";
  const html = transfer.getData("text/html");
  if (pictureAddress(transfer) && (!html || shownIn(html))) return "files";
  const lines = transfer.getData("text/plain").trim().split(/\s*[\r\n]+\s*/);
  const listed = lines[0] === HEADS[0] ? lines.filter((line) => !HEADS.includes(line)) : lines;
  const names = files.map((file) => file.name.normalize());
  const isName = (/** @type {string} */ line) => {
    const name = fileName(line);
    return names.some((each) => each === name || bare(each) === name || each === line);
  };
  return listed.every((line) => line === "" || isName(line)) ? "files" : "words";
}

/**
 * The name of a file that a line tells, by its path or its address.
 * @param {string} line
 */
function fileName(line) {
  const path = line.replace(/^"([^"]*)"$/, "$1").normalize();
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  if (!path.startsWith("file:")) return name;
  try {
    return decodeURIComponent(name).normalize();
  } catch {
    return name;
  }
}

/**
 * The source of the picture that a piece of HTML is, where it has no words.
 * @param {string} html
 * @returns {string}
 */
function shownIn(html) {
  const found = IMG.exec(html);
  const source = found?.[1] ?? found?.[2] ?? "";
  return source && !html.replace(TAG, " ").trim() ? source.replaceAll("&amp;", "&") : "";
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
  const html = transfer.getData("text/html");
  // Some programs tell the picture alone, and no address of its page.
  if (address && !ADDRESS.test(address)) return null;
  const shown = html && shownIn(html);
  if (shown && ADDRESS.test(shown)) return shown;
  return PICTURE.test(address.split(/[?#]/)[0] ?? "") ? address : null;
}

/**
 * A picture that stands in the HTML itself, as of editors on the web, where nothing else was copied.
 * @param {DataTransfer} transfer
 * @returns {File | null}
 */
export function inlinePicture(transfer) {
  const plain = transfer.getData("text/plain").trim();
  if (transfer.files.length || (plain && !plain.startsWith("data:"))) return null;
  const source = shownIn(transfer.getData("text/html")) || transfer.getData("text/uri-list").trim();
  const [, type, digits] = INLINE.exec(source) ?? [];
  if (!type || !digits) return null;
  try {
    const bytes = Uint8Array.from(atob(digits), (letter) => letter.charCodeAt(0));
    return new File([bytes], `picture.${type.slice("image/".length).split("+")[0]}`, { type });
  } catch {
    return null; // no base64
  }
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
