// When a deleted conversation goes for good, as its owner counts days.

import assert from "node:assert/strict";
import test from "node:test";

import { goesWords } from "../../assets/js/goes-words.js";

const NOW = new Date(2026, 9, 24, 22);
const CASES = [
  ["in a minute", new Date(2026, 9, 24, 22, 1), "Goes today"],
  ["overdue", new Date(2026, 9, 20), "Goes today"],
  ["after midnight", new Date(2026, 9, 25, 0, 1), "Goes tomorrow"],
  ["over the end of summer time", new Date(2026, 9, 26, 21), "Goes in 2 days"],
  ["the longest", new Date(2026, 10, 23, 22), "Goes in 30 days"],
];

for (const [name, at, words] of CASES) {
  test(`what goes is told in days of the calendar: ${name}`, () => {
    assert.equal(goesWords(at.toISOString(), NOW), words);
  });
}
