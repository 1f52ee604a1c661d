// What this page knows, and who wants to hear when it changes. No module keeps a copy.

export const state = {
  conversation: null, // id, or null before the first message of a new one
  leaf: null, // the last message on the screen: the parent of the next one
  carry: null, // the latest picture of the conversation, or null
  card: null, // what the message box must know of the model that answers next, or null
  spent: "", // what the conversation cost so far, in a sentence
  running: new Set(), // ids of replies on the screen that are being written
  online: true,
};

const listeners = new Map();

export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(listener);
}

export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}
