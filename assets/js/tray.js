// The tray above the message box: exactly the pictures that go along with the next message.
// Uploads stand here as soon as they are chosen; the latest picture of the conversation
// stands here by itself until it is taken out. For a model that reads masks one of them may say
// where the first picture is to change.

import { upload } from "./api.js";
import { chip } from "./chip.js";
import { emit, on, state } from "./state.js";
import { toast } from "./toast.js";

const AT_ONCE = 2;

let shelf = null;
let most = { bytes: 0, pictures: 0 }; // as the server says on the tray
let items = []; // { key, sha, name, carried, busy, mask }
let resting = false; // the next message takes none of them along
let refused = null; // sha of a carried picture that the user took out
let waiting = [];
let uploading = 0;
let keys = 0;
let reads = false; // whether the model read masks when the chips were drawn

const named = (mask) => items.filter((item) => item.sha && item.mask === mask);

export const shas = () => named(false).map((item) => item.sha);
export const masks = () => named(true).map((item) => item.sha);
export const chosenShas = () =>
  items.filter((item) => item.sha && !item.carried).map((item) => item.sha);
export const chosen = () => chosenShas().length > 0;
export const busy = () => items.some((item) => item.busy);
export const snapshot = () =>
  items
    .filter((item) => item.sha && !item.carried)
    .map(({ sha, name, mask }) => ({ sha, name, mask }));

const fresh = (sha, name, more = {}) => ({
  key: ++keys,
  sha,
  name,
  carried: false,
  busy: false,
  mask: false,
  ...more,
});

function draw() {
  if (!named(false).length) for (const item of items) item.mask = false; // a mask of nothing
  reads = Boolean(state.card?.mask);
  const chips = items.map((item) => chip(item, resting, ways(item), () => takeOut(item)));
  shelf.replaceChildren(...chips);
  shelf.hidden = items.length === 0;
  shelf.classList.toggle("resting", resting);
  shelf.setAttribute("aria-label", `Pictures that ${resting ? "stay behind" : "go along"}`);
  emit("tray");
}

/** What can be done with a picture beside taking it out. */
function ways(item) {
  if (!item.sha || resting) return [];
  if (item.mask) return [{ words: "Use as picture", act: () => mask(item, false) }];
  if (!reads) return [];
  if (item === named(false)[0]) {
    return [{ words: "Mark area", act: () => emit("mark", item.sha) }];
  }
  return named(true).length ? [] : [{ words: "Use as mask", act: () => mask(item, true) }];
}

function mask(item, is) {
  item.mask = is;
  draw();
}

/** A mask has been made for a picture of the tray, and takes the place of any other. */
export function marked(sha, made) {
  const item = items.find((each) => each.sha === sha);
  if (!item) return; // taken out meanwhile
  item.carried = false;
  items = items.filter((each) => !each.mask && each.sha !== made);
  items.push(fresh(made, "Marked area", { mask: true }));
  emit("added");
  draw();
}

/** Whether the tray stays behind when the message goes. */
export function rest(value) {
  if (value === resting) return;
  resting = value;
  draw();
}

function takeOut(item) {
  items = items.filter((other) => other !== item);
  waiting = waiting.filter((job) => job.item !== item);
  if (item.carried) refused = item.sha;
  draw();
}

export function put(sha, name = "Picture") {
  items = items.filter((item) => !item.carried && item.sha !== sha);
  if (items.length >= most.pictures) {
    toast(`At most ${most.pictures} pictures go with one message.`, { urgent: true });
  } else {
    items.push(fresh(sha, name));
    emit("added");
  }
  draw();
}

export function restore(saved) {
  if (!saved.length) return;
  items = saved.map(({ sha, name, mask }) => fresh(sha, name, { mask: mask ?? false }));
  draw();
}

/** Just these: an earlier question goes out again with its own pictures, or with none. */
export function only(pictures) {
  clear();
  refused = state.carry?.sha ?? null;
  items = pictures.map(({ sha, mask }) => fresh(sha, "Picture", { mask }));
  draw();
}

export function clear() {
  items = [];
  waiting = [];
  refused = null;
  carry();
  draw();
}

export function addFiles(files) {
  const room = most.pictures - items.filter((item) => !item.carried).length;
  const chosen = [...files];
  if (chosen.length > room) {
    const left = chosen.length - Math.max(room, 0);
    toast(`At most ${most.pictures} pictures go with one message; ${left} left out.`, {
      urgent: true,
    });
  }
  for (const file of chosen.slice(0, Math.max(room, 0))) {
    if (file.size > most.bytes) {
      toast(`${file.name}: larger than ${most.bytes / 1e6} MB. Make it smaller and add it again.`, { urgent: true });
      continue;
    }
    const item = fresh(null, file.name || "Pasted", { busy: true });
    items = items.filter((other) => !other.carried);
    items.push(item);
    waiting.push({ item, file });
    emit("added");
  }
  draw();
  next();
}

function next() {
  while (uploading < AT_ONCE && waiting.length) {
    const { item, file } = waiting.shift();
    uploading += 1;
    upload(file)
      .then((picture) => {
        item.sha = picture.sha;
        item.busy = false;
        // The same picture once more is one picture.
        items = items.filter((other) => other === item || other.sha !== picture.sha);
        if (picture.note) toast(`${item.name}: ${picture.note}`);
      })
      .catch((error) => {
        items = items.filter((other) => other !== item);
        toast(`${item.name}: ${error.message}`, { urgent: true });
      })
      .finally(() => {
        uploading -= 1;
        draw();
        next();
      });
  }
}

/** Put the latest picture in, or take an older one out; whether anything changed. */
function carry() {
  const others = items.filter((item) => !item.carried);
  const latest = state.carry;
  const wanted = latest && latest.sha !== refused && others.length === 0;
  if (wanted ? items[0]?.sha === latest.sha : items.length === others.length) return false;
  const name = latest?.alt || "Latest picture";
  items = wanted
    ? [fresh(latest.sha, name, { carried: true })]
    : others;
  return true;
}

export function start() {
  shelf = document.querySelector("#tray");
  most = { bytes: +shelf.dataset.mostBytes, pictures: +shelf.dataset.mostPictures };
  // A chip that is drawn anew under the mouse swallows the click, and loses the focus.
  on("settled", () => (carry() || reads !== Boolean(state.card?.mask)) && draw());
}
