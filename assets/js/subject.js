// Where the subject of a picture is, as the server finds it.

import { post } from "./api.js";
import { boxOf } from "./strokes.js";

/** @import { StoredPicture } from "./protocol.js" */
/** @import { Point } from "./strokes.js" */

/**
 * The subject at a point or in a box, as a grey picture: white on the subject.
 * @param {string} sha of the picture
 * @param {{ point?: Point, box?: ReturnType<typeof boxOf> }} where
 * @param {{ width: number, height: number }} picture
 * @returns {Promise<HTMLImageElement>}
 */
export async function findSubject(sha, { point, box }, { width, height }) {
  /** @param {number} value @param {number} most */
  const inside = (value, most) => Math.max(0, Math.min(most - 1, Math.floor(value)));
  let asked;
  if (point) asked = { point: [inside(point[0], width), inside(point[1], height)] };
  else if (box) {
    const [x, y] = [inside(box.x, width), inside(box.y, height)];
    const [right, low] = [inside(box.x + box.width, width), inside(box.y + box.height, height)];
    asked = { box: [x, y, Math.max(1, right - x), Math.max(1, low - y)] };
  }
  /** @type {StoredPicture} */
  const found = await post(`api/pictures/${sha}/selection`, asked);
  const image = new Image();
  image.src = `media/${found.sha}`;
  await image.decode();
  return image;
}
