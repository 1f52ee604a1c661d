// A grid of pictures that holds only those near the screen: five thousand cost what fifty do.
// It is a list of options to a screen reader: arrows walk, Space selects, Enter opens.

import { within } from "./dom.js";
import { Sections, monthName, monthOf } from "./library-sections.js";
import { t } from "./words.js";

/** @import { LibraryEntry } from "./protocol.js" */

/**
 * What the grid tells of.
 * @typedef {object} GridEvents
 * @property {(at: number) => void} open a picture shall be shown
 * @property {() => void} selected the selection has changed
 * @property {() => void} nearEnd the end of what is known comes near
 * @property {(month: string) => void} month another month is at the top; empty: none
 * @property {(event: DragEvent, shas: string[]) => void} dragged pictures set out
 * @property {(entries: LibraryEntry[], anchor: HTMLElement) => void} menu what can be done
 */

const TILE_PX = 168;
const GAP_PX = 8;
const GAP_PHONE_PX = 3;
const PHONE = "(max-width: 560px)";
const PHONE_COLUMNS = 3;
const AHEAD_ROWS = 3; // drawn beyond the screen, so that a turn of the wheel finds them there
const NEAR_END_ROWS = 12;
const FAST = 0.6; // of the height of the screen in one frame: nobody sees a picture then
const SETTLED_MS = 80;

export class Grid {
  /** @type {LibraryEntry[]} */
  #items = [];
  /** @type {Map<number, HTMLElement>} by place */
  #tiles = new Map();
  /** @type {HTMLElement[]} out of sight, for use again */
  #spare = [];
  /** @type {Map<string, HTMLElement>} headings, by month */
  #heads = new Map();
  /** @type {Set<HTMLElement>} whose pictures are not asked for yet */
  #blank = new Set();
  /** @type {Set<string>} */
  #known = new Set(); // by sha
  #sections = new Sections();
  #timed = true; // they are in the order of time
  #month = "";
  #seenAt = 0; // where the scrolling was
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;
  /** @type {Set<string>} */
  #selected = new Set();
  #columns = 1;
  #tile = TILE_PX;
  #gap = GAP_PX;
  #at = 0; // where the focus is
  #from = 0; // where a range begins
  #drawing = false;

  /**
   * @param {HTMLElement} pane that scrolls
   * @param {HTMLElement} sheet in it, as high as all rows
   * @param {GridEvents} events
   */
  constructor(pane, sheet, events) {
    this.pane = pane;
    this.sheet = sheet;
    this.events = events;
    pane.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#measure()).observe(pane);
    sheet.addEventListener("click", (event) => this.#click(event));
    sheet.addEventListener("keydown", (event) => this.#key(event));
    sheet.addEventListener("contextmenu", (event) => this.#menu(event));
    sheet.addEventListener("dragstart", (event) => this.#drag(event));
    sheet.addEventListener("focusin", (event) => {
      const tile = within(event, ".tile");
      if (tile) this.#at = Number(tile.dataset.at);
    });
  }

  /** @returns {readonly LibraryEntry[]} */
  get items() {
    return this.#items;
  }

  /** @returns {LibraryEntry[]} in the order of the grid */
  get chosen() {
    return this.#items.filter(({ sha }) => this.#selected.has(sha));
  }

  /** @returns {LibraryEntry[]} the selection if the focus is in it, else where the focus is */
  get here() {
    const item = this.#items[this.#at];
    if (!item) return [];
    return this.#selected.has(item.sha) ? this.chosen : [item];
  }

  /**
   * @param {LibraryEntry[]} items from the top
   * @param {{ timed?: boolean }} order timed: newest first, each month under a heading
   */
  show(items, { timed = true } = {}) {
    this.#items = [];
    this.#known.clear();
    this.#sections.clear();
    this.#timed = timed;
    this.#take(items);
    this.#selected.clear();
    this.#at = this.#from = 0;
    this.pane.scrollTop = this.#seenAt = 0;
    this.#empty();
    this.#measure();
    this.events.selected();
  }

  /** @param {LibraryEntry[]} more below what is there */
  add(more) {
    this.#take(more);
    this.#lay();
  }

  /** @param {LibraryEntry[]} more */
  #take(more) {
    const added = more.filter(({ sha }) => !this.#known.has(sha));
    for (const item of added) {
      this.#known.add(item.sha);
      this.#items.push(item);
    }
    this.#sections.add(added.map(({ at }) => (this.#timed ? monthOf(at) : "")));
  }

  /** Whether a month, or what is older, is there. @param {string} month */
  reaches(month) {
    const last = this.#sections.all.at(-1);
    return last !== undefined && last.month < month;
  }

  /** Go to the newest of a month, or to what is next older. @param {string} month */
  goTo(month) {
    const section = this.#sections.all.find((each) => each.month <= month);
    if (!section) return;
    this.pane.scrollTop = section.top;
    this.#to(section.from);
  }

  /**
   * The same pictures but for some, where they stand.
   * @param {(item: LibraryEntry) => LibraryEntry | null} change null: it is gone
   */
  change(change) {
    const items = this.#items.flatMap((item) => change(item) ?? []);
    this.#items = [];
    this.#known.clear();
    this.#sections.clear();
    this.#take(items);
    for (const sha of this.#selected) if (!this.#known.has(sha)) this.#selected.delete(sha);
    this.#at = Math.max(0, Math.min(this.#at, this.#items.length - 1));
    this.#empty();
    this.#lay();
    this.events.selected();
  }

  clearSelection() {
    this.#selected.clear();
    this.#marks();
  }

  selectAll() {
    for (const { sha } of this.#items) this.#selected.add(sha);
    this.#marks();
  }

  /** Put the keys' focus where it was last. */
  focus() {
    this.#to(this.#at);
  }

  /** @param {number} at */
  select(at, { range = false } = {}) {
    const sha = this.#items[at]?.sha;
    if (sha === undefined) return;
    if (range) {
      const [low, high] = [Math.min(this.#from, at), Math.max(this.#from, at)];
      for (const item of this.#items.slice(low, high + 1)) this.#selected.add(item.sha);
    } else {
      if (!this.#selected.delete(sha)) this.#selected.add(sha);
      this.#from = at;
    }
    this.#marks();
  }

  #marks() {
    for (const [at, tile] of this.#tiles) this.#mark(tile, at);
    this.sheet.classList.toggle("choosing", this.#selected.size > 0);
    this.events.selected();
  }

  /**
   * @param {HTMLElement} tile
   * @param {number} at
   */
  #mark(tile, at) {
    tile.setAttribute("aria-selected", String(this.#selected.has(this.#items[at].sha)));
    tile.tabIndex = at === this.#at ? 0 : -1;
  }

  #measure() {
    const phone = matchMedia(PHONE).matches;
    this.#gap = phone ? GAP_PHONE_PX : GAP_PX;
    const width = this.sheet.clientWidth;
    if (!width) return; // it is not shown
    const fit = Math.floor((width + this.#gap) / (TILE_PX + this.#gap));
    this.#columns = phone ? PHONE_COLUMNS : Math.max(2, fit);
    const tile = (width - this.#gap * (this.#columns - 1)) / this.#columns;
    if (tile !== this.#tile) this.#empty();
    this.#tile = tile;
    this.#lay();
  }

  get #row() {
    return this.#tile + this.#gap;
  }

  #lay() {
    const height = this.#sections.lay(this.#columns, this.#row);
    this.sheet.style.height = `${Math.max(0, height - this.#gap)}px`;
    this.#draw();
  }

  #soon() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #empty() {
    this.sheet.replaceChildren();
    this.#spare = [];
    this.#tiles.clear();
    this.#heads.clear();
    this.#blank.clear();
  }

  #draw() {
    const { scrollTop, clientHeight } = this.pane;
    if (!clientHeight) return;
    const fast = Math.abs(scrollTop - this.#seenAt) > FAST * clientHeight;
    this.#seenAt = scrollTop;
    const ahead = AHEAD_ROWS * this.#row;
    const [top, below] = [Math.max(0, scrollTop - ahead), scrollTop + clientHeight + ahead];
    const [first, last] = this.#sections.within(top, below);
    for (const [at, tile] of this.#tiles) {
      if ((at >= first && at < last) || tile === document.activeElement) continue;
      this.#tiles.delete(at);
      this.#spare.push(tile);
    }
    for (let at = first; at < last; at += 1) if (!this.#tiles.has(at)) this.#place(at, fast);
    // Only what found no new place leaves the page: to go and come again costs a layout.
    for (const tile of this.#spare) {
      this.#blank.delete(tile);
      tile.remove();
    }
    this.#headings(top, below, scrollTop);
    if (fast) this.#settle();
    else this.#fill();
    const end = this.#sections.all.at(-1)?.below ?? 0;
    if (below + NEAR_END_ROWS * this.#row > end) this.events.nearEnd();
  }

  /** @param {number} top @param {number} below @param {number} now the height at the top of the screen */
  #headings(top, below, now) {
    const seen = this.#sections.all.filter((each) => each.month && each.below > top && each.top < below);
    for (const [month, head] of this.#heads) {
      if (seen.some((each) => each.month === month)) continue;
      head.remove();
      this.#heads.delete(month);
    }
    for (const { month, top: at } of seen) {
      let head = this.#heads.get(month);
      if (!head) {
        head = document.createElement("div");
        head.className = "month";
        head.setAttribute("aria-hidden", "true"); // the button above says it
        head.textContent = monthName(month);
        this.#heads.set(month, head);
        this.sheet.append(head);
      }
      head.style.transform = `translateY(${at}px)`;
    }
    const month = this.#sections.at(now)?.month ?? "";
    if (month !== this.#month) this.events.month(month);
    this.#month = month;
  }

  /** Once it goes more slowly, what is in sight is asked for. */
  #settle() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#fill(), SETTLED_MS);
  }

  #fill() {
    for (const tile of this.#blank) {
      const image = /** @type {HTMLImageElement} */ (tile.firstElementChild);
      image.src = `media/${tile.dataset.sha}/thumb`;
    }
    this.#blank.clear();
  }

  /** @param {number} at @param {boolean} blank its picture is not asked for yet */
  #place(at, blank) {
    const tile = this.#spare.pop() ?? made();
    const item = this.#items[at];
    const { x, y } = this.#sections.place(at);
    tile.style.width = tile.style.height = `${this.#tile}px`;
    tile.style.transform = `translate(${x}px, ${y}px)`;
    tile.dataset.at = String(at);
    tile.dataset.sha = item.sha;
    tile.setAttribute("aria-posinset", String(at + 1));
    tile.setAttribute("aria-setsize", "-1");
    tile.classList.toggle("favourite", item.favourite);
    const image = /** @type {HTMLImageElement} */ (tile.firstElementChild);
    image.hidden = false;
    image.alt = spoken(item);
    if (blank) image.removeAttribute("src"); // or it would show the picture that stood here
    this.#blank.add(tile);
    tile.title = item.prompt || item.alt;
    this.#mark(tile, at);
    if (!tile.isConnected) this.sheet.append(tile);
    this.#tiles.set(at, tile);
  }

  /** @param {number} at */
  #to(at) {
    if (!this.#items[at]) return;
    const was = this.#tiles.get(this.#at);
    if (was) was.tabIndex = -1;
    this.#at = at;
    const { y: top, head } = this.#sections.place(at);
    const { scrollTop, clientHeight } = this.pane;
    if (top - head < scrollTop) this.pane.scrollTop = top - head;
    else if (top + this.#tile > scrollTop + clientHeight) {
      this.pane.scrollTop = top + this.#tile - clientHeight + this.#gap;
    }
    this.#draw();
    const tile = this.#tiles.get(at);
    if (!tile) return;
    tile.tabIndex = 0;
    tile.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const tile = within(event, ".tile");
    if (!tile) return;
    const at = Number(tile.dataset.at);
    this.#to(at);
    const choosing = this.#selected.size > 0 || within(event, ".check") !== null;
    if (event.shiftKey) this.select(at, { range: true });
    else if (choosing || event.ctrlKey || event.metaKey) this.select(at);
    else this.events.open(at);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey) return;
    const page = Math.max(1, Math.floor(this.pane.clientHeight / this.#row)) * this.#columns;
    const last = this.#items.length - 1;
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: this.#at + 1,
      ArrowLeft: this.#at - 1,
      ArrowDown: this.#items.length ? this.#sections.beside(this.#at, 1) : 0,
      ArrowUp: this.#items.length ? this.#sections.beside(this.#at, -1) : 0,
      PageDown: Math.min(last, this.#at + page),
      PageUp: Math.max(0, this.#at - page),
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      if (this.#items[to]) this.#to(to);
      if (event.shiftKey) this.select(this.#at, { range: true });
    } else if (event.key === " ") this.select(this.#at, { range: event.shiftKey });
    else if (event.key === "Enter") this.events.open(this.#at);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) this.selectAll();
    else if (event.key === "ContextMenu") this.#menu(event);
    else return;
    event.preventDefault();
  }

  /** @param {Event} event */
  #menu(event) {
    const tile = within(event, ".tile");
    if (!tile) return;
    event.preventDefault();
    this.#to(Number(tile.dataset.at));
    this.events.menu(this.here, tile);
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const sha = within(event, ".tile")?.dataset.sha;
    if (!sha) return;
    const shas = this.#selected.has(sha) ? this.chosen.map((item) => item.sha) : [sha];
    this.events.dragged(event, shas);
  }
}

/** @param {LibraryEntry} item */
function spoken({ alt, prompt, origin, favourite }) {
  const words = alt || prompt || (origin === "upload" ? t("An uploaded picture") : t("A picture"));
  return favourite ? t("{words} (favourite)", { words }) : words;
}

function made() {
  const tile = document.createElement("div");
  tile.className = "tile";
  tile.draggable = true;
  tile.setAttribute("role", "option");
  const image = document.createElement("img");
  image.decoding = "async";
  image.draggable = false;
  const check = document.createElement("span");
  check.className = "check";
  check.setAttribute("aria-hidden", "true");
  const star = document.createElement("span");
  star.className = "star";
  star.dataset.icon = "star-full";
  star.setAttribute("aria-hidden", "true");
  tile.append(image, check, star);
  return tile;
}
