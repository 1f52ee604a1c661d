// The tray as it is drawn: a chip for each picture and file, with what can be done with it.

import { whyLeft } from "./budget.js";
import { chip } from "./chip.js";
import { findHtml } from "./dom.js";
import { putOff } from "./pressed.js";
import { mayAdd } from "./rights.js";
import { edits, emit, on, state } from "./state.js";
import * as tray from "./tray.js";
import { t } from "./words.js";

/** @import { Item, Way } from "./chip.js" */

/** @type {HTMLElement} */
let shelf;

function draw() {
  if (putOff(shelf, draw)) return;
  const focus = focused();
  const [items, resting] = [tray.all(), tray.rests()];
  const { going, left } = tray.split();
  const chips = items.map((item, at) =>
    chip(item, {
      handle: tray.called(item),
      resting: resting && !item.file,
      left: state.card && left.some((each) => each === item) ? whyLeft(state.card, going.length) : "",
      place: items.length > 1 ? t("{at} of {all}", { at: at + 1, all: items.length }) : "",
      ways: ways(item),
      drop: () => tray.takeOut(item),
      call: () => emit("call", tray.called(item)),
    }),
  );
  shelf.replaceChildren(...chips);
  shelf.hidden = items.length === 0;
  shelf.classList.toggle("resting", resting);
  const going_along = tray.attached().length ? t("Pictures and files that go along") : t("Pictures that go along");
  shelf.setAttribute("aria-label", resting ? t("Pictures that stay behind") : going_along);
  refocus(focus);
}

/** What of the tray has the focus: the chip, and which of its buttons. */
function focused() {
  const active = document.activeElement;
  const box = active?.closest("#tray .chip");
  if (!active || !(box instanceof HTMLElement)) return null;
  return { key: box.dataset.key, at: [...box.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (active)) };
}

/** @param {{ key: string | undefined, at: number } | null} focus */
function refocus(focus) {
  if (!focus) return;
  const box = shelf.querySelector(`[data-key="${focus.key}"]`);
  box?.querySelectorAll("button")[focus.at]?.focus();
}

/**
 * What can be done with a picture beside taking it out.
 * @param {Item} item
 * @returns {Way[]}
 */
function ways(item) {
  if (item.again) return [{ words: t("Try again"), act: item.again, off: item.busy }];
  if (!item.sha || item.file || tray.rests()) return [];
  if (item.mask) return [{ words: t("Use as picture"), act: () => tray.mask(item, false) }];
  const pin = { words: t("Pin"), pressed: item.pinned, act: () => tray.pin(item, !item.pinned) };
  if (!edits()) return [pin];
  if (item === tray.named(false)[0]) {
    if (!mayAdd()) return [pin]; // a region is marked by a picture of one's own
    return [{ words: t("Mark area"), act: () => emit("mark", item.sha) }, pin];
  }
  if (tray.named(true).length) return [pin];
  return [{ words: t("Use as mask"), act: () => tray.mask(item, true) }, pin];
}

export function start() {
  shelf = findHtml("#tray");
  on("items", draw);
}
