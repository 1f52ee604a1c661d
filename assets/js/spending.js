// Money that is gone: the sum of the conversation among its settings, and the bill of a reply,
// which closes like any other bubble.

import { findAll } from "./dom.js";
import { on, state } from "./state.js";

const bills = () => /** @type {HTMLDetailsElement[]} */ (findAll("details.spent[open]"));

export function start() {
  on("settled", () => {
    const sum = document.querySelector("#spent-so-far");
    if (sum) sum.textContent = state.spent;
  });
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Node)) return;
    for (const bill of bills()) if (!bill.contains(target)) bill.open = false;
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || bills().length === 0) return;
      event.preventDefault(); // it closes the bubble, and does not stop a reply as well
      for (const bill of bills()) {
        bill.open = false;
        if (bill.contains(/** @type {Node} */ (event.target))) bill.querySelector("summary").focus();
      }
    },
    true,
  );
}
