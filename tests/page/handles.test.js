// The names by which words call pictures and files: stable while a message is written, whatever happens.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { files, pictures as handles } from "../../assets/js/handles.js";

const learn = (shown, free, draft = []) =>
  handles.learn(Object.entries(shown).map(([sha, handle]) => ({ sha, handle })), draft, free);

beforeEach(() => handles.forget(false));

test("new pictures are numbered in the order in which they came, and keep that", () => {
  handles.assign(["a", "b"]);
  handles.assign(["c", "b", "a"]);
  assert.deepEqual(["a", "b", "c"].map((sha) => handles.of(sha)), ["@img1", "@img2", "@img3"]);
  assert.deepEqual(handles.brought(["c", "a"]), { c: 3, a: 1 });
});

test("before a conversation is known nothing is numbered", () => {
  handles.forget(true);
  handles.assign(["a"]);
  assert.equal(handles.of("a"), "");
  learn({ x: 1, y: 2 }, 3);
  handles.assign(["a", "y"]);
  assert.deepEqual(["a", "x", "y"].map((sha) => handles.numberOf(sha)), [3, 1, 2]);
  assert.deepEqual(handles.brought(["a", "y"]), { a: 3 });
});

test("a reply that arrives meanwhile takes its number, and the words follow", () => {
  handles.assign(["a", "b"]);
  const renamed = learn({ reply: 1 }, 2);
  assert.equal(handles.numberOf("reply"), 1);
  assert.deepEqual([handles.numberOf("a"), handles.numberOf("b")], [3, 2]);
  assert.equal(handles.rewritten("Put @img1 on @img2", renamed), "Put @img3 on @img2");
});

test("what was sent is the conversation's, under its number", () => {
  handles.assign(["a", "b"]);
  assert.deepEqual(learn({ a: 1, b: 2 }, 3), new Map());
  assert.deepEqual(handles.brought(["a", "b"]), {});
  handles.assign(["c"]);
  assert.equal(handles.numberOf("c"), 3);
});

test("a picture of the tray that is far up in the conversation has its number", () => {
  handles.forget(true);
  learn({ z: 90 }, 91, [{ sha: "a", handle: 4 }, { sha: "n", handle: null }]);
  handles.assign(["a", "n"]);
  assert.deepEqual([handles.numberOf("a"), handles.numberOf("n")], [4, 91]);
});

test("a draft brings the names of its pictures back", () => {
  handles.keep("a", 5);
  handles.assign(["a", "b"]);
  assert.deepEqual([handles.numberOf("a"), handles.numberOf("b")], [5, 6]);
});

test("words are rewritten only where they call", () => {
  const renamed = new Map([[1, 12]]);
  const text = "@img1 @img11 me@img1 @@img1 (@IMG1) @img1x";
  assert.equal(handles.rewritten(text, renamed), "@img12 @img11 me@img1 @@img1 (@img12) @img1x");
});

test("files are numbered apart from pictures, and words are rewritten for each alone", () => {
  files.forget(false);
  files.assign(["notes", "a"]);
  assert.deepEqual([files.of("notes"), files.of("a"), handles.of("a")], ["@file1", "@file2", ""]);
  assert.equal(files.rewritten("@file1 beside @img1", new Map([[1, 7]])), "@file7 beside @img1");
});
