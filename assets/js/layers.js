// What is opened over the conversation or beside it, and closed again: dialogs, menus, drawers,
// panels. Each has an entry of its own in the browser's history, so Back closes the topmost before it
// leaves the conversation, on a phone too; what is closed in another way takes its entry back. Only
// this module writes entries: a walk through the history takes its time, and what comes meanwhile
// waits for it. (To intercept a Back and cancel it, as the Navigation API would, does not do: without a
// press in between Chromium lets the next one through.)

import { emit } from "./state.js";

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {() => boolean} isOpen
 * @property {() => void} close
 * @property {string} [hash] of the address while it is open. No element may have it for an id: a walk
 *   to it would take the focus away
 * @property {() => void} [open] how it comes back by Forward, by a reload or by its address
 */

/**
 * @typedef {object} Shown a layer that is open
 * @property {Layer} layer
 * @property {boolean} entered whether it has its entry already
 * @property {boolean} inPlace whether the entry of the conversation itself has its hash, as from a link
 */

/** @type {Shown[]} */
let shown = []; // the topmost last
/** @type {Layer[]} */
const addressed = [];
/** @type {{ address: URL, replace: boolean }[]} */
const visits = []; // conversations whose entries are still to be written
/** @type {(() => void) | null} */
let arrive = null; // ends the walk that is under way
let settling = true; // not before the page has started

/** The layers of the entry that the browser is at, from the lowest. @returns {string[]} */
const here = () => history.state?.layers ?? [];

/** Those that have an entry, or are to have one. */
const own = () => shown.filter(({ inPlace }) => !inPlace);

/**
 * @param {number} by
 * @returns {Promise<void>}
 */
const walk = (by) =>
  new Promise((resolve) => {
    arrive = resolve;
    history.go(by);
  });

/** The address with the hash of the topmost layer that has one, and of no layer that is closed. */
function address() {
  const url = new URL(location.href);
  const hash = shown.findLast(({ layer }) => layer.hash)?.layer.hash;
  if (hash) url.hash = hash;
  else if (addressed.some((layer) => layer.hash === url.hash)) url.hash = "";
  return url;
}

/** @param {Shown[]} open */
const names = (open) => open.map(({ layer }) => layer.name);

/** One step towards what the history should be; whether there was one to be done, and its end. */
function step() {
  shown = shown.filter(({ layer }) => layer.isOpen());
  const wanted = visits.length ? 0 : own().length;
  const depth = here().length;
  if (depth > wanted) return walk(wanted - depth);
  const visit = visits.shift();
  if (visit?.replace) history.replaceState({ ...history.state, layers: [] }, "", visit.address);
  else if (visit) history.pushState({ layers: [] }, "", visit.address);
  else if (depth < wanted) {
    const open = own().slice(0, depth + 1);
    open[depth].entered = true;
    history.pushState({ layers: names(open) }, "", address());
  } else return false;
  return true;
}

/** Have the history be what is open, entry for entry. */
async function settle() {
  if (settling) return;
  settling = true;
  try {
    for (let more = step(); more; more = step()) {
      if (more instanceof Promise) await more; // and for nothing else: whoever opens meanwhile waits
    }
    // What took the place of another has its entry too.
    for (const each of own()) each.entered = true;
    const [layers, place] = [names(own()), address()];
    if (place.href !== location.href || String(layers) !== String(here())) {
      history.replaceState({ ...history.state, layers }, "", place);
    }
  } finally {
    settling = false;
  }
}

/** Close what the entry does not know, and open what it knows and can be opened by an address. */
function follow() {
  const gone = own().filter(({ entered }) => entered).slice(here().length).reverse();
  gone.push(...shown.filter(({ layer, inPlace }) => inPlace && layer.hash !== location.hash));
  shown = shown.filter((each) => !gone.includes(each));
  for (const { layer } of gone) layer.close();
  emit("walked");
  for (const layer of addressed) {
    if (!layer.isOpen() && (here().includes(layer.name) || location.hash === layer.hash)) layer.open?.();
  }
}

/** The browser is at another entry, by Back and Forward or by our own walk. */
function arrived() {
  const walked = arrive;
  arrive = null;
  // On the way to another conversation all entries are left, and what is open may stay open.
  if (visits.length === 0) {
    settling = true; // until the layers are those of this entry
    try {
      follow();
    } finally {
      settling = walked !== null;
    }
  }
  if (walked) walked();
  else settle();
}

/** Say that a layer was opened. @param {Layer} layer */
export function opened(layer) {
  if (shown.some((each) => each.layer === layer)) return;
  const inPlace = layer.hash === location.hash && here().length === 0;
  shown.push({ layer, entered: false, inPlace });
  settle();
}

/** Say that a layer was closed. */
export const closed = () => void settle();

/** @type {WeakMap<HTMLDialogElement, Layer>} */
const dialogs = new WeakMap();

/** Open a dialog, where it is not open. @param {HTMLDialogElement} dialog */
export function showDialog(dialog) {
  const known = dialogs.get(dialog);
  const layer = known ?? { name: dialog.id, isOpen: () => dialog.open, close: () => dialog.close() };
  if (!known) dialog.addEventListener("close", closed);
  dialogs.set(dialog, layer);
  if (!dialog.open) dialog.showModal();
  opened(layer);
}

/** Make known a layer that an address opens. @param {Layer} layer */
export const addAddressed = (layer) => void addressed.push(layer);

/**
 * Write the entry of another conversation.
 * @param {URL} address
 * @param {{ replace?: boolean }} options replace: in the place of the one that is open
 */
export function visit(address, { replace = false } = {}) {
  visits.push({ address, replace });
  settle();
}

export function start() {
  window.addEventListener("popstate", arrived);
  settling = false;
  arrived(); // a page that was loaded again, or by a link, stands where it stood
}
