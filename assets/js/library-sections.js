// Where the pictures of a library stand: in rows, under a heading for each month where they are in
// the order of time. It knows no page; pixels are CSS pixels.

import { locale } from "./words.js";

const HEAD_PX = 44;

const title = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });

/**
 * The month of a moment, where the user is, as `2026-11`.
 * @param {string} at
 */
export function monthOf(at) {
  const made = new Date(at);
  return `${String(made.getFullYear()).padStart(4, "0")}-${String(made.getMonth() + 1).padStart(2, "0")}`;
}

/** @param {string} month */
export function monthName(month) {
  const [year, number] = month.split("-").map(Number);
  const first = new Date(2000, number - 1);
  first.setFullYear(year);
  return title.format(first);
}

/**
 * Pictures that stand under one heading.
 * @typedef {object} Section
 * @property {string} month empty: it has no heading
 * @property {number} from the place of the first
 * @property {number} count
 * @property {number} top
 * @property {number} below where it ends
 */

export class Sections {
  /** @type {Section[]} */
  #all = [];
  #columns = 1;
  #row = 1;

  /** Begin anew. */
  clear() {
    this.#all = [];
  }

  /**
   * More pictures behind what is there.
   * @param {string[]} months of each; empty: they have no order of time
   */
  add(months) {
    for (const month of months) {
      const last = this.#all.at(-1);
      if (last && last.month === month) last.count += 1;
      else {
        const from = last ? last.from + last.count : 0;
        this.#all.push({ month, from, count: 1, top: 0, below: 0 });
      }
    }
  }

  /** @param {number} columns @param {number} row the height of one */
  lay(columns, row) {
    this.#columns = columns;
    this.#row = row;
    let top = 0;
    for (const section of this.#all) {
      section.top = top;
      top += this.#head(section) + Math.ceil(section.count / columns) * row;
      section.below = top;
    }
    return top;
  }

  /** @param {Section} section */
  #head = ({ month }) => (month ? HEAD_PX : 0);

  /** @returns {readonly Section[]} */
  get all() {
    return this.#all;
  }

  /** The section with a picture. @param {number} at @returns {Section} */
  of(at) {
    let [low, high] = [0, this.#all.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#all[middle].from <= at) low = middle;
      else high = middle - 1;
    }
    return this.#all[low];
  }

  /** The section at a height. @param {number} y */
  at(y) {
    return this.#all.find(({ below }) => below > y) ?? this.#all.at(-1);
  }

  /** Where a picture stands. @param {number} at */
  place(at) {
    const section = this.of(at);
    const k = at - section.from;
    return {
      x: (k % this.#columns) * this.#row,
      y: section.top + this.#head(section) + Math.floor(k / this.#columns) * this.#row,
      head: k < this.#columns ? this.#head(section) : 0,
    };
  }

  /** The places in sight, first and behind the last. @param {number} top @param {number} below */
  within(top, below) {
    const [one, other] = [this.at(top), this.at(below)];
    if (!one || !other) return [0, 0];
    const rows = (/** @type {Section} */ section, /** @type {number} */ y) =>
      Math.floor((y - section.top - this.#head(section)) / this.#row);
    const first = one.from + Math.max(0, rows(one, top)) * this.#columns;
    const last = other.from + Math.max(0, rows(other, below) + 1) * this.#columns;
    return [Math.min(first, one.from + one.count), Math.min(last, other.from + other.count)];
  }

  /** The picture above or below another, in its column if there is one. @param {number} at @param {number} by */
  beside(at, by) {
    const section = this.of(at);
    const k = at - section.from;
    const to = k + by * this.#columns;
    if (to >= 0 && to < section.count) return section.from + to;
    const lastRow = Math.floor((section.count - 1) / this.#columns);
    if (by > 0 && Math.floor(k / this.#columns) < lastRow) return section.from + section.count - 1;
    const next = this.#all[this.#all.indexOf(section) + by];
    if (!next) return at + by * this.#columns;
    const start = by > 0 ? 0 : Math.floor((next.count - 1) / this.#columns) * this.#columns;
    return next.from + Math.min(next.count - 1, start + (k % this.#columns));
  }
}
