// What the next message may cost, beside Send. Asked of the server while it is written, and never
// in the way: where no answer comes, nothing is shown.

import { post } from "./api.js";
import { next } from "./composer.js";
import { emit, on, state } from "./state.js";
import { toast } from "./toast.js";

const WAIT_MS = 400;

let shelf = null;
let timer = null;
let asked = 0;
let last = ""; // the draft that the shown words are about

function show({ words, why }) {
  shelf.hidden = !words;
  shelf.textContent = words;
  shelf.title = why;
}

async function ask() {
  const draft = next();
  last = JSON.stringify(draft);
  const place = state.conversation ? `conversations/${state.conversation}/` : "";
  asked += 1;
  const mine = asked;
  let told = { words: "", why: "" };
  try {
    told = await post(`api/${place}estimate`, draft);
  } catch {
    // No estimate is no fault of the message; whatever is wrong shows when it is sent.
  }
  if (mine !== asked) return;
  show(told);
  if (told.pictures) emit("estimated", told);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => state.online && ask(), WAIT_MS);
}

export function start() {
  shelf = document.querySelector("#forecast");
  shelf.addEventListener("click", () => toast(shelf.title));
  on("draft", () => JSON.stringify(next()) !== last && later());
  // Another model, other settings, another end of the conversation.
  on("settled", later);
  on("opened", () => {
    asked += 1; // an answer on its way is about another conversation
    show({ words: "", why: "" });
  });
}
