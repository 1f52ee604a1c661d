// Pictures are deleted: what still uses them is shown before, and all of it can be undone.

import { post } from "./api.js";
import { ask } from "./library-asking.js";
import { once } from "./once.js";
import { toast } from "./toast.js";
import { inARow, plural, t } from "./words.js";

/** @import { PictureUses } from "./protocol.js" */

const LISTED = 6;

/**
 * @param {string} tag
 * @param {string} text
 */
function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** @param {PictureUses} uses */
function told({ pictures }) {
  /** @type {Map<string, string>} */
  const conversations = new Map();
  for (const picture of pictures) {
    for (const { id, title } of picture.conversations) conversations.set(id, title);
  }
  const boards = new Set(pictures.flatMap((picture) => picture.boards));
  const many = pictures.length;
  const nodes = [];
  if (conversations.size) {
    const words = plural(
      many,
      "These conversations show it, and will say in its place that it is lost:",
      "These conversations show them, and will say in their place that they are lost:",
    );
    nodes.push(made("p", words));
    const list = document.createElement("ul");
    const titles = [...conversations.values()];
    list.append(...titles.slice(0, LISTED).map((title) => made("li", title)));
    if (titles.length > LISTED) list.append(made("li", plural(titles.length - LISTED, "and {n} more", "and {n} more")));
    nodes.push(list);
  }
  if (boards.size) nodes.push(made("p", t("On boards: {boards}.", { boards: inARow([...boards]) })));
  nodes.push(made("p", plural(many, "No model is shown it any more.", "No model is shown them any more.")));
  return nodes;
}

/** What this browser keeps of pictures is asked for anew: it would show them for a year. @param {string[]} shas */
async function refresh(shas) {
  for (const sha of shas) {
    for (const address of [`media/${sha}/thumb`, `media/${sha}`]) {
      await fetch(address, { cache: "reload" }).catch(() => {});
    }
    for (const image of document.querySelectorAll(`#messages [data-sha="${sha}"] img`)) {
      const address = image.getAttribute("src") ?? "";
      image.removeAttribute("src");
      image.setAttribute("loading", "eager");
      image.setAttribute("src", address);
    }
  }
}

/**
 * Ask, and delete; whether they are gone.
 * @param {string[]} shas
 * @param {() => void} back what to do when it is undone
 */
export async function deletePictures(shas, back) {
  const uses = /** @type {PictureUses} */ (await post("api/library/uses", { pictures: shas }));
  const title = plural(shas.length, "Delete this picture?", "Delete {n} pictures?");
  const go = plural(shas.length, "Delete picture", "Delete {n} pictures");
  const yes = await ask({ title, told: told(uses), go, grave: true });
  if (yes === null) return false;
  await post("api/library/delete", { pictures: shas });
  void refresh(shas);
  toast(plural(shas.length, "Deleted the picture.", "Deleted {n} pictures."), {
    label: t("Undo"),
    action: () =>
      once(`restore ${shas}`, async () => {
        await post("api/library/restore", { pictures: shas });
        await refresh(shas);
        back();
      }),
  });
  return true;
}
