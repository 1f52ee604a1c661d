// The pictures that go along with the next message: what is chosen, carried, on its way or a mask.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { documentWith } from "./document.js";

const { tray: shelf, toasts } = documentWith("tray", "toasts");
shelf.dataset = { mostBytes: "1000000", mostPictures: "3", mostFiles: "2" };

const { emit, on, state } = await import("../../assets/js/state.js");
const tray = await import("../../assets/js/tray.js");
const chips = await import("../../assets/js/tray-chips.js");
const { addFiles } = await import("../../assets/js/uploads.js");

const A = "a".repeat(64);
const B = "b".repeat(64);
const C = "c".repeat(64);
const D = "d".repeat(64);

let uploads = [];
let changes = 0;

/** The end of an upload, as the server gives it. */
const answered = (status, body) => ({
  ok: status === 200,
  status,
  text: async () => JSON.stringify(body),
});

globalThis.fetch = (path, { body }) =>
  new Promise((resolve, reject) => {
    assert.equal(path, `api/media/added?name=${body.name}`);
    uploads.push({
      name: body.name,
      stored: (sha, note = "") => resolve(answered(200, { picture: { sha, note }, file: null })),
      taken: (file) => resolve(answered(200, { picture: null, file })),
      refused: (error) => resolve(answered(415, { error })),
      busy: (error) => resolve(answered(503, { error })),
      lost: () => reject(new TypeError("Failed to fetch")),
    });
  });

chips.start();
tray.start();
on("tray", () => (changes += 1));
mock.timers.enable({ apis: ["setTimeout"] });

const file = (name, bytes = 1) => new File([new Uint8Array(bytes)], name);

/** Wait until all that was answered is worked off. */
const worked = () => new Promise((go) => setImmediate(go));

const MOST_TURNS = 1000; // of the loop: what has not come by then never will

async function until(come) {
  for (let turn = 0; !come(); turn += 1) {
    assert.ok(turn < MOST_TURNS, `it did not come: ${come}`);
    await worked();
  }
}

/** Wait until so many uploads have begun. */
const begun = (count) => until(() => uploads.length >= count);

const taken = (sha) => until(() => shown().includes(sha));

const shown = () => shelf.children.map((box) => box.dataset.sha);
const words = () => toasts.children.map((note) => note.children[0].textContent);

/** The button of a chip that says this. */
const button = (sha, label) =>
  [...shelf.children.find((box) => box.dataset.sha === sha).all()].find(
    (each) => each.textContent === label || each.className === label,
  );

function carries(sha) {
  state.carry = sha && { sha, alt: "A fox" };
  emit("settled");
}

function masks(is) {
  state.card = { title: "Brush", mask: is, takes_pictures: is, draws: is };
  emit("settled");
}

beforeEach(() => {
  state.carry = null;
  state.card = null;
  tray.clear();
  tray.rest(false);
  toasts.replaceChildren();
  uploads = [];
  changes = 0;
});

afterEach(async () => {
  tray.clear();
  for (const upload of uploads) upload.refused("The test is over.");
  await worked();
});

test("what is put in goes along, in its order, and once", () => {
  for (const sha of [A, B, A]) tray.put(sha);
  assert.deepEqual(tray.shas(), [B, A]);
  assert.deepEqual(tray.chosenShas(), [B, A]);
  assert.equal(shelf.hidden, false);
});

test("more than a message takes is refused in words, and nothing is lost", () => {
  for (const sha of [A, B, C, D]) tray.put(sha);
  assert.deepEqual(tray.shas(), [A, B, C]);
  assert.deepEqual(words(), ["At most 3 pictures go with one message."]);
});

test("the latest picture goes along by itself until it is taken out, and a newer one comes again", () => {
  carries(A);
  assert.deepEqual(tray.shas(), [A]);
  assert.equal(tray.chosen(), false);
  button(A, "drop").click();
  assert.deepEqual(tray.shas(), []);
  carries(A);
  assert.deepEqual(tray.shas(), []);
  carries(B);
  assert.deepEqual(tray.shas(), [B]);
});

test("a picture that is chosen takes the place of the latest", () => {
  carries(A);
  tray.put(B);
  carries(A);
  assert.deepEqual(tray.shas(), [B]);
  button(B, "drop").click();
  carries(A);
  assert.deepEqual(tray.shas(), [A]);
});

test("two files go up at once, the rest wait, and stand in their order whoever is first", async () => {
  addFiles([file("1.png"), file("2.png"), file("3.png")]);
  await begun(2);
  await worked();
  assert.deepEqual(uploads.map(({ name }) => name), ["1.png", "2.png"]);
  assert.equal(tray.busy(), true);
  uploads[1].stored(B);
  await begun(3);
  uploads[2].stored(C);
  uploads[0].stored(A, "It was turned.");
  await taken(A);
  await taken(C);
  assert.deepEqual(tray.shas(), [A, B, C]);
  assert.equal(tray.busy(), false);
  assert.deepEqual(words(), ["1.png: It was turned."]);
});

test("of too many files the first are taken, and of one that is too large it is said", () => {
  addFiles([file("big.png", 1_000_001), file("1.png"), file("2.png"), file("3.png")]);
  assert.deepEqual(words(), [
    "At most 3 pictures go with one message; 1 left out.",
    "big.png: larger than 1 MB. Make it smaller and add it again.",
  ]);
  assert.equal(shelf.children.length, 2);
});

test("a file that is refused leaves the others, and says why", async () => {
  addFiles([file("notes.txt"), file("fox.png")]);
  await begun(2);
  uploads.find(({ name }) => name === "notes.txt").refused("That is no picture.");
  uploads.find(({ name }) => name === "fox.png").stored(A);
  await taken(A);
  await until(() => !tray.busy());
  assert.deepEqual(tray.shas(), [A]);
  assert.deepEqual(words(), ["notes.txt: That is no picture."]);
});

test("what the server could not be given stays in its place, and is sent when it is tried again", async () => {
  addFiles([file("1.png"), file("2.png")]);
  await begun(2);
  uploads[0].lost();
  uploads[1].stored(B);
  await until(() => !tray.busy());
  assert.deepEqual(tray.shas(), [B]);
  assert.equal(tray.missing(), "1.png");
  assert.match(words()[0], /^1\.png: Easel cannot be reached\./);
  const again = () => button("", "Try again");
  again().click();
  again().click(); // it is under way
  await begun(3);
  await worked();
  assert.equal(uploads.length, 3);
  assert.equal(again().getAttribute("aria-disabled"), "true");
  uploads[2].busy("Others are adding pictures just now.");
  await until(() => !tray.busy());
  assert.equal(tray.missing(), "1.png");
  again().click();
  await begun(4);
  uploads[3].stored(A);
  await taken(A);
  assert.deepEqual([tray.shas(), tray.missing()], [[A, B], ""]);
});

test("what could not be added may be taken out, and is missed no more", async () => {
  addFiles([file("1.png")]);
  await begun(1);
  uploads[0].lost();
  await until(() => !tray.busy());
  button("", "drop").click();
  assert.deepEqual([tray.missing(), shelf.children.length], ["", 0]);
});

test("a file that is no picture goes along beside the latest picture, and a third is too many", async () => {
  carries(A);
  addFiles([file("notes.txt"), file("sums.csv"), file("more.csv")]);
  assert.deepEqual(words(), ["At most 2 files go with one message; 1 left out."]);
  await begun(2);
  uploads[0].taken({ sha: B, name: "notes.txt", kind: "Text", bytes: 1 });
  uploads[1].taken({ sha: C, name: "sums.csv", kind: "CSV", bytes: 1 });
  await until(() => !tray.busy());
  assert.deepEqual(tray.shas(), [A]);
  assert.deepEqual(tray.files().map(({ sha }) => sha), [B, C]);
});

test("the same picture by two files is one picture", async () => {
  addFiles([file("1.png"), file("copy.png")]);
  await begun(2);
  uploads[0].stored(A);
  await taken(A);
  uploads[1].stored(A);
  await until(() => !tray.busy());
  assert.deepEqual(tray.shas(), [A]);
});

test("what is taken out on its way never comes back", async () => {
  addFiles([file("1.png")]);
  await begun(1);
  const [box] = shelf.children;
  [...box.all()].find((each) => each.className === "drop").click();
  const before = changes;
  uploads[0].stored(A);
  await until(() => changes !== before);
  assert.deepEqual(tray.shas(), []);
});

test("what is taken out on its way takes nothing along when it arrives", async () => {
  addFiles([file("1.png")]);
  await begun(1);
  [...shelf.children[0].all()].find((each) => each.className === "drop").click();
  tray.put(A);
  const before = changes;
  uploads[0].stored(A);
  await until(() => changes !== before);
  assert.deepEqual(tray.shas(), [A]);
});

test("one picture may be the mask of another, and never of nothing", () => {
  masks(true);
  tray.put(A);
  tray.put(B);
  button(B, "Use as mask").click();
  assert.deepEqual([tray.shas(), tray.masks()], [[A], [B]]);
  button(A, "drop").click();
  assert.deepEqual([tray.shas(), tray.masks()], [[B], []]);
});

test("a model that reads no masks is offered none", () => {
  tray.put(A);
  tray.put(B);
  masks(false);
  assert.equal(button(B, "Use as mask"), undefined);
  masks(true);
  assert.notEqual(button(B, "Use as mask"), undefined);
});

test("an area that is marked becomes the mask, and the latest picture is chosen by that", () => {
  masks(true);
  carries(A);
  tray.marked(A, B);
  assert.deepEqual([tray.chosenShas(), tray.masks()], [[A, B], [B]]);
  tray.marked(A, C);
  assert.deepEqual(tray.masks(), [C]);
  tray.marked(D, B); // of a picture that was taken out meanwhile
  assert.deepEqual(tray.masks(), [C]);
});

test("a draft brings back what was chosen, and an older one without masks, too", () => {
  masks(true);
  tray.put(A, "fox.png");
  tray.put(B);
  button(B, "Use as mask").click();
  const kept = JSON.parse(JSON.stringify(tray.snapshot()));
  tray.clear();
  tray.restore(kept);
  assert.deepEqual([tray.shas(), tray.masks()], [[A], [B]]);
  tray.restore([{ sha: C, name: "old" }]);
  assert.deepEqual([tray.shas(), tray.masks()], [[C], []]);
});

test("an earlier question goes out with its own pictures, and without the latest", () => {
  carries(A);
  tray.only([], []);
  carries(A);
  assert.deepEqual(tray.shas(), []);
  tray.only([{ sha: B, mask: false }], []);
  assert.deepEqual(tray.shas(), [B]);
});

test("a tray that stays behind says so, and offers nothing but to take out", () => {
  masks(true);
  tray.put(A);
  tray.put(B);
  tray.rest(true);
  assert.equal(shelf.getAttribute("aria-label"), "Pictures that stay behind");
  assert.equal(button(B, "Use as mask"), undefined);
  assert.notEqual(button(B, "drop"), undefined);
  assert.deepEqual(tray.shas(), [A, B]); // what stays behind is told where it is sent
});

/** A model that takes so many pictures of so many bytes. */
function takes(most_pictures, most_bytes = 1e9) {
  state.card = { title: "Brush", mask: false, most_pictures, most_bytes };
  emit("settled");
}

/** The words of a chip's line of this class. */
const line = (sha, name) =>
  [...shelf.children.find((box) => box.dataset.sha === sha).all()].find(
    (each) => each.className === name,
  )?.textContent;

const keyOf = (sha) => Number(shelf.children.find((box) => box.dataset.sha === sha).dataset.key);

test("pictures go in the order in which they stand, and keep their names when that changes", () => {
  emit("opened");
  for (const sha of [A, B, C]) tray.put(sha);
  tray.move(keyOf(C), 0);
  assert.deepEqual(shown(), [C, A, B]);
  assert.deepEqual(tray.shas(), [C, A, B]);
  assert.deepEqual([A, B, C].map((sha) => line(sha, "handle")), ["@img1", "@img2", "@img3"]);
  assert.deepEqual(tray.handles(), { [C]: 3, [A]: 1, [B]: 2 });
  tray.move(keyOf(C), 99);
  assert.deepEqual(tray.shas(), [A, B, C]);
  tray.move(keyOf(A), -5);
  assert.deepEqual(tray.shas(), [A, B, C]);
});

test("what the model does not take is said at the picture, and stays for the next message", () => {
  for (const sha of [A, B, C]) tray.put(sha);
  takes(2);
  assert.deepEqual(tray.shas(), [A, B]);
  assert.equal(line(C, "falls"), "Stays here: Brush takes 2 at once");
  assert.equal(line(B, "falls"), undefined);
  const staying = tray.staying();
  tray.clear();
  tray.restore(staying);
  assert.deepEqual(tray.shas(), [C]);
});

test("what is pinned stays beside the latest picture, message after message", () => {
  tray.put(A);
  tray.put(B);
  button(A, "Pin").click();
  for (const latest of [C, D]) {
    const staying = tray.staying();
    tray.clear();
    tray.restore(staying);
    carries(latest);
    assert.deepEqual(tray.shas(), [latest, A]);
    assert.equal(tray.chosen(), false);
  }
  button(A, "Pin").click();
  assert.deepEqual(tray.staying(), []);
});

test("the latest picture that is pinned is not there twice", () => {
  carries(A);
  button(A, "Pin").click();
  const staying = tray.staying();
  tray.clear();
  tray.restore(staying);
  carries(A);
  assert.deepEqual(tray.shas(), [A]);
});

test("without the latest picture the message starts fresh, until it is taken along again", () => {
  carries(A);
  assert.equal(tray.startsFresh(), false);
  button(A, "drop").click();
  assert.equal(tray.startsFresh(), true);
  tray.takeAlong();
  assert.deepEqual([tray.shas(), tray.startsFresh()], [[A], false]);
  button(A, "drop").click();
  tray.clear();
  assert.equal(tray.startsFresh(), false);
  tray.only([], []);
  assert.equal(tray.startsFresh(), false);
});

test("a draft that starts fresh does so after a reload, too", () => {
  carries(A);
  tray.restore([], { fresh: true });
  assert.deepEqual([tray.shas(), tray.startsFresh()], [[], true]);
});

test("a picture that the words call joins what goes along already", () => {
  carries(A);
  tray.join(B, "A fox");
  tray.join(B, "A fox");
  assert.deepEqual(tray.shas(), [A, B]);
  assert.deepEqual(tray.chosenShas(), [A, B]);
});

test("size, bytes and tokens stand at the picture, and that a copy goes for one too large", () => {
  tray.put(A);
  const facts = { sha: A, handle: 4, width: 9000, height: 6000, bytes: 19e6, tokens: 1120 };
  emit("estimated", {
    pictures: [{ ...facts, smaller: true }], shown: [], next_handle: 5,
    files: [], shown_files: [], next_file_handle: 1,
  });
  assert.equal(line(A, "facts"), "9000 × 6000 · 19 MB");
  assert.equal(line(A, "tokens"), "≈ 1,120 tokens");
  assert.equal(line(A, "remark"), "A copy fit for the model goes; the original stays.");
  assert.equal(line(A, "handle"), "@img4");
});
