// What a clipboard or a drag holds, as programs and file managers fill them.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  carry, filesIn, inlinePicture, namesFolders, ownPicture, pastes, pictureAddress,
} from "../../assets/js/transfer.js";

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
  ["a file by its address", { "text/plain": "file:///tmp/my%20fox%20%C3%A9.jpg" }, ["my fox \u00e9.jpg"], "files"],
  ["a file whose letters are put together", { "text/plain": "fox \u00e9.jpg" }, ["fox e\u0301.jpg"], "files"],
  ["a file by a path of Windows", { "text/plain": '"C:\\pictures\\fox.jpg"' }, ["fox.jpg"], "files"],
  ["a list of a file manager", {
    "text/plain": "x-special/nautilus-clipboard\ncopy\nfile:///tmp/a%20b.png\nfile:///tmp/c.png\n",
  }, ["a b.png", "c.png"], "files"],
  ["a picture with its address", {
    "text/plain": "https://site.example/fox", "text/html": "<meta charset='utf-8'><img src='https://site.example/f.png'>",
  }, ["image.png"], "files"],
  ["a picture's address alone beside it", { "text/plain": "https://site.example/fox.png" }, ["image.png"], "files"],
  ["a cell with an address in it", {
    "text/plain": "https://site.example/fox.png", "text/html": "<table><tr><td>https://site.example/fox.png</td></tr></table>",
  }, ["image.png"], "words"],
  ["a word processor's picture alone", { "text/plain": "\r\n", "text/html": "<img src='file:///C:/x.png'>" }, ["image.png"], "files"],
  ["half a percent sign", { "text/plain": "file:///tmp/100%.txt" }, ["fox.jpg"], "words"],
  ["a slide's words", { "text/plain": "Copy\ncut\nfox.jpg" }, ["fox.jpg"], "words"],
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

const addresses = [
  ["a picture", { "text/uri-list": "https://a.example/p", "text/html": '<img src="https://a.example/f?a=1&amp;b=2">' }, "https://a.example/f?a=1&b=2"],
  ["a picture in single quotes", { "text/plain": "https://a.example/p", "text/html": "<a href='https://a.example/p'><img alt='x' src='https://a.example/f'></a>" }, "https://a.example/f"],
  ["a picture of an editor that tells no address", { "text/html": '<b id="docs-guid"><img src="https://a.example/f"></b>&nbsp;' }, "https://a.example/f"],
  ["a link with an icon in it", { "text/uri-list": "https://a.example/p", "text/html": '<a href="https://a.example/p"><img src="https://a.example/i.ico"> The guide</a>' }, null],
  ["a link to a picture", { "text/plain": "https://a.example/f.JPG?x=1" }, "https://a.example/f.JPG?x=1"],
  ["words with a picture between", { "text/plain": "two words", "text/html": '<p>two<img src="https://a.example/f">words' }, null],
  ["a picture on somebody's disk", { "text/html": '<img src="file:///C:/f.png">' }, null],
  ["nothing", {}, null],
];
for (const [name, texts, address] of addresses) {
  test(`of ${name} the address is ${address}`, () => {
    assert.equal(pictureAddress(transfer(texts)), address);
  });
}

const INLINE = "data:image/png;base64,aGVsbG8=";
const inline = [
  ["in HTML", { "text/html": `<meta charset="utf-8"><img src="${INLINE}">` }, "image/png"],
  ["by its address", { "text/uri-list": INLINE, "text/plain": INLINE }, "image/png"],
  ["beside words", { "text/plain": "words", "text/html": `words<img src="${INLINE}">` }, undefined],
  ["in HTML, cut off", { "text/html": '<img src="data:image/png;base64,a">' }, undefined],
  ["that is a page", { "text/html": '<img src="data:text/html;base64,aGVsbG8=">' }, undefined],
];
for (const [name, texts, type] of inline) {
  test(`a picture ${name} is ${type ? "one" : "none"}`, () => {
    assert.equal(inlinePicture(transfer(texts))?.type, type);
  });
}

const strange = ["{", "null", '{"sha":"../../x"}', '{"sha":7}', "[]"];
for (const own of strange) {
  test(`what another site calls a picture of ours is none: ${own}`, () => {
    assert.equal(ownPicture(transfer({ "application/x-easel-picture": own }), HOME), null);
  });
}
