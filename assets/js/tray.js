// The tray above the message box: exactly the pictures and files that go along with the next message,
// in their order. Uploads stand here as soon as they are chosen; the latest picture of the conversation
// stands here by itself until it is taken out, and then the message starts fresh. What is pinned
// stays for the messages after. For a model that edits one of them may be a mask: it says where the
// first picture is to change. What the model does not take stays here, and says so. How it looks is
// drawn by `tray-chips.js`, and what is on its way to the server is sent by `uploads.js`.

import { fitting } from "./budget.js";
import { findHtml } from "./dom.js";
import { files as fileHandles, pictures as pictureHandles } from "./handles.js";
import { edits, emit, on, state } from "./state.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { Item } from "./chip.js" */
/** @import { Kept } from "./drafts.js" */
/** @import { Added, AlongFile, Estimated } from "./protocol.js" */

let most = { bytes: 0, pictures: 0, files: 0 }; // as the server says on the tray
/** @type {Item[]} */
let items = [];
/** What was on its way when its message was left, by whose message it is. @type {Map<string, Item[]>} */
const left = new Map();
let resting = false; // the next message takes none of them along
/** @type {string | null} */
let refused = null; // sha of a carried picture that the user took out
let fresh = false; // no earlier picture goes along, because the user took the carried one out
let keys = 0;
let shownFor = ""; // what of the model all was told for
let shownWith = ""; // the handles that it was told with

/** @typedef {Item & { sha: string }} Stored what the server has */

/** @returns {Stored[]} */
const stored = () => items.flatMap((item) => (item.sha ? [/** @type {Stored} */ (item)] : []));

/**
 * The pictures, or the masks.
 * @param {boolean} mask
 */
export const named = (mask) => stored().filter((item) => !item.file && item.mask === mask);

export const attached = () => stored().filter((item) => item.file);

const own = () => stored().filter((item) => !item.carried);

/** @param {{ file: string }} item */
const handlesOf = (item) => (item.file ? fileHandles : pictureHandles);

/** What words call it by; empty: nothing. @param {Item} item */
export const called = (item) => (item.sha && !item.mask ? handlesOf(item).of(item.sha) : "");

/** What goes along of the pictures, and what the model does not take. */
export const split = () => fitting(named(false), state.card);

export const shas = () => split().going.map((item) => item.sha);
export const masks = () => named(true).map((item) => item.sha);
/** The pictures that stand here. */
export const every = () => [...named(false), ...named(true)].map((item) => item.sha);
export const chosenShas = () => own().map((item) => item.sha);
/** Whether there are pictures that were chosen for this very message. */
export const chosen = () => own().some((item) => !item.file && !item.stayed);
export const busy = () => items.some((item) => item.busy);
/** The name of one that the server could not be given yet; empty: it has them all. */
export const missing = () => items.find((item) => item.again && !item.busy)?.name ?? "";
/** All that stands here, in order. */
export const all = () => items;
export const rests = () => resting;
export const startsFresh = () => fresh;
/** The numbers by which the words call pictures that are new here. */
export const handles = () => pictureHandles.brought(shas());
/** What words may call, in order. */
export const callable = () =>
  [...named(false), ...attached()].map(({ sha, name, file }) => ({ sha, name, file }));

/**
 * The files that go along, with the numbers by which the words call those that are new here.
 * @returns {AlongFile[]}
 */
export function files() {
  const numbers = fileHandles.brought(attached().map(({ sha }) => sha));
  return attached().map(({ sha, name }) => ({ sha, name, handle: numbers[sha] ?? null }));
}

/** @param {Stored} item */
const kept = (item) => {
  const { sha, name, mask, pinned, stayed } = item;
  const whole = { sha, name, mask, pinned, stayed, number: handlesOf(item).numberOf(sha) };
  return item.file ? { ...whole, file: item.file, bytes: item.bytes } : whole;
};

export const snapshot = () => own().map(kept);

/** What stands here still when the message has gone: what is pinned, and what did not fit. */
export function staying() {
  /** @type {Item[]} */
  const left = resting ? [] : split().left;
  const here = stored().filter((item) => item.pinned || left.includes(item));
  return here.map((item) => ({ ...kept(item), mask: false, stayed: item.pinned }));
}

/**
 * @param {string | null} sha
 * @param {string} name
 * @param {Partial<Item>} more
 * @returns {Item}
 */
const makeItem = (sha, name, more = {}) => ({
  key: ++keys,
  sha,
  name,
  carried: false,
  busy: false,
  mask: false,
  pinned: false,
  stayed: false,
  width: 0,
  height: 0,
  bytes: 0,
  tokens: 0,
  smaller: false,
  note: "",
  file: "",
  cut: "",
  byTool: false,
  again: null,
  ...more,
});

/** What the chips must be drawn anew for. */
const cardNow = () => {
  const { card } = state;
  return card ? [card.title, edits(), card.most_pictures, card.most_bytes].join(" ") : "";
};

/** Give names in the order of the tray, so none before those that are still on their way. */
function name() {
  const coming = items.findIndex((item) => item.busy);
  const arrived = coming < 0 ? items : items.slice(0, coming);
  for (const item of arrived) if (item.sha && !item.mask) handlesOf(item).assign([item.sha]);
}

const calledNow = () => items.map(called).join();

/** Something stands otherwise: it is drawn so, and whoever listens to the tray hears of it then. */
export function changed() {
  if (!named(false).length) for (const item of items) item.mask = false; // a mask of nothing
  name();
  shownFor = cardNow();
  shownWith = calledNow();
  emit("items");
  emit("tray");
}

/**
 * A pinned picture stays for the messages after the next.
 * @param {Item} item
 * @param {boolean} is
 */
export function pin(item, is) {
  item.pinned = is;
  item.stayed = item.stayed && is;
  item.carried = item.carried && !is;
  changed();
}

/**
 * Put a picture elsewhere in the order.
 * @param {number} key
 * @param {number} to its place, counted from 0
 */
export function move(key, to) {
  const from = items.findIndex((item) => item.key === key);
  const place = Math.max(0, Math.min(to, items.length - 1));
  const item = items[from];
  if (!item || place === from) return;
  items.splice(from, 1);
  items.splice(place, 0, item);
  emit("told", `${item.name}: ${place + 1} of ${items.length}.`);
  changed();
}

/** The places of the pictures, in order, as keys. */
export const order = () => items.map((item) => item.key);

/**
 * One says where another is to change, or is a picture again.
 * @param {Item} item
 * @param {boolean} is
 */
export function mask(item, is) {
  item.mask = is;
  changed();
}

/**
 * A mask has been made for a picture, and takes the place of any other; the picture comes first.
 * @param {string} sha
 * @param {string} area
 * @param {string} [name] the picture's, which is put here where it is not yet
 */
export function marked(sha, area, name) {
  const item = items.find((each) => each.sha === sha) ?? (name ? makeItem(sha, name) : null);
  if (!item) return; // taken out meanwhile
  item.carried = false;
  const others = items.filter(
    (each) => each !== item && !each.mask && !each.carried && each.sha !== area,
  );
  items = [item, ...others, makeItem(area, t("Marked area"), { mask: true })];
  emit("added");
  changed();
}

/**
 * The mask of a picture that stands here, if it has one.
 * @param {string} sha
 */
export const maskOf = (sha) => (shas()[0] === sha ? (masks()[0] ?? null) : null);

/**
 * Whether the tray stays behind when the message goes.
 * @param {boolean} value
 */
export function rest(value) {
  if (value === resting) return;
  resting = value;
  changed();
}

/** @param {Item} item */
export function takeOut(item) {
  items = items.filter((other) => other !== item);
  if (item.carried) {
    refused = item.sha;
    fresh = true;
  }
  changed();
}

/** The latest picture goes along again after all. */
export function takeAlong() {
  refused = null;
  fresh = false;
  carry();
  changed();
}

/**
 * A picture of the conversation that the words call: it goes along beside what stands here.
 * @param {string} sha
 * @param {string} name
 */
export function join(sha, name) {
  if (items.some((item) => item.sha === sha) || !hasRoom()) return;
  for (const item of items) item.carried = false;
  items.push(makeItem(sha, name));
  emit("added");
  changed();
}

/**
 * A picture that Easel has.
 * @param {string} sha
 */
export function put(sha, name = t("Picture")) {
  items = items.filter((item) => !item.carried && item.sha !== sha);
  if (hasRoom()) {
    items.push(makeItem(sha, name));
    emit("added");
  }
  changed();
}

/**
 * @param {Kept[]} saved
 * @param {{ fresh?: boolean }} options whether the message starts fresh
 */
export function restore(saved, { fresh: anew = false } = {}) {
  if (anew && state.carry) [fresh, refused] = [true, state.carry.sha];
  if (!saved.length && !anew) return;
  items = saved.map(({ sha, name, number, mask = false, pinned = false, stayed = false, ...more }) => {
    const { file = "", bytes = 0 } = more;
    if (number) handlesOf({ file }).keep(sha, number);
    return makeItem(sha, name, { mask, pinned, stayed, file, bytes });
  });
  carry();
  changed();
}

/**
 * Just these: an earlier question goes out again with its own pictures and files, or with none.
 * @param {{ sha: string, mask: boolean }[]} pictures
 * @param {{ sha: string, name: string, file: string, bytes: number }[]} along
 */
export function only(pictures, along) {
  clear();
  refused = state.carry?.sha ?? null;
  items = [
    ...pictures.map(({ sha, mask }) => makeItem(sha, t("Picture"), { mask })),
    ...along.map(({ sha, name, file, bytes }) => makeItem(sha, name, { file, bytes })),
  ];
  changed();
}

export function clear() {
  items = [];
  refused = null;
  fresh = false;
  carry();
  changed();
}

/** Whether one more picture may go along; it is said where none may. */
export function hasRoom() {
  if (count(false) < most.pictures) return true;
  toast(t("At most {pictures} pictures go with one message.", { pictures: most.pictures }), { urgent: true });
  return false;
}

/**
 * How many files, or pictures, the user has put here; what is on its way counts as what it seems.
 * @param {boolean} files
 */
export const count = (files) => items.filter((item) => !item.carried && (item.file !== "") === files).length;

/**
 * A file of the conversation that the words call: it goes along once more.
 * @param {{ sha: string, name: string, kind: string, bytes: number }} file
 */
export function joinFile({ sha, name, kind, bytes }) {
  if (items.some((item) => item.sha === sha)) return;
  if (count(true) >= most.files) {
    toast(t("At most {files} files go with one message.", { files: most.files }), { urgent: true });
    return;
  }
  items.push(makeItem(sha, name, { file: kind || t("File"), bytes }));
  changed();
}

/** How much one message takes. */
export const limits = () => most;

/**
 * Something is on its way to the server, and has its place here until it is there.
 * @param {string} name
 * @param {string} file what kind of file it seems to be; empty: a picture
 */
export function expect(name, file) {
  const item = makeItem(null, name, { busy: true, file });
  if (!file) items = items.filter((other) => !other.carried);
  items.push(item);
  if (!file) emit("added");
  return item;
}

/** Whose message it belongs to, of one that was left; nobody's: `undefined`. @param {Item} item */
const ownerOf = (item) => [...left].find(([, theirs]) => theirs.includes(item))?.[0];

/** Whether it has not been taken out meanwhile. @param {Item} item */
export const stands = (item) => items.includes(item) || ownerOf(item) !== undefined;

/** The server does not want it. @param {Item} item */
export function turnedAway(item) {
  items = items.filter((other) => other !== item);
  forget(item);
  emit("unwanted");
}

/** @param {Item} item */
function forget(item) {
  for (const [owner, theirs] of left) {
    const others = theirs.filter((other) => other !== item);
    if (others.length) left.set(owner, others);
    else left.delete(owner);
  }
}

/**
 * The message is left, and comes back: what the server has not yet is kept beside.
 * @param {string} owner whose message it is
 */
export function setAside(owner) {
  const coming = items.filter((item) => !item.sha);
  if (coming.length) left.set(owner, [...(left.get(owner) ?? []), ...coming]);
  items = items.filter((item) => item.sha);
}

/**
 * What was kept beside for this message stands here again.
 * @param {string} owner
 */
export function bringBack(owner) {
  const theirs = left.get(owner);
  if (!theirs) return;
  left.delete(owner);
  if (theirs.some((item) => !item.file)) items = items.filter((item) => !item.carried);
  items.push(...theirs);
  changed();
}

/** Whether a message that was left waits for something that the server has not yet. */
export const awaits = () => left.size > 0;

/**
 * The server has it.
 * @param {Item} item
 * @param {Added} added
 */
export function arrived(item, { picture, file }) {
  const owner = ownerOf(item);
  if (picture) {
    if (item.file && owner === undefined) emit("added");
    const { sha, width, height, bytes, note } = picture;
    Object.assign(item, { sha, width, height, bytes, note, file: "", busy: false, again: null });
  } else if (file) {
    const { sha, name, kind, bytes } = file;
    Object.assign(item, { sha, name, bytes, file: kind, busy: false, again: null });
  }
  if (owner !== undefined) {
    forget(item);
    emit("landed", { owner, item: { ...kept(/** @type {Stored} */ (item)), number: null } });
  }
  if (!items.includes(item)) return; // taken out meanwhile: what stands here is another's
  // The same once more is one; a picture that was taken for a file steps in for the latest.
  items = items.filter(
    (other) => other === item || (other.sha !== item.sha && !(picture && other.carried)),
  );
  if (item.note) toast(`${item.name}: ${item.note}`);
}

/** Put the latest picture in, or take an older one out; whether anything changed. */
function carry() {
  const others = items.filter((item) => !item.carried);
  const latest = state.carry;
  const chosen = others.some((item) => !item.file && (!item.stayed || item.sha === latest?.sha));
  const wanted = latest !== null && latest.sha !== refused && !chosen ? latest : null;
  const now = items.find((item) => item.carried);
  if ((now?.sha ?? null) === (wanted?.sha ?? null)) return false;
  if (!wanted) items = others;
  else {
    const { sha, alt, width, height } = wanted;
    items = [makeItem(sha, alt || t("Latest picture"), { carried: true, width, height }), ...others];
    fresh = false;
  }
  return true;
}

/**
 * What the server knows of the pictures. Drawn anew is only what looks different by that.
 * @param {Estimated} told
 */
function known(told) {
  const { pictures, shown, next_handle, files: along, shown_files, next_file_handle } = told;
  emit("renamed", {
    pictures: pictureHandles.learn(shown, pictures, next_handle),
    files: fileHandles.learn(shown_files, along, next_file_handle),
  });
  const facts = new Map(pictures.map((picture) => [picture.sha, picture]));
  const shares = new Map(along.map((file) => [file.sha, file]));
  const looks = () => JSON.stringify([items, split().left.length]);
  const before = looks();
  for (const item of stored()) {
    const share = shares.get(item.sha);
    if (share) {
      const { tokens, words: cut, by_tool: byTool } = share;
      Object.assign(item, { tokens, cut, byTool });
    }
    const { width, height, bytes, tokens, smaller } = facts.get(item.sha) ?? item;
    Object.assign(item, { width, height, bytes, tokens, smaller });
  }
  name();
  if (looks() !== before || calledNow() !== shownWith) changed();
}

export function start() {
  const { mostBytes, mostPictures, mostFiles } = findHtml("#tray").dataset;
  most = { bytes: Number(mostBytes), pictures: Number(mostPictures), files: Number(mostFiles) };
  // A chip that is drawn anew under the mouse swallows the click, and loses the focus.
  on("settled", () => (carry() || shownFor !== cardNow()) && changed());
  on("opened", () => {
    for (const each of [pictureHandles, fileHandles]) each.forget(state.conversation !== null);
  });
  on("estimated", known);
}
