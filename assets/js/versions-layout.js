// Where the versions of a conversation stand: each in a row and a lane of its own. It knows no
// page and no pixels.
//
// Rows go by the longest way from an original, so what a version came of stands above it. A lane
// is chosen so that the fewest lines cross, then so that it is near to what it came of. Versions
// are placed in their order and never moved again: what a reply adds leaves the others in place.

/** @typedef {{ parents: number[] }} Node its parents stand before it in the list */

/** @typedef {{ row: number, lane: number }} Place counted from 0, from the top and from the left */

/** @typedef {{ from: number, to: number }} Edge by their numbers in the list */

/**
 * @typedef {object} Layout
 * @property {Place[]} places of each node
 * @property {Edge[]} edges
 * @property {number} rows
 * @property {number} lanes
 */

const LONERS_ACROSS = 3; // pictures that came of nothing, one after the other, share a row
const TRIED = 30; // free lanes that are looked at on each side

/** What is taken, and which lines run between the rows. */
class Board {
  /** @type {Set<number>[]} */
  #taken = []; // lanes, by row
  /** @type {[number, number][][]} */
  #lines = []; // from lane to lane, by the row above
  lanes = 0;

  /** @param {number} lane @param {number} from @param {number} to */
  isFree(lane, from, to) {
    for (let row = from; row <= to; row += 1) if (this.#taken[row]?.has(lane)) return false;
    return true;
  }

  /** @param {number} lane @param {number} from @param {number} to */
  take(lane, from, to) {
    for (let row = from; row <= to; row += 1) (this.#taken[row] ??= new Set()).add(lane);
    this.lanes = Math.max(this.lanes, lane + 1);
  }

  /** @param {number} row above it @param {number} from @param {number} to */
  draw(row, from, to) {
    (this.#lines[row] ??= []).push([from, to]);
  }

  /** How many lines a new one would cross. @param {number} row @param {number} from @param {number} to */
  crossings(row, from, to) {
    const lines = this.#lines[row] ?? [];
    return lines.filter(([a, b]) => (a - from) * (b - to) < 0).length;
  }
}

/**
 * The lanes nearest to one that are free in these rows.
 * @param {Board} board
 * @param {number} near
 * @param {number} from
 * @param {number} to
 */
function freeLanes(board, near, from, to) {
  const found = [];
  for (let lane = near, left = TRIED; lane >= 0 && left > 0; lane -= 1) {
    if (board.isFree(lane, from, to)) left = found.push(lane) && left - 1;
  }
  // One of those beyond the last lane is always free.
  for (let lane = near + 1, left = TRIED; lane <= board.lanes && left > 0; lane += 1) {
    if (board.isFree(lane, from, to)) left = found.push(lane) && left - 1;
  }
  return found;
}

/**
 * @param {Node[]} nodes parents before children
 * @returns {Layout}
 */
export function laidOut(nodes) {
  const board = new Board();
  /** @type {Place[]} */
  const places = [];
  /** @type {Edge[]} */
  const edges = [];
  let rows = 0;
  let across = 0; // how many stand in the last row of pictures that came of nothing

  nodes.forEach(({ parents }, at) => {
    if (parents.length === 0) {
      across = across > 0 && across < LONERS_ACROSS ? across + 1 : 1;
      const row = across > 1 ? rows - 1 : rows;
      places.push({ row, lane: across - 1 });
      board.take(across - 1, row, row);
      rows = row + 1;
      return;
    }
    across = 0;
    const above = parents.map((parent) => places[parent]);
    const row = Math.max(...above.map((place) => place.row)) + 1;
    const first = Math.min(...above.map((place) => place.row)) + 1; // its lines run from there
    const [{ lane: near }] = above;
    const lane = bestLane(board, above, near, first, row);
    board.take(lane, first, row);
    for (const [k, place] of above.entries()) {
      board.draw(place.row, place.lane, lane);
      edges.push({ from: parents[k], to: at });
    }
    places.push({ row, lane });
    rows = Math.max(rows, row + 1);
  });
  return { places, edges, rows, lanes: board.lanes };
}

/**
 * @param {Board} board
 * @param {Place[]} above
 * @param {number} near
 * @param {number} first
 * @param {number} row
 */
function bestLane(board, above, near, first, row) {
  let best = { lane: board.lanes, crossed: Infinity, far: Infinity };
  for (const lane of [...freeLanes(board, near, first, row), board.lanes]) {
    let [crossed, far] = [0, 0];
    for (const place of above) {
      crossed += board.crossings(place.row, place.lane, lane);
      far += Math.abs(place.lane - lane);
    }
    if (crossed < best.crossed || (crossed === best.crossed && far < best.far)) {
      best = { lane, crossed, far };
    }
  }
  return best.lane;
}
