// The boards of the library: pictures as references, at the side. A picture comes onto a board by
// the mouse or by a menu, and a board is moved among the others in the same two ways.

import { get, post, remove } from "./api.js";
import { find, findHtml, within } from "./dom.js";
import { ask } from "./library-asking.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import { shareBoard } from "./sharing.js";
import { complain, toast } from "./toast.js";
import { plural, t } from "./words.js";

/** @import { BoardShown, Boards as BoardsTold } from "./protocol.js" */

const PICTURES = "application/x-easel-pictures";
const BOARD = "application/x-easel-board";

/**
 * What the boards tell of.
 * @typedef {object} BoardEvents
 * @property {(board: string) => void} chosen show the pictures of this board; empty: all
 * @property {() => void} changed the pictures of the board that is shown may be others
 */

/** @param {number} count */
const counted = (count) => plural(count, "{n} picture", "{n} pictures");

/**
 * Pictures set out.
 * @param {DragEvent} event
 * @param {string[]} shas
 */
export function carryPictures(event, shas) {
  event.dataTransfer?.setData(PICTURES, JSON.stringify(shas));
}

export class Boards {
  /** @type {BoardShown[]} */
  #boards = [];
  shown = ""; // the board whose pictures are shown; empty: all

  /**
   * @param {HTMLElement} nav
   * @param {BoardEvents} events
   */
  constructor(nav, events) {
    this.list = findHtml("ul", nav);
    this.events = events;
    find(".new-board", HTMLButtonElement, nav).addEventListener("click", () => this.make([]));
    this.list.addEventListener("dragover", (event) => this.#over(event));
    this.list.addEventListener("dragleave", () => this.#under(null));
    this.list.addEventListener("drop", (event) => this.#drop(event));
    this.list.addEventListener("dragstart", (event) => {
      const id = within(event, "li")?.dataset.id;
      if (id) event.dataTransfer?.setData(BOARD, id);
    });
  }

  /** The pictures that are dropped, if they are ours. @param {DragEvent} event @returns {string[] | null} */
  carried(event) {
    const told = event.dataTransfer?.getData(PICTURES);
    return told ? JSON.parse(told) : null;
  }

  get all() {
    return this.#boards;
  }

  get current() {
    return this.#boards.find(({ id }) => id === this.shown);
  }

  async load() {
    try {
      this.#boards = /** @type {BoardsTold} */ (await get("api/library/boards")).boards;
      if (!this.current) this.shown = "";
      this.#draw();
    } catch (error) {
      complain(error);
    }
  }

  #draw() {
    this.list.replaceChildren(this.#row("", t("All pictures"), null), ...this.#boards.map(
      ({ id, name, pictures }) => this.#row(id, name, pictures),
    )); // prettier-ignore
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {string[] | null} pictures
   */
  #row(id, name, pictures) {
    const row = document.createElement("li");
    row.dataset.id = id;
    row.draggable = id !== "";
    const open = document.createElement("button");
    open.type = "button";
    open.className = "board";
    open.setAttribute("aria-current", String(id === this.shown));
    const cover = document.createElement("span");
    cover.className = pictures ? "cover" : "cover all";
    if (!pictures) cover.dataset.icon = "grid";
    if (pictures?.length) {
      const image = document.createElement("img");
      image.src = `media/${pictures[0]}/thumb`;
      image.alt = "";
      image.draggable = false;
      cover.append(image);
    }
    const words = document.createElement("span");
    words.className = "name";
    words.dir = "auto";
    words.textContent = name;
    open.append(cover, words);
    if (pictures) {
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = String(pictures.length);
      count.title = counted(pictures.length);
      open.append(count);
    }
    open.addEventListener("click", () => this.choose(id));
    row.append(open);
    if (pictures) {
      const more = document.createElement("button");
      more.type = "button";
      more.className = "more";
      more.dataset.icon = "more";
      more.setAttribute("aria-label", t("More to do with the board {name}", { name }));
      more.addEventListener("click", () => openMenu(more, this.#ways(id)));
      row.append(more);
    }
    return row;
  }

  /** @param {string} id */
  choose(id) {
    this.shown = id;
    this.#draw();
    this.events.chosen(id);
  }

  /** @param {string} id */
  #ways(id) {
    const at = this.#boards.findIndex((board) => board.id === id);
    return [
      { label: t("Rename"), act: () => this.#rename(id) },
      { label: t("Move up"), act: () => this.#move(id, at - 1), disabled: at <= 0 },
      { label: t("Move down"), act: () => this.#move(id, at + 1), disabled: at > this.#boards.length - 2 },
      { label: t("Share…"), act: () => shareBoard(id, this.#boards[at]?.name ?? "") },
      { label: t("Delete board"), act: () => this.#delete(id) },
    ]; // prettier-ignore
  }

  /** A new board with these pictures. @param {string[]} shas */
  async make(shas) {
    /** @param {string} name */
    const act = (name) =>
      this.#do("api/library/boards", { name, pictures: shas }, (made) => {
        if (shas.length) toast(t("{pictures} on “{name}”.", { pictures: counted(shas.length), name: made.name }));
      });
    await ask({ title: t("New board"), go: t("Make board"), name: "", act });
  }

  /**
   * @param {string} id
   * @param {string[]} shas
   */
  async put(id, shas) {
    await this.#post(`api/library/boards/${id}/pictures`, { pictures: shas }, (board) =>
      toast(t("{pictures} on “{name}”.", { pictures: counted(shas.length), name: board.name }), {
        label: t("Undo"),
        action: () => this.take(id, shas),
      }),
    );
  }

  /**
   * @param {string} id
   * @param {string[]} shas
   */
  async take(id, shas) {
    await this.#post(`api/library/boards/${id}/taken-off`, { pictures: shas });
  }

  /**
   * Have pictures of the board that is shown stand at another place.
   * @param {string[]} shas
   * @param {number} at
   */
  async place(shas, at) {
    await this.#post(`api/library/boards/${this.shown}/pictures`, { pictures: shas, at });
  }

  /**
   * Have the server do it once, and show what has become of the boards.
   * @param {string} path
   * @param {object} body
   * @param {(answer: any) => void} done
   */
  #post(path, body, done = () => {}) {
    return once(JSON.stringify([path, body]), () => this.#do(path, body, done));
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {(answer: any) => void} done
   */
  async #do(path, body, done = () => {}) {
    done(await post(path, body));
    await this.load();
    this.events.changed();
  }

  /** @param {string} id */
  async #rename(id) {
    const board = this.#boards.find((each) => each.id === id);
    /** @param {string} name */
    const act = (name) => this.#do(`api/library/boards/${id}/name`, { name });
    await ask({ title: t("Rename board"), go: t("Rename"), name: board?.name ?? "", act });
  }

  /**
   * @param {string} id
   * @param {number} to
   */
  async #move(id, to) {
    const ids = this.#boards.map((board) => board.id).filter((each) => each !== id);
    ids.splice(to, 0, id);
    await this.#post("api/library/boards/order", { boards: ids });
    findHtml(`li[data-id="${id}"] .more`, this.list).focus();
  }

  /** The pictures stay where else they are, so it is done at once and can be undone. @param {string} id */
  async #delete(id) {
    const board = this.#boards.find((each) => each.id === id);
    if (!board) return;
    const { name, pictures } = board;
    await once(`delete ${id}`, async () => {
      await remove(`api/library/boards/${id}`);
      await this.load();
      this.events.changed();
      if (this.shown === "") this.events.chosen("");
      toast(t("Deleted the board “{name}”. Its pictures stay.", { name }), {
        label: t("Undo"),
        action: () => this.#post("api/library/boards", { name, pictures }),
      });
    });
  }

  /** @param {Element | null} row */
  #under(row) {
    for (const each of this.list.children) each.classList.toggle("over", each === row);
  }

  /** @param {DragEvent} event */
  #over(event) {
    const types = event.dataTransfer?.types ?? [];
    const row = within(event, "li");
    if (!row?.dataset.id || !(types.includes(PICTURES) || types.includes(BOARD))) return;
    event.preventDefault();
    event.stopPropagation(); // not onto the message box
    this.#under(row);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const id = within(event, "li")?.dataset.id;
    this.#under(null);
    if (!id || !event.dataTransfer) return;
    const pictures = event.dataTransfer.getData(PICTURES);
    const board = event.dataTransfer.getData(BOARD);
    if (!pictures && !board) return;
    event.preventDefault();
    event.stopPropagation();
    if (pictures) this.put(id, JSON.parse(pictures));
    else this.#move(board, this.#boards.findIndex((each) => each.id === id));
  }
}
