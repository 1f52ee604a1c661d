// Drafts in this browser: what is written and not yet sent, by conversation. A server restart
// reloads the page, and a reload must not cost a word.

import { toast } from "./toast.js";

const DRAFTS = "easel.drafts";
const KEPT_DRAFTS = 30;
const SAVED_CHARACTERS = 100_000;

let warned = false; // private windows may refuse to store; once is enough to say so

function all() {
  try {
    return JSON.parse(localStorage.getItem(DRAFTS)) ?? {};
  } catch {
    return {}; // a draft store that cannot be read is an empty one
  }
}

function store(drafts) {
  const kept = Object.entries(drafts).slice(-KEPT_DRAFTS);
  try {
    localStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    if (!warned) toast("This browser keeps no drafts: a reload would lose the text.");
    warned = true;
  }
}

export const read = (owner) => all()[owner];

/** The newest stands last, and the oldest go first; a draft of nothing is none. */
export function keep(owner, draft) {
  const drafts = all();
  delete drafts[owner];
  const text = draft.text.slice(0, SAVED_CHARACTERS);
  if (text || draft.pictures.length || draft.create) drafts[owner] = { ...draft, text };
  store(drafts);
}

export function forget(owner) {
  const drafts = all();
  delete drafts[owner];
  store(drafts);
}
