// The tray above the message box: exactly the pictures that go along with the next message.
// Uploads stand here as soon as they are chosen; the latest picture of the conversation
// stands here by itself until it is taken out.

import { upload } from "./api.js";
import { emit, on, state } from "./state.js";
import { toast } from "./toast.js";

export const MAX_PICTURES = 10;
const MAX_BYTES = 20 * 1000 * 1000;
const AT_ONCE = 2;

let shelf = null;
let items = []; // { key, sha, name, carried, busy, preview }
let refused = null; // sha of a carried picture that the user took out
let waiting = [];
let uploading = 0;
let keys = 0;

export const shas = () => items.filter((item) => item.sha).map((item) => item.sha);
export const chosenShas = () =>
  items.filter((item) => item.sha && !item.carried).map((item) => item.sha);
export const chosen = () => chosenShas().length > 0;
export const busy = () => items.some((item) => item.busy);
export const snapshot = () =>
  items.filter((item) => item.sha && !item.carried).map(({ sha, name }) => ({ sha, name }));

function draw() {
  shelf.replaceChildren(...items.map(chip));
  shelf.hidden = items.length === 0;
  emit("tray");
}

function chip(item) {
  const box = document.createElement("div");
  box.className = item.carried ? "chip carried" : "chip";
  box.dataset.sha = item.sha ?? "";
  if (item.busy) box.setAttribute("aria-busy", "true");
  const label = item.carried ? "Latest picture, goes along" : item.name || "Picture";
  if (item.sha) {
    const image = document.createElement("img");
    image.src = `/media/${item.sha}/thumb`;
    image.alt = label;
    box.append(image);
  }
  const words = document.createElement("span");
  words.textContent = item.busy ? `${item.name} …` : item.carried ? "Goes along" : item.name;
  words.title = label;
  box.append(words);
  const drop = document.createElement("button");
  drop.type = "button";
  drop.setAttribute("aria-label", `Remove: ${label}`);
  drop.textContent = "×";
  drop.addEventListener("click", () => takeOut(item));
  box.append(drop);
  return box;
}

function takeOut(item) {
  items = items.filter((other) => other !== item);
  waiting = waiting.filter((job) => job.item !== item);
  if (item.carried) refused = item.sha;
  draw();
}

export function put(sha, name = "Picture") {
  items = items.filter((item) => !item.carried && item.sha !== sha);
  if (items.length >= MAX_PICTURES) {
    toast(`At most ${MAX_PICTURES} pictures go with one message.`, { urgent: true });
  } else {
    items.push({ key: ++keys, sha, name, carried: false, busy: false });
  }
  draw();
}

export function restore(saved) {
  if (!saved.length) return;
  items = saved.map(({ sha, name }) => ({ key: ++keys, sha, name, carried: false, busy: false }));
  draw();
}

/** Just these: an earlier question goes out again with its own pictures, or with none. */
export function only(shas) {
  clear();
  refused = state.carry?.sha ?? null;
  items = shas.map((sha) => ({ key: ++keys, sha, name: "Picture", carried: false, busy: false }));
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
  const room = MAX_PICTURES - items.filter((item) => !item.carried).length;
  const chosen = [...files];
  if (chosen.length > room) {
    const left = chosen.length - Math.max(room, 0);
    toast(`At most ${MAX_PICTURES} pictures go with one message; ${left} left out.`, {
      urgent: true,
    });
  }
  for (const file of chosen.slice(0, Math.max(room, 0))) {
    if (file.size > MAX_BYTES) {
      toast(`${file.name}: larger than 20 MB. Make it smaller and add it again.`, { urgent: true });
      continue;
    }
    const item = { key: ++keys, sha: null, name: file.name || "Pasted", carried: false, busy: true };
    items = items.filter((other) => !other.carried);
    items.push(item);
    waiting.push({ item, file });
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
    ? [{ key: ++keys, sha: latest.sha, name, carried: true, busy: false }]
    : others;
  return true;
}

export function start() {
  shelf = document.querySelector("#tray");
  // A chip that is drawn anew under the mouse swallows the click, and loses the focus.
  on("settled", () => carry() && draw());
}
