// A row of the list of conversations. Its elements stay while it is listed, whatever it says.

import { post } from "./api.js";
import { addMenu, discard } from "./conversation-menu.js";
import { open } from "./conversation.js";
import { fromHit, parted } from "./found-words.js";
import { state } from "./state.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/** @import { ConversationRow } from "./protocol.js" */

/**
 * @typedef {object} RowChanges what a row tells the list that it stands in
 * @property {(row: ConversationRow) => void} changed
 * @property {(id: string) => void} gone it is in the bin
 * @property {() => string[]} sought the words of the search that its excerpts are of
 * @property {() => void} closed a menu or a field of it is closed: what was put off may be drawn
 */

const MAX_TITLE_CHARACTERS = 200;
const TILE_PX = 28;
const WAITS = t("Waits for you");

/**
 * A line under the title.
 * @param {string} text
 * @param {string[]} sought words of a search, which are marked in it
 */
function beneath(text, sought = []) {
  const line = document.createElement("small");
  line.append(
    ...parted(fromHit(text, sought), sought).map(({ words, hit }) => {
      if (!hit) return words;
      const mark = document.createElement("mark");
      mark.textContent = words;
      return mark;
    }),
  );
  return line;
}

// A browser loads what is "lazy" long before it comes into sight: that would be most of a list.
const inSight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || !(target instanceof HTMLImageElement)) continue;
    inSight.unobserve(target);
    target.src = target.dataset.src ?? "";
  }
});

/** Room for the picture that came last, taken whether there is one or not. */
function tile() {
  const made = document.createElement("span");
  made.className = "tile";
  made.setAttribute("aria-hidden", "true"); // what it shows is in the conversation, with its words
  return made;
}

/**
 * Show a picture in a tile; where it is lost, the tile is as without one.
 * @param {HTMLElement} tile
 * @param {string} sha empty: none
 */
function show(tile, sha) {
  if (!sha) {
    tile.replaceChildren();
    return;
  }
  const image = document.createElement("img");
  image.alt = "";
  image.decoding = "async";
  image.width = image.height = TILE_PX;
  image.addEventListener("error", () => image.remove());
  image.dataset.src = `media/${sha}/thumb?tile=true`;
  tile.replaceChildren(image);
  inSight.observe(image);
}

export class ListedConversation {
  #tile = tile();
  #words = document.createElement("span");
  #picture = "";
  #link = document.createElement("a");
  #more = document.createElement("button");
  #drawn = "";
  /** @type {RowChanges} */
  #list;

  element = document.createElement("li");
  /** Whether its menu is open, or its name is being written. */
  busy = false;

  /**
   * @param {ConversationRow} row
   * @param {RowChanges} list
   */
  constructor(row, list) {
    this.row = row;
    this.#list = list;
    this.element.className = "row";
    this.element.dataset.id = row.id;
    this.#link.href = `./?c=${row.id}`;
    this.#words.className = "words";
    this.#words.dir = "auto";
    this.#link.append(this.#tile, this.#words);
    this.#link.draggable = !matchMedia("(pointer: coarse)").matches; // there a long press opens the menu
    this.#link.addEventListener("click", (event) => this.#chosen(event));
    this.#more.type = "button";
    this.#more.className = "icon";
    this.#more.tabIndex = -1; // one stop of the Tab key a row: the arrow to the right leads here
    this.#more.dataset.icon = "more";
    this.#more.setAttribute("aria-haspopup", "menu");
    this.element.append(this.#link, this.#more);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    addMenu(this.element, this.#more, this);
    this.draw(row);
  }

  /** Say what a row says now. @param {ConversationRow} row */
  draw(row) {
    this.row = row;
    const current = row.id === state.conversation;
    const drawn = JSON.stringify([row, current, row.excerpt && this.#list.sought()]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.classList.toggle("waits", row.waits);
    this.element.classList.toggle("running", row.running && !row.waits);
    const lines = row.waits ? [beneath(WAITS)] : [];
    if (row.excerpt) lines.push(beneath(row.excerpt, this.#list.sought()));
    this.#words.replaceChildren(row.title, ...lines);
    if (row.picture !== this.#picture) show(this.#tile, row.picture);
    this.#picture = row.picture;
    this.#link.title = row.title;
    if (current) this.#link.setAttribute("aria-current", "page");
    else this.#link.removeAttribute("aria-current");
    this.#more.title = t("More");
    this.#more.setAttribute("aria-label", t("More about “{title}”", { title: row.title }));
  }

  focus() {
    this.#link.focus();
  }

  /** Its menu is open. */
  opened() {
    this.busy = true;
    this.element.classList.add("open");
  }

  /** Nothing is under way in it any more. */
  closed() {
    this.busy = false;
    this.element.classList.remove("open");
    this.#list.closed();
  }

  gone() {
    this.#list.gone(this.row.id);
  }

  /** @param {string} pinned since when; empty: no longer */
  pinned(pinned) {
    this.#list.changed({ ...this.row, pinned });
  }

  /** Have another name written in its place. */
  rename() {
    const input = document.createElement("input");
    input.value = this.row.title;
    input.maxLength = MAX_TITLE_CHARACTERS;
    input.setAttribute("aria-label", t("New title"));
    this.busy = true;
    this.element.replaceChildren(this.#tile, input);
    input.focus();
    input.select();
    let done = false;
    const finish = async (/** @type {boolean} */ save, /** @type {boolean} */ back) => {
      if (done) return;
      done = true;
      let title = this.row.title;
      if (save && input.value.trim() && input.value !== title) {
        try {
          ({ title } = await post(`api/conversations/${this.row.id}/title`, { title: input.value }));
        } catch (error) {
          complain(error);
          done = false; // what was written stays, to be tried again
          return;
        }
      }
      this.#link.prepend(this.#tile);
      this.element.replaceChildren(this.#link, this.#more);
      this.busy = false;
      this.#list.changed({ ...this.row, title });
      if (back) this.focus();
    };
    input.addEventListener("blur", () => finish(true, false));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") finish(true, true);
      if (event.key === "Escape") finish(false, true);
    });
  }

  /** @param {MouseEvent} event */
  #chosen(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(this.row.id);
    document.body.dispatchEvent(new CustomEvent("easel:chosen"));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const [ahead, back] = getComputedStyle(this.element).direction === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const acts = {
      [ahead]: () => this.#more.focus(),
      [back]: () => this.focus(),
      F2: () => this.rename(),
      Delete: () => discard(this),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
