// What a model takes of the pictures of one message, and what of them falls out. The server has the
// same rule, and refuses what is sent against it.

import { decimal, number, plural, t } from "./words.js";

/** @import { ModelFacts } from "./protocol.js" */

/**
 * @template {{ bytes: number }} P
 * @param {P[]} pictures in the order of sending
 * @param {Pick<ModelFacts, "most_pictures" | "most_bytes"> | null} card
 * @returns {{ going: P[], left: P[], bytes: number }} `bytes` are those of what goes
 */
export function fitting(pictures, card) {
  // What takes none refuses in words; nothing the user chose stays behind in silence.
  if (!card?.most_pictures) return { going: pictures, left: [], bytes: sum(pictures) };
  /** @type {P[]} */
  const going = [];
  /** @type {P[]} */
  const left = [];
  let bytes = 0;
  for (const picture of pictures) {
    const room = going.length < card.most_pictures;
    // One alone may be larger: a smaller copy of it is made for the model.
    const light = going.length === 0 || bytes + picture.bytes <= card.most_bytes;
    if (room && light) {
      going.push(picture);
      bytes += picture.bytes;
    } else left.push(picture);
  }
  return { going, left, bytes };
}

/** @param {{ bytes: number }[]} pictures */
const sum = (pictures) => pictures.reduce((whole, { bytes }) => whole + bytes, 0);

/**
 * Why a picture stays behind, in words.
 * @param {{ title: string, most_pictures: number, most_bytes: number }} card
 * @param {number} going how many go
 */
export const whyLeft = (card, going) =>
  going >= card.most_pictures
    ? plural(card.most_pictures, "{title} takes {n} at once", "{title} takes {n} at once", { title: card.title })
    : t("{title} takes {size} at once", { title: card.title, size: megabytes(card.most_bytes) });

/** @param {number} bytes */
export function megabytes(bytes) {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${number(Math.round(bytes / 1e3))} kB`;
  return `${decimal(bytes / 1e6, bytes < 1e7 ? 1 : 0)} MB`;
}
