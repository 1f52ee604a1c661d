// Pictures and files on their way to the server, two at a time. What the server does not want leaves
// the tray with a sentence; what it could not be given stays there, to be tried again.

import { add, mayBeTriedAgain, post } from "./api.js";
import { demandAdding } from "./rights.js";
import { toast } from "./toast.js";
import * as tray from "./tray.js";
import { number, plural, t } from "./words.js";

/** @import { Item } from "./chip.js" */
/** @import { Added } from "./protocol.js" */

const AT_ONCE = 2;
const PICTURE = /\.(?:png|jpe?g|webp|gif|avif|hei[cf]|bmp|tiff?|svg)$/i;

/** @typedef {{ item: Item, send: () => Promise<Added> }} Upload */

/** @type {Upload[]} */
let waiting = [];
let underWay = 0;

/** @param {File} file by its type and name: what it is the server says when it has arrived */
const seemsPicture = ({ type, name }) => type.startsWith("image/") || PICTURE.test(name);

/** @param {Iterable<File> | ArrayLike<File>} given */
export function addFiles(given) {
  const all = Array.from(given);
  if (!all.length || !demandAdding()) return;
  const most = tray.limits();
  for (const isFile of [false, true]) {
    const chosen = all.filter((file) => seemsPicture(file) !== isFile);
    const limit = isFile ? most.files : most.pictures;
    const room = Math.max(limit - tray.count(isFile), 0);
    if (chosen.length > room) {
      const left = chosen.length - room;
      const words = isFile
        ? plural(left, "At most {limit} files go with one message; {n} left out.", "At most {limit} files go with one message; {n} left out.", { limit })
        : plural(left, "At most {limit} pictures go with one message; {n} left out.", "At most {limit} pictures go with one message; {n} left out.", { limit });
      toast(words, { urgent: true });
    }
    for (const file of chosen.slice(0, room)) {
      if (file.size > most.bytes) {
        const advice = isFile ? t("Add a part of it.") : t("Make it smaller and add it again.");
        toast(`${t("{name}: larger than {size}.", { name: file.name, size: `${number(most.bytes / 1e6)} MB` })} ${advice}`, { urgent: true });
        continue;
      }
      wait(file.name || t("Pasted"), () => add(file), isFile ? t("File") : "");
    }
  }
  tray.changed();
  next();
}

/**
 * A picture of the web; the server fetches it, because the user has asked for it.
 * @param {string} address
 * @param {() => void} refused the address may have to be put right
 */
export function addAddress(address, refused) {
  if (!demandAdding() || !tray.hasRoom()) return;
  const name = decodeName(address.split(/[?#]/)[0]?.split("/").at(-1) || address);
  const asked = async () => {
    try {
      return { picture: await post("api/media/address", { address }), file: null };
    } catch (error) {
      if (!mayBeTriedAgain(error)) refused();
      throw error;
    }
  };
  wait(name, asked, "");
  tray.changed();
  next();
}

/** @param {string} name as it stands in an address */
function decodeName(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * @param {string} name
 * @param {() => Promise<Added>} send
 * @param {string} file what kind of file it seems to be; empty: a picture
 */
function wait(name, send, file) {
  waiting.push({ item: tray.expect(name, file), send });
}

function next() {
  waiting = waiting.filter(({ item }) => tray.stands(item)); // the others were taken out
  while (underWay < AT_ONCE) {
    const upload = waiting.shift();
    if (!upload) return;
    underWay += 1;
    upload
      .send()
      .then((added) => tray.arrived(upload.item, added))
      .catch((error) => failed(upload, error))
      .finally(() => {
        underWay -= 1;
        tray.changed();
        next();
      });
  }
}

/**
 * @param {Upload} upload
 * @param {Error} error
 */
function failed(upload, error) {
  const { item } = upload;
  if (!tray.stands(item)) return;
  toast(`${item.name}: ${error.message}`, { urgent: true });
  if (!mayBeTriedAgain(error)) {
    tray.turnedAway(item);
    return;
  }
  item.busy = false;
  item.again = () => {
    if (item.busy) return;
    item.busy = true;
    waiting.push(upload);
    tray.changed();
    next();
  };
}
