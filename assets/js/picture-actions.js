// What can be done with a picture. Each part of the studio adds its own here; the viewer and the
// menu at a picture offer them all, and know none.

import { findHtml } from "./dom.js";
import { once } from "./once.js";

/**
 * A picture on the page.
 * @typedef {object} ShownPicture
 * @property {string} sha
 * @property {string} alt
 * @property {number} width in pixels, of the stored picture
 * @property {number} height
 * @property {string} origin "upload", "model" or "tool"
 * @property {string | null} message id of the message that it stands in
 */

/**
 * @typedef {object} PictureAction
 * @property {string} id
 * @property {string} label
 * @property {number} order lower comes first
 * @property {boolean} [prominent] whether the viewer shows it as a button of its own
 * @property {boolean} [above] whether it lies above the viewer, which then stays open
 * @property {(picture: ShownPicture) => boolean} [when] whether it can be done with this one
 * @property {(picture: ShownPicture) => unknown} act
 */

/** @type {PictureAction[]} */
const actions = [];

/** @param {PictureAction} action */
export function addPictureAction(action) {
  const { id, act } = action;
  actions.push({ ...action, act: (picture) => once(`${id} ${picture.sha}`, () => act(picture)) });
  actions.sort((one, other) => one.order - other.order);
}

/**
 * What can be done with a picture, in order.
 * @param {ShownPicture} picture
 */
export const actionsFor = (picture) => actions.filter(({ when }) => when?.(picture) ?? true);

/**
 * The picture that a frame of the transcript shows.
 * @param {HTMLElement} frame
 * @returns {ShownPicture}
 */
export function shownIn(frame) {
  const { sha = "", width = "0", height = "0", origin = "" } = frame.dataset;
  const alt = findHtml("img", frame).getAttribute("alt") ?? "";
  const message = frame.closest(".msg");
  return {
    sha,
    alt,
    width: Number(width),
    height: Number(height),
    origin,
    message: message instanceof HTMLElement ? (message.dataset.id ?? null) : null,
  };
}
