// The examples of an empty conversation. They really run: each writes its words into the
// message box, brings its picture or switch along, and sends.

import { post } from "./api.js";
import * as composer from "./composer.js";
import { ensure } from "./conversation.js";
import { emit } from "./state.js";
import { complain } from "./toast.js";
import * as tray from "./tray.js";
import { upload } from "./api.js";

async function run(card) {
  const { text, picture, tools } = card.dataset;
  if (picture) {
    const sample = await fetch(`/easel/samples/${picture}`);
    const { sha } = await upload(await sample.blob());
    tray.put(sha, "Living room");
  }
  if (tools) {
    const id = await ensure();
    await post(`/api/conversations/${id}/tools`, { on: true });
    emit("settings", id);
  }
  composer.setText(text);
  await composer.send();
}

export function start() {
  for (const card of document.querySelectorAll("#welcome [data-text]")) {
    card.addEventListener("click", () => {
      card.disabled = true;
      run(card)
        .catch(complain)
        .finally(() => (card.disabled = false));
    });
  }
}
