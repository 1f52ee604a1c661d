// What Sketch offers in a list is there to be clicked, with the picture that it gives where there is one.

import * as composer from "./composer.js";
import { findAll } from "./dom.js";
import { once } from "./once.js";
import { on } from "./state.js";
import { t } from "./words.js";

/** The pictures of ideas by their words: `.ci/sample_pictures.py` paints them, named after the English ones. */
const painted = () =>
  new Map([
    [t('a birthday card that says "Happy birthday!"'), "a-birthday-card-that-says-happy-birthday"],
    [t("a bowl of lemons and apples"), "a-bowl-of-lemons-and-apples"],
    [t("a castle on a hill at night"), "a-castle-on-a-hill-at-night"],
    [t("a fox in a snowy forest"), "a-fox-in-a-snowy-forest"],
    [t("a lighthouse by the sea at sunset"), "a-lighthouse-by-the-sea-at-sunset"],
    [
      t("a red boat and a hot air balloon on a lake before mountains at dawn"),
      "a-red-boat-and-a-hot-air-balloon-on-a-lake-before-mountains-at-dawn",
    ],
    [t("a rocket in space"), "a-rocket-in-space"],
    [t("a windmill and tulips under a rainbow"), "a-windmill-and-tulips-under-a-rainbow"],
    [
      t("a woman with red hair in a blue dress and a dog"),
      "a-woman-with-red-hair-in-a-blue-dress-and-a-dog",
    ],
    [t("three fish under water"), "three-fish-under-water"],
    [t("three pink hearts"), "three-pink-hearts"],
    [t("two cats on a green sofa"), "two-cats-on-a-green-sofa"],
  ]);

/** @param {HTMLElement} item a row of a list that is an idea and nothing else */
function offer(item) {
  const words = item.textContent?.trim() ?? "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "idea";
  const name = painted().get(words);
  if (name !== undefined) {
    const picture = document.createElement("img");
    picture.src = `easel/samples/ideas/${name}.webp`;
    picture.alt = "";
    picture.width = 144;
    picture.height = 96;
    picture.loading = "lazy";
    button.append(picture);
    item.parentElement?.classList.add("ideas");
  }
  const label = document.createElement("span");
  label.textContent = words;
  button.append(label);
  button.addEventListener("click", () => once("idea", () => composer.sendBeside(words, [])));
  item.replaceChildren(button);
}

/** Only of Sketch: no model's words send a message by a click. */
function dress() {
  for (const item of findAll('#messages .msg[data-by="sketch"][data-status="complete"] li')) {
    const [only] = item.childNodes;
    if (item.childNodes.length === 1 && only instanceof HTMLElement && only.tagName === "EM") {
      offer(item);
    }
  }
}

export function start() {
  on("settled", dress);
}
