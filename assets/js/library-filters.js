// What of the library is asked for: the row of filters, and the words of the search.

import { get } from "./api.js";
import { find, findAll, findHtml, within } from "./dom.js";
import { openMenu } from "./menu.js";
import { complain } from "./toast.js";
import { t } from "./words.js";

/** @import { LibraryModels } from "./protocol.js" */

const SEARCH_WAIT_MS = 180;
const DAY_MS = 86_400_000;

/** @type {[string, number | null][]} by how many days ago it begins; null: always */
const SPANS = [
  [t("Any date"), null],
  [t("Today"), 0],
  [t("Last 7 days"), 6],
  [t("Last 30 days"), 29],
  [t("Last 12 months"), 364],
];

export class Filters {
  #made = "";
  #favourites = false;
  #model = "";
  #since = "";
  #until = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} sheet
   * @param {() => void} changed
   */
  constructor(sheet, changed) {
    this.row = findHtml(".filters", sheet);
    this.field = find("#pictures-search", HTMLInputElement, sheet);
    this.changed = changed;
    this.field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(changed, SEARCH_WAIT_MS);
    });
    this.row.addEventListener("click", (event) => {
      const button = within(event, "button");
      if (!button) return;
      if (button.dataset.made !== undefined) this.#set(() => (this.#made = button.dataset.made ?? ""));
      if (button.dataset.favourites !== undefined) this.#set(() => (this.#favourites = !this.#favourites));
      if (button.dataset.models !== undefined) this.#models(button);
      if (button.dataset.dates !== undefined) this.#dates(button);
    });
  }

  /** Whether something is left out. */
  get narrow() {
    return Object.keys(this.query).length > 0;
  }

  /** @returns {Record<string, string>} */
  get query() {
    const words = this.field.value.trim();
    return {
      ...(words && { q: words }),
      ...(this.#made && { made: this.#made }),
      ...(this.#favourites && { favourites: "true" }),
      ...(this.#model && { model: this.#model }),
      ...(this.#since && { since: this.#since }),
      ...(this.#until && { until: this.#until }),
    };
  }

  /** @param {() => void} change */
  #set(change) {
    change();
    for (const button of findAll("[data-made]", this.row)) {
      button.setAttribute("aria-pressed", String(button.dataset.made === this.#made));
    }
    findHtml("[data-favourites]", this.row).setAttribute("aria-pressed", String(this.#favourites));
    this.changed();
  }

  /**
   * @param {string} name of the button
   * @param {string} words empty: nothing is chosen
   * @param {string} otherwise
   */
  #label(name, words, otherwise) {
    const button = findHtml(`[data-${name}]`, this.row);
    button.textContent = words || otherwise;
    button.classList.toggle("set", words !== "");
  }

  /** @param {HTMLElement} button */
  async #models(button) {
    try {
      const { models } = /** @type {LibraryModels} */ (await get("api/library/models"));
      /** @type {(id: string, title: string) => () => void} */
      const choose = (id, title) => () =>
        this.#set(() => {
          this.#model = id;
          this.#label("models", title, t("Model"));
        });
      openMenu(button, [
        { label: t("Any model"), act: choose("", "") },
        ...models.map(({ id, title }) => ({ label: title, act: choose(id, title) })),
      ]);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {HTMLElement} button */
  #dates(button) {
    const items = SPANS.map(([label, days]) => ({
      label,
      act: () =>
        this.#set(() => {
          this.#until = "";
          this.#since = days === null ? "" : daysAgo(days);
          this.#label("dates", days === null ? "" : label, t("Date"));
        }),
    }));
    openMenu(button, [...items, { label: t("From … to …"), act: () => this.#range(button) }]);
  }

  /** Two dates in place of the button, until they are chosen. @param {HTMLElement} button */
  #range(button) {
    const box = document.createElement("span");
    box.className = "range";
    /** @param {string} label */
    const day = (label) => {
      const input = document.createElement("input");
      input.type = "date";
      input.setAttribute("aria-label", label);
      input.addEventListener("change", () => take());
      return input;
    };
    const [from, to] = [day(t("From")), day(t("To"))];
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.icon = "close";
    close.setAttribute("aria-label", t("Any date"));
    const take = () => {
      const last = to.value ? new Date(`${to.value}T00:00:00`) : null;
      this.#set(() => {
        this.#since = from.value ? new Date(`${from.value}T00:00:00`).toISOString() : "";
        // The whole of the last day.
        this.#until = last ? new Date(last.setDate(last.getDate() + 1)).toISOString() : "";
      });
    };
    close.addEventListener("click", (event) => {
      event.stopPropagation();
      box.remove();
      button.hidden = false;
      this.#set(() => (this.#since = this.#until = ""));
      this.#label("dates", "", t("Date"));
      button.focus();
    });
    box.append(from, "–", to, close);
    button.hidden = true;
    button.after(box);
    from.focus();
  }
}

/** The beginning of a day, so many days ago. @param {number} days */
function daysAgo(days) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  return new Date(midnight - days * DAY_MS).toISOString();
}
