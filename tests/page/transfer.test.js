// What a clipboard or a drag holds, as programs and file managers fill them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry, filesIn, namesFolders, ownPicture, pastes } from "../../assets/js/transfer.js";

const HOME = "https://studio.local/easel/";
const SHA = "ab".repeat(32);

/** A transfer with these texts, files and folders. */
function transfer(texts = {}, files = [], folders = []) {
  const kept = new Map(Object.entries(texts));
  const item = (isDirectory) => (name) => ({
    kind: "file",
    getAsFile: () => ({ name }),
    webkitGetAsEntry: () => ({ isDirectory }),
  });
  return {
    types: [...kept.keys()],
    files: [...files, ...folders].map((name) => ({ name })),
    items: [...files.map(item(false)), ...folders.map(item(true)), { kind: "string" }],
    getData: (type) => kept.get(type) ?? "",
    setData: (type, text) => kept.set(type, text),
    clearData: () => kept.clear(),
  };
}

const pasted = [
  ["a spreadsheet's cells", { "text/plain": "Apples\t12" }, ["image.png"], "words"],
  ["a word processor's line", { "text/plain": "image", "text/html": "<p>" }, ["scan.png"], "words"],
  ["words alone", { "text/plain": "words" }, [], "words"],
  ["nothing at all", {}, [], "words"],
  ["a picture of a web page", { "text/html": "<img>" }, ["image.png"], "files"],
  ["a picture alone", {}, ["image.png"], "files"],
  ["a file of a file manager", { "text/plain": "fox.jpg" }, ["fox.jpg"], "files"],
  ["a file by its path", { "text/plain": "file:///tmp/fox.jpg" }, ["fox.jpg"], "files"],
  ["two files", { "text/plain": "a.png\r\nb.png\n" }, ["a.png", "b.png"], "files"],
  ["a file without its ending", { "text/plain": "fox" }, ["fox.jpg"], "files"],
  ["a table of a file manager", { "text/plain": "sums.csv" }, ["sums.csv"], "files"],
];
for (const [name, texts, files, meant] of pasted) {
  test(`of ${name} the ${meant} are meant`, () => {
    assert.equal(pastes(transfer(texts, files)), meant);
  });
}

test("a picture of the transcript is the stored one, whatever else is dragged with it", () => {
  const dragged = transfer({ "text/html": "<img src=thumb>" }, ["thumb.webp"]);
  carry(dragged, { sha: SHA, name: "A fox" }, HOME);
  assert.deepEqual(ownPicture(dragged, HOME), { sha: SHA, name: "A fox" });
});

const links = [
  [`${HOME}media/${SHA}`, SHA],
  [`# a remark\r\n${HOME}media/${SHA}/thumb`, SHA],
  [`${HOME}media/${SHA}?download=1`, SHA],
  [`https://elsewhere.example/media/${SHA}`, undefined],
  [`https://studio.local.evil.example/easel/media/${SHA}`, undefined],
  [`${HOME}media/short`, undefined],
  [`${HOME}~a-pass/media/${SHA}`, SHA],
  [`https://studio.local/media/${SHA}`, undefined],
  ["javascript:alert(1)", undefined],
  ["", undefined],
];
for (const [link, sha] of links) {
  test(`a link is ${sha ? "a stored picture" : "no picture of ours"}: ${link}`, () => {
    assert.equal(ownPicture(transfer({ "text/uri-list": link }), HOME)?.sha, sha);
  });
}

test("folders are told from files", () => {
  const dropped = transfer({}, ["a.png"], ["holidays"]);
  assert.deepEqual(namesFolders(dropped), ["holidays"]);
  assert.deepEqual(filesIn(dropped).map(({ name }) => name), ["a.png"]);
});
