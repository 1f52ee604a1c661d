// Which heading a conversation stands under, and in what order.

import assert from "node:assert/strict";
import test from "node:test";

import { groupOf, grouped } from "../../assets/js/list-groups.js";

const NOON = new Date(2026, 10, 30, 12);
const at = (...when) => new Date(2026, 10, ...when).toISOString();

const GROUPS = [
  ["a minute before midnight", { at: at(29, 23, 59), pinned: "" }, "Earlier"],
  ["midnight of the viewer's day", { at: at(30), pinned: "" }, "Today"],
  ["by a clock ahead", { at: at(31), pinned: "" }, "Today"],
  ["pinned, however old", { at: at(1), pinned: at(2) }, "Pinned"],
  ["pinned, and of today", { at: at(30, 9), pinned: at(2) }, "Pinned"],
];

for (const [name, row, group] of GROUPS) {
  test(`a conversation is found under its heading: ${name}`, () => {
    assert.equal(groupOf(row, NOON), group);
  });
}

test("what was used last or pinned last comes first, and an empty group has no heading", () => {
  const rows = [
    { id: "old", at: at(3), pinned: "" },
    { id: "pinned first", at: at(30, 11), pinned: at(4) },
    { id: "older", at: at(2), pinned: "" },
    { id: "pinned last", at: at(1), pinned: at(5) },
  ];
  const told = grouped(rows, NOON).map(({ name, rows: held }) => [name, held.map((row) => row.id)]);
  assert.deepEqual(told, [
    ["Pinned", ["pinned last", "pinned first"]],
    ["Earlier", ["old", "older"]],
  ]);
});
