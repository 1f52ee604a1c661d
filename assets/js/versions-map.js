// The drawing of versions: a thumbnail for each, lines to what it came of, and keys that walk
// along them. Only what is in sight is in the page, so hundreds cost no more than a few.

import { find, findHtml } from "./dom.js";
import { laidOut } from "./versions-layout.js";
import { MapZoom } from "./versions-zoom.js";
import { t } from "./words.js";

/**
 * @import { PictureVersion, VersionsOfConversation } from "./protocol.js"
 * @import { Layout, Place } from "./versions-layout.js"
 */

/**
 * @typedef {object} Ears
 * @property {(at: number) => void} chosen by its place in the list; -1: none
 * @property {(at: number, again: boolean) => void} pressed again: it was chosen before, or by Enter
 */

const LANE_PX = 112;
const ROW_PX = 148;
const CELL_PX = 114; // of the height of a row; the lines bend below
const EDGE_PX = 14; // around all of it
const THUMB_PX = 84;
const TOP_PX = 6; // of a thumbnail in its cell
const BEYOND_PX = 300; // drawn before it comes into sight
const SVG = "http://www.w3.org/2000/svg";

/** @param {Place} place */
const left = ({ lane }) => EDGE_PX + lane * LANE_PX;
/** @param {Place} place */
const top = ({ row }) => EDGE_PX + row * ROW_PX;

export class VersionsMap {
  /** @type {HTMLElement} */ #graph;
  /** @type {HTMLElement} */ #sheet;
  /** @type {MapZoom} */ #zoom;
  /** @type {SVGElement} */ #lines;
  /** @type {Ears} */ #ears;
  /** @type {VersionsOfConversation | null} */ #told = null;
  /** @type {Layout} */ #layout = laidOut([]);
  /** @type {number[][]} */ #rows = []; // places in the list, by row
  /** @type {number[][]} */ #children = [];
  /** @type {Map<string, HTMLElement>} */ #cells = new Map(); // what is in the page, by sha
  #at = -1;
  #frame = 0;

  /** @param {HTMLElement} graph @param {Ears} ears */
  constructor(graph, ears) {
    this.#graph = graph;
    const map = findHtml(".map", graph);
    this.#sheet = findHtml(".sheet", map);
    this.#zoom = new MapZoom(map, findHtml(".extent", map), this.#sheet, () => this.#window());
    this.#lines = /** @type {SVGElement} */ (this.#sheet.querySelector("svg"));
    this.#ears = ears;
    map.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => this.#later()).observe(map);
    this.#sheet.addEventListener("keydown", (event) => this.#key(event));
    this.#sheet.addEventListener("click", (event) => this.#click(event));
    const buttons = /** @type {const} */ ([["nearer", 1], ["farther", -1]]); // prettier-ignore
    for (const [name, steps] of buttons) {
      findHtml(`.${name}`, graph).addEventListener("click", () => this.#zoom.step(steps));
    }
    findHtml(".fit", graph).addEventListener("click", () => this.#zoom.fit());
  }

  /** The place of what is chosen; -1: nothing is. */
  get at() {
    return this.#at;
  }

  /**
   * Draw these; what was chosen stays so.
   * @param {VersionsOfConversation} told
   */
  draw(told) {
    const chosen = this.#told?.versions[this.#at]?.sha;
    if (this.#told?.conversation !== told.conversation) this.#zoom.reset();
    this.#told = told;
    this.#layout = laidOut(told.versions);
    this.#rows = Array.from({ length: this.#layout.rows }, () => []);
    this.#children = told.versions.map(() => []);
    this.#layout.places.forEach(({ row }, at) => this.#rows[row].push(at));
    for (const { from, to } of this.#layout.edges) this.#children[from].push(to);
    const { rows, lanes } = this.#layout;
    this.#zoom.size(2 * EDGE_PX + lanes * LANE_PX, 2 * EDGE_PX + rows * ROW_PX);
    this.#at = told.versions.findIndex(({ sha }) => sha === chosen);
    this.#window();
    this.#ears.chosen(this.#at);
  }

  /** @param {number} at */
  choose(at) {
    if (!this.#told?.versions[at]) return;
    this.#at = at;
    this.#ears.chosen(at); // it may leave less room
    this.#reveal(this.#layout.places[at]);
    this.#window();
  }

  focus() {
    this.#sheet.focus({ preventScroll: true });
  }

  /** @param {Place} place */
  #reveal(place) {
    const [x, y] = [left(place), top(place)];
    const seen = this.#zoom.seen;
    const fit = (/** @type {number} */ from, /** @type {number} */ size, /** @type {number} */ own, /** @type {number} */ room) =>
      own < from + EDGE_PX ? own - EDGE_PX : own + size > from + room ? own + size - room : from;
    this.#zoom.scroll(
      fit(seen.left, LANE_PX, x, seen.width),
      fit(seen.top, CELL_PX + EDGE_PX, y, seen.height),
    );
  }

  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#window();
    });
  }

  /** Put into the page what is in sight, and take out the rest. */
  #window() {
    const view = this.#zoom.seen;
    const versions = this.#told?.versions ?? [];
    const first = Math.max(0, Math.floor((view.top - BEYOND_PX) / ROW_PX));
    const last = Math.ceil((view.top + view.height + BEYOND_PX) / ROW_PX);
    const wide = (/** @type {Place} */ place) =>
      left(place) + LANE_PX > view.left - BEYOND_PX &&
      left(place) < view.left + view.width + BEYOND_PX;
    const { nearer, farther } = this.#zoom.can;
    find(".nearer", HTMLButtonElement, this.#graph).disabled = !nearer;
    find(".farther", HTMLButtonElement, this.#graph).disabled = !farther;
    const seen = this.#rows
      .slice(first, last + 1)
      .flat()
      .filter((at) => wide(this.#layout.places[at]));
    if (this.#at >= 0 && !seen.includes(this.#at)) seen.push(this.#at); // it may have the focus
    const cells = seen.sort((one, other) => one - other).map((at) => this.#cell(versions[at], at));
    const kept = new Set(cells);
    for (const [sha, cell] of this.#cells) {
      if (kept.has(cell)) continue;
      cell.remove();
      this.#cells.delete(sha);
    }
    cells.forEach((cell, k) => {
      const before = k === 0 ? this.#lines : cells[k - 1];
      if (before.nextSibling !== cell) before.after(cell);
    });
    this.#sheet.setAttribute("aria-activedescendant", this.#at < 0 ? "" : `version-${this.#at}`);
    this.#drawLines(first, last);
  }

  /** @param {number} first @param {number} last rows in sight */
  #drawLines(first, last) {
    const { places, edges } = this.#layout;
    const versions = this.#told?.versions ?? [];
    const drawn = edges.filter(({ from, to }) => places[to].row >= first && places[from].row <= last);
    const paths = drawn.map(({ from, to }) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", line(places[from], places[to]));
      const shown = versions[from].shown && versions[to].shown;
      path.setAttribute("class", shown ? "shown" : "");
      return /** @type {const} */ ([shown, path]);
    });
    // Those of the branch lie over the others.
    paths.sort(([one], [other]) => Number(one) - Number(other));
    this.#lines.replaceChildren(...paths.map(([, path]) => path));
  }

  /** @param {PictureVersion} version @param {number} at */
  #cell(version, at) {
    let cell = this.#cells.get(version.sha);
    if (!cell) {
      cell = made(version);
      this.#cells.set(version.sha, cell);
    }
    const place = this.#layout.places[at];
    const { current = -1, versions = [] } = this.#told ?? {};
    cell.id = `version-${at}`;
    cell.dataset.at = String(at);
    cell.style.left = `${left(place)}px`;
    cell.style.top = `${top(place)}px`;
    cell.setAttribute("aria-posinset", String(at + 1));
    cell.setAttribute("aria-setsize", String(versions.length));
    cell.setAttribute("aria-selected", String(at === this.#at));
    cell.classList.toggle("shown", version.shown);
    cell.classList.toggle("current", at === current);
    const words = version.name || this.wordsOf(at);
    const marks = [
      at === current && t("current"),
      version.base && t("base"),
      version.favourite && t("favourite"),
    ].filter(Boolean);
    findHtml(".caption", cell).textContent = words;
    findHtml(".mark", cell).textContent = at === current ? t("Current") : version.base ? t("Base") : "";
    findHtml(".star", cell).hidden = !version.favourite;
    cell.setAttribute("aria-label", [t("Version {number}", { number: at + 1 }), words, ...marks].join(", "));
    return cell;
  }

  /** What was said or done for a version. @param {number} at */
  wordsOf(at) {
    const version = this.#told?.versions[at];
    if (!version) return "";
    return version.operation || this.#told?.prompts[version.prompt] || t("Without words");
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const cell = event.target instanceof Element ? event.target.closest(".version") : null;
    if (!(cell instanceof HTMLElement)) return;
    const at = Number(cell.dataset.at);
    const again = at === this.#at;
    this.choose(at);
    this.#ears.pressed(at, again);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own
    const to = this.#step(event.key);
    const steps = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (steps) this.#zoom.step(steps);
    else if (event.key === "0") this.#zoom.fit();
    else if (event.key === "Enter" && this.#at >= 0) this.#ears.pressed(this.#at, true);
    else if (to !== null) this.choose(to);
    else return;
    event.preventDefault();
  }

  /** @param {string} key @returns {number | null} where it leads; null: it is no key of the map */
  #step(key) {
    const versions = this.#told?.versions ?? [];
    const at = this.#at;
    const most = versions.length - 1;
    if (key === "Home") return 0;
    if (key === "End") return most;
    if (!key.startsWith("Arrow")) return null;
    if (at < 0) return Math.max(0, this.#told?.current ?? 0);
    if (key === "ArrowUp") return versions[at].parents[0] ?? at;
    if (key === "ArrowDown") {
      const children = this.#children[at];
      return children.find((child) => versions[child].shown) ?? children[0] ?? at;
    }
    const by = key === "ArrowRight" ? 1 : -1;
    return this.#beside(at, by) ?? Math.min(most, Math.max(0, at + by));
  }

  /** The next in the same row. @param {number} at @param {number} by */
  #beside(at, by) {
    const { row, lane } = this.#layout.places[at];
    const off = (/** @type {number} */ other) => by * (this.#layout.places[other].lane - lane);
    const there = this.#rows[row].filter((other) => off(other) > 0);
    return there.sort((one, other) => off(one) - off(other))[0];
  }
}

/** @param {Place} from @param {Place} to */
function line(from, to) {
  const [x1, x2] = [left(from) + LANE_PX / 2, left(to) + LANE_PX / 2];
  const y1 = top(from) + CELL_PX;
  const y2 = top({ lane: 0, row: from.row + 1 }) + TOP_PX;
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}V${top(to) + TOP_PX}`;
}

/** @param {PictureVersion} version */
function made({ sha }) {
  const cell = document.createElement("div");
  cell.className = "version";
  cell.dataset.sha = sha;
  cell.setAttribute("role", "option");
  const image = document.createElement("img");
  image.src = `media/${sha}/thumb`;
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  image.width = image.height = THUMB_PX;
  image.draggable = false;
  cell.append(image);
  for (const name of ["mark", "star", "caption"]) {
    const part = document.createElement("span");
    part.className = name;
    part.dir = "auto";
    if (name === "star") part.dataset.icon = "star-full";
    cell.append(part);
  }
  return cell;
}
