// What is said, as it is sent and as it comes into the box, and in which language a text is.

import assert from "node:assert/strict";
import { test } from "node:test";

const { spaced } = await import("../../assets/js/caret.js");
const { languageOf } = await import("../../assets/js/language-of.js");
const { wav } = await import("../../assets/js/recording.js");

test("words at the caret stand apart from what is around them, as their script wants it", () => {
  const cases = [
    ["", 0, "a fox", "a fox"],
    ["Paint", 5, "a fox", " a fox"],
    ["Paint now", 5, "a fox", " a fox"],
    ["Paint, now", 5, "a fox", " a fox"],
    ["(", 1, "a fox", "a fox"],
    ["now", 0, "Paint it", "Paint it "],
    ["狐を", 2, "描いて", "描いて"],
    ["赤い", 2, "fox", "fox"],
  ];
  for (const [text, at, said, wanted] of cases) assert.equal(spaced(text, at, said), wanted, text);
});

test("a recording is a WAV file of one channel with 16 bits a sample, too loud or not", () => {
  const view = new DataView(wav(new Float32Array([0, 1, -2, 0.5])));
  const letters = (at) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  assert.deepEqual([letters(0), letters(8), letters(36)], ["RIFF", "WAVE", "data"]);
  assert.deepEqual([view.getUint32(24, true), view.getUint32(40, true)], [16_000, 8]);
  const samples = [0, 1, 2, 3].map((n) => view.getInt16(44 + 2 * n, true));
  assert.deepEqual(samples, [0, 32_767, -32_767, 16_384]);
});

test("the language of a text is told by its letters, or by its commonest words", () => {
  const texts = {
    en: "The fox is in the snow, and it is not cold.",
    de: "Der Fuchs ist im Schnee, und es ist nicht kalt.",
    fr: "Le renard est dans la neige, et il ne fait pas froid.",
    es: "El zorro está en la nieve y no es grande para los niños.",
    ja: "赤い狐が雪の中にいる。",
    zh: "雪地里有一只红色的狐狸。",
    hi: "लाल लोमड़ी बर्फ में है।",
  };
  for (const [language, text] of Object.entries(texts)) assert.equal(languageOf(text, "en"), language);
  assert.equal(languageOf("Fox 12", "de-DE"), "de", "nothing tells: as the page is");
});
