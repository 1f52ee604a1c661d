// The words of a search are marked in a text as text, whatever signs they hold.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHit, parted } from "../../assets/js/found-words.js";

/** @param {string} text @param {string[]} sought */
const marked = (text, sought) =>
  parted(text, sought)
    .map(({ words, hit }) => (hit ? `[${words}]` : words))
    .join("");

test("each word is marked in any case, the longer of two, and signs mean themselves", () => {
  assert.equal(marked("A Green sofa, greenish", ["green", "sofa"]), "A [Green] [sofa], [green]ish");
  assert.equal(marked("greenish", ["green", "greenish"]), "[greenish]");
  assert.equal(marked("<b> a.c (abc", ["<b>", "a.c", "("]), "[<b>] [a.c] [(]abc");
  assert.equal(marked("nothing", []), "nothing");
});

test("a line begins shortly before its first hit, with a whole word", () => {
  assert.equal(fromHit("…this one is on the other side of the old green sofa", ["sofa"]), "…old green sofa");
  assert.equal(fromHit("the old green sofa", ["old"]), "the old green sofa");
  assert.equal(fromHit("no such word here at all", ["sofa"]), "no such word here at all");
});
