// What this page knows, and who wants to hear when it changes. No module keeps a copy.

/** @import { CarriedPicture, ModelFacts } from "./protocol.js" */

export const state = {
  /** @type {string | null} */
  conversation: null, // id, or null before the first message of a new one
  /** @type {string | null} */
  leaf: null, // the last message on the screen: the parent of the next one
  /** @type {CarriedPicture | null} */
  carry: null, // the latest picture of the conversation
  /** @type {ModelFacts | null} */
  card: null, // what the message box must know of the model that answers next
  spent: "", // what the conversation cost so far, in a sentence
  /** @type {Set<string>} */
  running: new Set(), // ids of replies on the screen that are being written
  online: true,
};

/** Whether the model that answers next changes pictures that it is given. */
export const edits = () => Boolean(state.card?.takes_pictures && state.card.draws);

/** @type {Map<string, ((detail: any) => void)[]>} */
const listeners = new Map();

/**
 * @param {string} name
 * @param {(detail: any) => void} listener
 */
export function on(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

/**
 * @param {string} name
 * @param {unknown} [detail]
 */
export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}
