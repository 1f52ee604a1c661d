// The examples of an empty conversation. They really run: each writes its words into the
// message box, brings its picture or switch along, and sends. What the model that would answer
// cannot do is not offered.

import { upload } from "./api.js";
import * as composer from "./composer.js";
import { findAll } from "./dom.js";
import * as settings from "./settings.js";
import { on, state } from "./state.js";
import { complain } from "./toast.js";
import * as tray from "./tray.js";

async function run(card) {
  const { text, picture, tools } = card.dataset;
  if (picture) {
    const sample = await fetch(`/easel/samples/${picture}`);
    const { sha } = await upload(await sample.blob());
    tray.put(sha, "Living room");
  }
  if (tools) await settings.change({ tools_on: true });
  composer.setText(text);
  await composer.send();
}

/** Whether the model has all that the example needs; of one not known yet it is believed. */
function able({ needs = "" }) {
  const wanted = needs.split(" ").filter(Boolean);
  return state.card === null || wanted.every((fact) => state.card[fact]);
}

export function start() {
  const cards = /** @type {HTMLButtonElement[]} */ (findAll("#welcome [data-text]"));
  on("settled", () => cards.forEach((card) => (card.hidden = !able(card.dataset))));
  for (const card of cards) {
    card.addEventListener("click", () => {
      card.disabled = true;
      run(card)
        .catch(complain)
        .finally(() => (card.disabled = false));
    });
  }
}
