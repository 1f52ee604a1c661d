// Which conversation is open: the address bar, Back, reload and the title follow it.

import { post } from "./api.js";
import { visit } from "./layers.js";
import { show } from "./live.js";
import { emit, on, state } from "./state.js";
import { clear } from "./transcript.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

const ID = /^[0-9a-f]{32}$/;

let making = null;
/** @type {string | null} */
let left = null; // the one that this page deletes: that it is not there needs no word

/** The conversation that the address names. */
export function fromAddress() {
  const id = new URLSearchParams(location.search).get("c");
  return id && ID.test(id) ? id : null;
}

/** @param {string | null} id */
function address(id) {
  const url = new URL(location.href);
  if (id) url.searchParams.set("c", id);
  else url.searchParams.delete("c");
  url.hash = "";
  return url;
}

/** @param {string | null} id */
function set(id) {
  state.conversation = id;
  clear();
  show(id);
  if (!id) emit("title", "");
  emit("opened", id);
}

/** @param {string | null} id */
export function open(id) {
  const another = id !== state.conversation;
  set(id);
  if (another) visit(address(id));
}

/** @param {string | null} id of the one that is about to be deleted here; null: none is any more */
export const leaving = (id) => void (left = id);

/** The open conversation's id; makes one where the page stands before a new conversation. */
export async function ensure() {
  if (state.conversation) return state.conversation;
  making ??= post("api/conversations").finally(() => {
    making = null;
  });
  const { id } = await making;
  if (state.conversation === null) {
    state.conversation = id;
    visit(address(id));
    show(id);
    emit("named", id);
  }
  return id;
}

export function start() {
  on("told:missing", (told) => {
    if (told.conversation !== state.conversation) return;
    if (told.conversation !== left) toast(t("This conversation is not here. It may have been deleted."));
    set(null);
    visit(address(null), { replace: true });
  });
  on("told:error", (told) => toast(told.error, { urgent: true }));
  on("told:row", ({ row }) => {
    if (row.id === state.conversation) emit("title", row.title);
  });
  let titled = document.title;
  const write = () => {
    if (document.title !== titled) document.title = titled;
  };
  on("title", (title) => {
    titled = title ? `${title} · Easel` : "Easel";
    write();
  });
  new MutationObserver(write).observe(document.head, { childList: true, subtree: true }); // Gradio writes its own
  on("walked", () => {
    if (fromAddress() !== state.conversation) set(fromAddress());
  });
  const asked = new URLSearchParams(location.search).get("c");
  if (asked && !fromAddress()) {
    toast(t("This address names no conversation."));
    visit(address(null), { replace: true });
  }
  set(fromAddress());
}
