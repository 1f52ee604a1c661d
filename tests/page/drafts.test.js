// Drafts, in a browser that keeps things, in one that refuses, and in one that has kept nonsense.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const toasts = [];
globalThis.HTMLElement = class {};
globalThis.document = {
  createElement: () => ({
    dataset: {},
    append() {},
    addEventListener() {},
    remove() {},
    setAttribute() {},
    set textContent(text) {
      toasts.push(text);
    },
  }),
  querySelector: (selector) =>
    selector === "#toasts"
      ? Object.assign(new HTMLElement(), { append() {}, querySelectorAll: () => [] })
      : null,
};

/** A storage of a browser, with room for so many letters. */
const storage = (room = Infinity) => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
  };
};

const use = (value) =>
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: typeof value === "function" ? value : () => value,
  });

const useOfTab = (value) =>
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get: () => value });

const blocked = () => {
  throw new DOMException("denied", "SecurityError");
};

const draft = (text, more = {}) => ({ text, pictures: [], create: false, ...more });

let drafts;
let times = 0;

beforeEach(async () => {
  toasts.length = 0;
  use(storage());
  useOfTab(storage());
  drafts = await import(`../../assets/js/drafts.js?${(times += 1)}`);
});

test("a draft is had again, with the name under which it was sent", () => {
  const ticket = { id: "a", content: "words" };
  drafts.keep("one", draft("words", { ticket }));
  assert.deepEqual(drafts.read("one"), draft("words", { ticket }));
  assert.equal(drafts.read("two"), undefined);
});

test("a draft of nothing is none", () => {
  drafts.keep("one", draft("words"));
  drafts.keep("one", draft(""));
  assert.equal(drafts.read("one"), undefined);
});

test("the oldest of many drafts goes first", () => {
  for (let at = 0; at < 40; at += 1) drafts.keep(`c${at}`, draft("words"));
  assert.equal(drafts.read("c9"), undefined);
  assert.ok(drafts.read("c10"));
});

for (const nonsense of ["", "null", "7", '"text"', "{", "[1]"]) {
  test(`what another program has left there does no harm: ${nonsense}`, () => {
    localStorage.setItem("easel.drafts", nonsense);
    assert.equal(drafts.read("one"), undefined);
    drafts.keep("one", draft("words"));
    assert.equal(drafts.read("one").text, "words");
  });
}

for (const [kind, refusing] of [["blocked", blocked], ["full", storage(0)]]) {
  test(`where storage is ${kind}, drafts live as long as the page, and that is said once`, () => {
    use(refusing);
    drafts.keep("one", draft("words"));
    drafts.keep("two", draft("more"));
    assert.equal(drafts.read("one").text, "words");
    assert.equal(drafts.read("two").text, "more");
    const said = toasts.filter((text) => text?.startsWith("This browser keeps no drafts"));
    assert.equal(said.length, 1);
  });
}
