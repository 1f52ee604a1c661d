// What the next message may cost, beside Send. Asked of the server while it is written, and never
// in the way: where no answer comes, nothing is shown. Above the box stands what limit on spending is
// near.

import { post } from "./api.js";
import { next } from "./composer.js";
import { emit, on, state } from "./state.js";
import { toast } from "./toast.js";

const WAIT_MS = 400;

let shelf = null;
let limit = null;
let timer = null;
let asked = 0;
let last = ""; // the draft that the shown words are about

function warn(near) {
  limit.hidden = !near;
  limit.classList.toggle("reached", near?.reached ?? false);
  const words = near?.words ?? "";
  if (limit.textContent !== words) limit.textContent = words; // said once, not with every letter
}

function show({ words, why }) {
  shelf.hidden = !words;
  shelf.textContent = words;
  shelf.title = why;
  shelf.toggleAttribute("data-priced", /\p{N}/u.test(words)); // it costs something, and says how much
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
  if (!told.pictures) return;
  warn(told.limit);
  emit("estimated", told);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => state.online && ask(), WAIT_MS);
}

export function start() {
  shelf = document.querySelector("#forecast");
  limit = document.querySelector("#limit");
  shelf.addEventListener("click", () => toast(shelf.title));
  on("draft", () => JSON.stringify(next()) !== last && later());
  // Another model, other settings, another end of the conversation.
  on("settled", later);
  on("opened", () => {
    asked += 1; // an answer on its way is about another conversation
    show({ words: "", why: "" });
  });
}
