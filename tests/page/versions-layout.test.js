// The drawing of versions: what came of what can be read off it, and it stays as it grows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { laidOut } from "../../assets/js/versions-layout.js";

/** Numbers that look random and are the same each time (mulberry32). */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A conversation of so many pictures: uploads, edits of late and of early ones, collages. */
function graph(seed, count, collages = true) {
  const below = numbers(seed);
  return Array.from({ length: count }, (_, at) => {
    const kind = below(10);
    if (at === 0 || kind === 0) return { parents: [] };
    const late = at - 1 - below(Math.min(at, 3));
    if (kind < 7) return { parents: [late] };
    const early = below(at);
    if (kind === 7 || !collages) return { parents: [early] };
    return { parents: [...new Set([late, early])] };
  });
}

const GRAPHS = Array.from({ length: 60 }, (_, seed) => graph(seed, 1 + seed * 3));

const chain = (count) =>
  Array.from({ length: count }, (_, at) => ({ parents: at ? [at - 1] : [] }));

/** Each line as it is drawn: from row to row in one gap, then straight down. */
function crossings({ places, edges }) {
  const gaps = new Map();
  for (const { from, to } of edges) {
    const row = places[from].row;
    gaps.set(row, [...(gaps.get(row) ?? []), [places[from].lane, places[to].lane]]);
  }
  let found = 0;
  for (const lines of gaps.values()) {
    for (const [k, [a, b]] of lines.entries()) {
      for (const [c, d] of lines.slice(k + 1)) found += (a - c) * (b - d) < 0 ? 1 : 0;
    }
  }
  return found;
}

test("what a version came of stands above it", () => {
  for (const nodes of GRAPHS) {
    const { places } = laidOut(nodes);
    nodes.forEach(({ parents }, at) => {
      for (const parent of parents) assert.ok(places[parent].row < places[at].row);
    });
  }
});

test("a row is the longest way from above", () => {
  for (const nodes of GRAPHS) {
    const { places } = laidOut(nodes);
    nodes.forEach(({ parents }, at) => {
      if (parents.length === 0) return;
      assert.equal(places[at].row, Math.max(...parents.map((p) => places[p].row)) + 1);
    });
  }
});

test("no two versions stand in one place, and no line runs through a third", () => {
  for (const nodes of GRAPHS) {
    const { places, edges, rows, lanes } = laidOut(nodes);
    const cells = new Map(places.map(({ row, lane }, at) => [`${row}:${lane}`, at]));
    assert.equal(cells.size, nodes.length);
    for (const { row, lane } of places) assert.ok(row < rows && lane < lanes && lane >= 0);
    for (const { from, to } of edges) {
      for (let row = places[from].row + 1; row < places[to].row; row += 1) {
        assert.equal(cells.get(`${row}:${places[to].lane}`), undefined);
      }
    }
  }
});

test("every parent has its line", () => {
  for (const nodes of GRAPHS) {
    const wanted = nodes.flatMap(({ parents }, to) => parents.map((from) => ({ from, to })));
    assert.deepEqual(laidOut(nodes).edges, wanted);
  }
});

test("a version that is added moves none of the others", () => {
  for (const nodes of GRAPHS) {
    const whole = laidOut(nodes).places;
    for (const count of [1, Math.ceil(nodes.length / 2), nodes.length - 1]) {
      assert.deepEqual(laidOut(nodes.slice(0, count)).places, whole.slice(0, count));
    }
  }
});

test("a chain of edits is a straight line, and tries of one picture fan out without a crossing", () => {
  assert.ok(laidOut(chain(500)).places.every(({ lane }) => lane === 0));
  const fan = [{ parents: [] }, ...Array.from({ length: 12 }, () => ({ parents: [0] }))];
  assert.equal(crossings(laidOut(fan)), 0);
  const twice = [...fan, ...fan.slice(1).map((_, k) => ({ parents: [k + 1] }))];
  assert.equal(crossings(laidOut(twice)), 0);
});

test("fewer lines cross than where each takes the first free lane", () => {
  let [ours, plain] = [0, 0];
  for (const nodes of GRAPHS.map((_, seed) => graph(seed, 1 + seed * 3, false))) {
    const layout = laidOut(nodes);
    ours += crossings(layout);
    const taken = new Set();
    const places = nodes.map((_, at) => {
      const { row } = layout.places[at];
      let lane = 0;
      while (taken.has(`${row}:${lane}`)) lane += 1;
      taken.add(`${row}:${lane}`);
      return { row, lane };
    });
    plain += crossings({ places, edges: layout.edges });
  }
  assert.ok(ours < 0.8 * plain, `${ours} and ${plain}`);
});

test("pictures that came of nothing stand side by side, a few to a row", () => {
  const { places, rows } = laidOut(Array.from({ length: 7 }, () => ({ parents: [] })));
  assert.equal(rows, 3);
  assert.deepEqual(places[3], { row: 1, lane: 0 });
});

test("none and one are laid out too", () => {
  assert.deepEqual(laidOut([]), { places: [], edges: [], rows: 0, lanes: 0 });
  assert.deepEqual(laidOut([{ parents: [] }]).places, [{ row: 0, lane: 0 }]);
});
