// What a model takes of the pictures of a message, and what falls out, told before it is sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fitting, megabytes, whyLeft } from "../../assets/js/budget.js";

const sized = (...all) => all.map((bytes, at) => ({ at, bytes }));
const places = (pictures) => pictures.map(({ at }) => at);
const CARD = { title: "Pen", most_pictures: 3, most_bytes: 100 };

test("as many go as the card takes, the first ones", () => {
  const { going, left, bytes } = fitting(sized(1, 1, 1, 1, 1), CARD);
  assert.deepEqual([places(going), places(left), bytes], [[0, 1, 2], [3, 4], 3]);
});

test("what is too heavy beside the others stays, and lighter ones go", () => {
  const { going, left } = fitting(sized(60, 50, 30), CARD);
  assert.deepEqual([places(going), places(left)], [[0, 2], [1]]);
});

test("one alone may be larger than the budget: a copy is made of it", () => {
  assert.deepEqual(places(fitting(sized(500), CARD).going), [0]);
});

test("a model that takes no pictures, or is not known, refuses in words instead", () => {
  for (const card of [null, { ...CARD, most_pictures: 0 }]) {
    assert.deepEqual(places(fitting(sized(1, 1, 1, 1), card).going), [0, 1, 2, 3]);
  }
});

test("why a picture stays is said with the limit that it met", () => {
  assert.equal(whyLeft(CARD, 3), "Pen takes 3 at once");
  assert.equal(whyLeft({ ...CARD, most_bytes: 18e6 }, 1), "Pen takes 18 MB at once");
});

test("bytes are told as people read them", () => {
  const told = [812, 48_400, 1_234_000, 18_000_000].map(megabytes);
  assert.deepEqual(told, ["812 B", "48 kB", "1.2 MB", "18 MB"]);
});
