// Calls of tools that wait for the user, and what running tools ask: the cards in the transcript.
// What is drawn in them comes from the server; here are the decisions and the answers.

import { post } from "./api.js";
import { find, findAll, findHtml, fromServer, within } from "./dom.js";
import { once } from "./once.js";
import { on } from "./state.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { DecidedCall, OpenQuestions } from "./protocol.js" */

const ELSEWHERE = t("The calls were decided on in another window.");
const ASKS = t("A tool asks you something.");

/** @type {Set<string>} ids of replies that this window decides on */
const deciding = new Set();
/** @type {string | null} the reply whose card had the focus */
let returning = null;

/**
 * The nearest element around another.
 * @param {Element} inside
 * @param {string} selector
 */
function around(inside, selector) {
  const found = inside.closest(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is nothing at ${selector}.`);
  return found;
}

/** The reply that a card belongs to, or its tile among variants. @param {Element} inside */
const messageOf = (inside) => around(inside, ".msg, .variant");

/** The reply on the screen: in the grid of variants, or else in the transcript. @param {string} id */
function shownReply(id) {
  const tiles = findAll("#variants:not([hidden], .folded) .variant");
  return tiles.find((tile) => tile.dataset.id === id) ?? document.getElementById(`m-${id}`);
}

/** @param {HTMLElement} card */
const callsOf = (card) => findAll(".call", card);

/**
 * @param {HTMLElement} card
 * @param {boolean} busy
 */
function hold(card, busy) {
  card.toggleAttribute("data-busy", busy);
  for (const button of card.querySelectorAll("button")) button.disabled = busy;
  if (!busy) settleGo(card);
}

/** @param {HTMLElement} card */
function settleGo(card) {
  const go = card.querySelector("[data-decide-go]");
  if (go instanceof HTMLButtonElement) go.disabled = !callsOf(card).every((call) => call.dataset.choice);
}

/**
 * Send what was decided on every call of a card.
 * @param {HTMLElement} card
 */
async function send(card) {
  const message = messageOf(card);
  const id = message.dataset.id ?? "";
  /** @type {DecidedCall[]} */
  const decisions = callsOf(card).map((call) => ({
    call: call.dataset.call ?? "",
    digest: call.dataset.digest ?? "",
    choice: /** @type {DecidedCall["choice"]} */ (call.dataset.choice),
    word: call.dataset.choice === "deny" ? find(".word input", HTMLInputElement, call).value : "",
  }));
  deciding.add(id);
  if (card.contains(document.activeElement)) returning = id;
  hold(card, true);
  try {
    await post(`api/messages/${id}/decide`, { decisions });
    if (!document.getElementById(`m-${id}`)) deciding.delete(id); // a tile alone shows it
  } catch (error) {
    deciding.delete(id);
    if (card.isConnected) hold(card, false);
    throw error;
  }
}

/** @param {HTMLElement} card */
const decide = (card) => once(`decide ${messageOf(card).dataset.id}`, () => send(card));

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} card
 */
function choose(button, card) {
  const call = around(button, ".call");
  call.dataset.choice = button.dataset.decide;
  if (callsOf(card).length === 1) {
    decide(card);
    return;
  }
  for (const each of findAll("[data-decide]", call)) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  settleGo(card);
}

/** @param {HTMLElement} card */
async function stop(card) {
  const id = messageOf(card).dataset.id ?? "";
  deciding.add(id);
  returning = id;
  try {
    await post(`api/messages/${id}/stop`);
    if (!document.getElementById(`m-${id}`)) deciding.delete(id);
  } catch (error) {
    deciding.delete(id);
    throw error;
  }
}

/** @param {MouseEvent} event */
function clicked(event) {
  const card = within(event, ".approval");
  const button = within(event, "button");
  if (!card || !button) return;
  if (button.dataset.decide) choose(button, card);
  else if (button.dataset.decideAll) {
    for (const call of callsOf(card)) call.dataset.choice = button.dataset.decideAll;
    decide(card);
  } else if (button.dataset.decideGo !== undefined) decide(card);
  else if (button.dataset.decideStop !== undefined) {
    once(`stop ${messageOf(card).dataset.id}`, () => stop(card));
  } else if (button.dataset.decline !== undefined && card instanceof HTMLFormElement) {
    reply(card, null);
  }
}

/** @param {KeyboardEvent} event Enter in the word to the model denies with it */
function pressed(event) {
  const field = within(event, ".approval .word input");
  if (!field || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  find('[data-decide="deny"]', HTMLButtonElement, around(field, ".call")).click();
}

/**
 * What was filled in, by the names of the fields; what is empty is left out.
 * @param {HTMLFormElement} form
 */
function values(form) {
  /** @type {Record<string, unknown>} */
  const filled = {};
  for (const field of findAll("[data-field]", form)) {
    const name = field.dataset.field ?? "";
    if (field instanceof HTMLFieldSetElement) {
      const boxes = /** @type {HTMLInputElement[]} */ (findAll("input:checked", field));
      if (boxes.length) filled[name] = boxes.map((box) => box.value);
    } else if (field instanceof HTMLInputElement && field.type === "checkbox") {
      filled[name] = field.checked;
    } else if (field instanceof HTMLInputElement && field.type === "number") {
      if (field.value !== "") filled[name] = field.valueAsNumber;
      else if (field.validity.badInput) filled[name] = "?"; // the server says what it wants
    } else if (
      field instanceof HTMLInputElement ||
      field instanceof HTMLSelectElement ||
      field instanceof HTMLTextAreaElement
    ) {
      if (field.value !== "") filled[name] = field.value;
    }
  }
  return filled;
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, unknown> | null} filled null: declined
 */
async function answer(form, filled) {
  const id = messageOf(form).dataset.id ?? "";
  const wrong = findHtml(".wrong", form);
  wrong.hidden = true;
  if (form.contains(document.activeElement)) returning = id;
  hold(form, true);
  try {
    await post(`api/messages/${id}/answer`, { question: form.dataset.question, values: filled });
  } catch (error) {
    returning = null;
    if (!form.isConnected) throw error;
    wrong.textContent = error instanceof Error ? error.message : String(error);
    wrong.hidden = false;
    hold(form, false);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, unknown> | null} filled null: declined
 */
const reply = (form, filled) => once(`answer ${form.dataset.question}`, () => answer(form, filled));

/** @param {string} html */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = fromServer(html);
  return template.content;
}

/** @param {OpenQuestions} told */
function draw({ reply, questions }) {
  const message = document.getElementById(`m-${reply}`);
  if (!message) return;
  let shelf = message.querySelector(":scope > .questions");
  if (!shelf) {
    shelf = document.createElement("div");
    shelf.className = "questions";
    find(".tail", HTMLElement, message).before(shelf);
  }
  // What is being filled in stays as it is, however often the list is told.
  const wanted = new Set(questions.map(({ id }) => id));
  for (const form of findAll("[data-question]", shelf)) {
    if (!wanted.has(form.dataset.question ?? "")) form.remove();
  }
  const shown = new Set(findAll("[data-question]", shelf).map(({ dataset }) => dataset.question));
  const fresh = questions.filter(({ id }) => !shown.has(id));
  for (const { html } of fresh) shelf.append(made(html));
  if (fresh.length) findHtml("#announcer").textContent = ASKS;
  refocus();
}

/** After a card with the focus has gone: the focus goes to its message, not to the page's top. */
function refocus() {
  if (returning === null) return;
  const message = shownReply(returning);
  if (!message) return;
  if (document.activeElement && document.activeElement !== document.body) {
    if (document.activeElement.closest(".approval")) return;
    returning = null;
    return;
  }
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  returning = null;
}

/** @param {{ old: HTMLElement, fresh: DocumentFragment }} redrawn */
function redrawn({ old, fresh }) {
  const had = old.querySelector(".approval:not(.question)");
  if (!had || fresh.querySelector(".approval:not(.question)")) return;
  const id = old.dataset.id ?? "";
  if (had.contains(document.activeElement)) returning = id;
  // One that has ended with it says so itself, and who went on here need not be told.
  const stopped = fresh.querySelector('[data-status="stopped"]') !== null;
  if (!deciding.delete(id) && !stopped) toast(ELSEWHERE);
}

export function start() {
  for (const place of ["#messages", "#variants"]) {
    const list = findHtml(place);
    list.addEventListener("click", clicked);
    list.addEventListener("keydown", pressed);
    list.addEventListener("submit", (event) => {
      if (!(event.target instanceof HTMLFormElement) || !event.target.matches(".question")) return;
      event.preventDefault();
      reply(event.target, values(event.target));
    });
  }
  on("told:questions", draw);
  on("redrawing", redrawn);
  on("settled", refocus);
}
