// The language of the page: chosen by the browser until somebody chooses another here.

import { post } from "./api.js";
import { once } from "./once.js";
import { language } from "./words.js";

export function start() {
  const choice = document.querySelector("#language");
  if (!(choice instanceof HTMLSelectElement)) return; // the panel that holds it has failed
  choice.value = language;
  choice.hidden = choice.options.length < 2;
  choice.addEventListener("change", () =>
    once("language", async () => {
      try {
        await post("api/language", { language: choice.value });
      } catch (error) {
        choice.value = language;
        throw error;
      }
      location.reload(); // what is being written is kept, as through every reload
    }),
  );
}
