// The examples of an empty conversation. They really run: each sends its words, with its picture or
// switch, beside what is in the message box, which stays there. What the model that would answer
// cannot do is not offered.

import { getFile, upload } from "./api.js";
import * as composer from "./composer.js";
import { findAll, findHtml } from "./dom.js";
import { once } from "./once.js";
import { mayAdd } from "./rights.js";
import * as settings from "./settings.js";
import { on, state } from "./state.js";

async function run(card) {
  const { text, picture, tools } = card.dataset;
  const shown = picture ? await upload(await getFile(`easel/samples/${picture}`)) : null;
  if (tools) await settings.change({ tools_on: true }, false);
  await composer.sendBeside(text, shown ? [shown.sha] : []);
}

let tools = true; // whether they can run, by the model or for it; believed until it is known

/** Whether the model has all that the example needs; of one not known yet it is believed. */
function able({ needs = "", picture = "" }) {
  if (picture && !mayAdd()) return false;
  const wanted = needs.split(" ").filter(Boolean);
  const facts = { ...state.card, tools };
  return state.card === null || wanted.every((fact) => facts[fact]);
}

export function start() {
  const cards = /** @type {HTMLButtonElement[]} */ (findAll("#welcome [data-text]"));
  const row = findHtml("#welcome .cards");
  const offer = () => {
    for (const card of cards) card.hidden = !able(card.dataset);
    row.dataset.count = String(cards.filter((card) => !card.hidden).length);
  };
  on("settled", offer);
  on("settings", (told) => {
    tools = told.tools.reason === "";
    offer();
  });
  for (const card of cards) {
    card.addEventListener("click", () => once("example", () => run(card)));
  }
}
