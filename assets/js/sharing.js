// Sharing: a conversation as it is now, or a board as it is whenever somebody looks, with whoever has
// a link, with people by name, with a group, or with all who sign in; and what others share. Nobody
// writes by it.

import { get, post, remove } from "./api.js";
import { find, findAll, findHtml } from "./dom.js";
import { sharedHome } from "./home.js";
import { showDialog } from "./layers.js";
import { once } from "./once.js";
import { demandSharing } from "./rights.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { addBarAction } from "./topbar.js";
import { inARow, locale, plural, t } from "./words.js";

/** @import { ShareListed, ShareLists } from "./protocol.js" */

/**
 * @typedef {object} Subject what is to be shared
 * @property {ShareListed["kind"]} kind
 * @property {string} subject its id
 * @property {string} leaf of a conversation, the last message that is shown
 * @property {string} title
 */

const WHAT = {
  conversation:
    t("Others see it as it stands now, pictures and all, and can continue in a copy of their own. What comes later stays yours, and so do your system prompt and what it cost."),
  board:
    t("Others see the pictures that are on it whenever they look, and can take copies. Only you put pictures on it, or take them off."),
};

/** @type {HTMLDialogElement} */
let dialog;
/** @type {Subject | null} */
let shown = null; // null: all that is shared, by and with whoever looks
let asked = 0;

const form = () => find("form", HTMLFormElement, dialog);
const chosen = () => new FormData(form()).get("who");
const names = () => find('input[name="names"]', HTMLInputElement, dialog);
const group = () => find('select[name="group"]', HTMLSelectElement, dialog);

/** Whether this page is reached by an address that means each machine itself. */
const hereAlone = () => /^(localhost|127\.[\d.]+|\[::1\]|(.+\.)?localhost)$/.test(new URL(sharedHome()).hostname);

const ONLY_HERE = t("This link works on this machine only: its address means the machine itself.");

/** @param {Subject} subject */
function about({ kind }) {
  if (!hereAlone()) return WHAT[kind];
  return kind === "conversation"
    ? `${ONLY_HERE} ${t("To show it to somebody elsewhere, send the HTML file that Export makes.")}`
    : ONLY_HERE;
}

/** @param {unknown} error */
const say = (error) => {
  findHtml(".told", dialog).textContent = error instanceof Error ? error.message : String(error);
};

/** @param {ShareListed} share */
const link = ({ address }) => new URL(address, sharedHome()).href;

/** @param {ShareListed} share */
async function copy(share) {
  try {
    await navigator.clipboard.writeText(link(share));
    say(share.link ? t("The link is copied.") : t("The address is copied, for those who may look."));
  } catch {
    say(t("The browser did not allow copying. This is it: {link}", { link: link(share) }));
  }
}

/**
 * @param {string} words
 * @param {() => unknown} act
 * @param {ShareListed} share
 */
function button(words, act, share) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = words;
  made.setAttribute("aria-label", `${words}: ${share.title}`);
  made.addEventListener("click", () => once(`${words} ${share.id}`, act, say));
  return made;
}

/** @param {string} stamp */
const day = (stamp) => new Date(stamp).toLocaleDateString(locale);

/** @param {number} views */
const seen = (views) =>
  views === 0 ? t("not seen yet") : plural(views, "seen once", "seen {n} times");

/** Who may look, until when, and how often others did. @param {ShareListed} share */
function facts(share) {
  const who = share.link
    ? t("Whoever has the link")
    : share.everybody
      ? t("Everybody who signs in")
      : inARow([...share.groups.map((group) => t("Whoever is in {group}", { group })), ...share.names]) ||
        t("Nobody any more");
  const until = share.until ? t("until {day}", { day: day(share.until) }) : t("until stopped");
  return [who, until, seen(share.views)].join(" · ");
}

/** @param {ShareListed} share @param {string} told @param {HTMLElement[]} acts */
function row(share, told, acts) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  words.className = "title";
  words.dir = "auto";
  words.textContent = share.title;
  const small = document.createElement("small");
  small.dir = "auto";
  small.textContent = told;
  words.append(small);
  const side = document.createElement("div");
  side.className = "acts";
  side.append(...acts);
  item.append(words, side);
  return item;
}

/** @param {ShareListed} share */
function mine(share) {
  const kind = share.kind === "board" ? `${t("Board")} · ` : "";
  const stop = button("Stop sharing", () => end(share), share);
  return row(share, kind + facts(share), [button(t("Copy link"), () => copy(share), share), stop]);
}

/** @param {ShareListed} share */
function ofOthers(share) {
  const look = document.createElement("a");
  look.className = "look";
  look.href = share.address;
  look.target = "_blank";
  look.rel = "noopener";
  look.textContent = t("Look");
  look.setAttribute("aria-label", t("Look at {title}, in a new tab", { title: share.title }));
  const until = share.until ? [t("until {day}", { day: day(share.until) })] : [];
  const kind = share.kind === "board" ? t("Board") : t("Conversation");
  const by = share.by ? t("by {name}", { name: share.by }) : t("by the host");
  return row(share, [kind, by, ...until].join(" · "), [look]);
}

/** @param {ShareListed} share */
async function end(share) {
  await remove(`api/shares/${share.id}`);
  await load();
  say(t("“{title}” is not shared so any more.", { title: share.title }));
  findAll(".close", dialog).find((each) => each.checkVisibility())?.focus();
}

/** Draw what is shared, as the server has it now. */
async function load() {
  const number = ++asked;
  const at = shown;
  /** @type {ShareLists} */
  const told = await get("api/shares");
  if (number !== asked) return;
  const own = told.mine.filter((share) => !at || share.subject === at.subject);
  fill(".mine", own.map(mine));
  fill(".with-me", at ? [] : told.with_me.map(ofOthers));
  findHtml(".nothing", dialog).hidden = at !== null || own.length + told.with_me.length > 0;
  for (const choice of findAll("[data-people]", dialog)) choice.hidden = !told.people;
  for (const choice of findAll("[data-groups]", dialog)) choice.hidden = told.groups.length === 0;
  const choices = findAll(".choice", dialog).filter((choice) => !choice.hidden);
  findHtml("fieldset", dialog).classList.toggle("single", choices.length === 1);
  const before = group().value;
  group().replaceChildren(...told.groups.map((name) => new Option(name)));
  if (told.groups.includes(before)) group().value = before;
}

/** @param {string} part @param {HTMLElement[]} rows */
function fill(part, rows) {
  const section = findHtml(part, dialog);
  findHtml("ul", section).replaceChildren(...rows);
  section.hidden = rows.length === 0;
}

function choose() {
  const byName = chosen() === "names";
  findHtml(".names", dialog).hidden = !byName;
  names().required = byName;
  findHtml(".group", dialog).hidden = chosen() !== "group";
}

async function share() {
  if (shown === null) return;
  const who = chosen();
  const days = find('select[name="days"]', HTMLSelectElement, dialog).value;
  /** @type {ShareListed} */
  const made = await post("api/shares", {
    kind: shown.kind,
    subject: shown.subject,
    leaf: shown.leaf,
    link: who === "link",
    everybody: who === "everybody",
    names: who === "names" ? names().value.split(",") : [],
    groups: who === "group" ? [group().value] : [],
    days: days ? Number(days) : null,
  });
  await load();
  if (made.link) await copy(made);
  else say(t("It is shared, and stands under “Shared” for those who may look."));
  names().value = "";
}

/** @param {Subject | null} subject null: list all */
function open(subject) {
  shown = subject;
  say("");
  form().hidden = subject === null;
  findHtml("#sharing-title", dialog).textContent = subject ? t("Share “{title}”", { title: subject.title }) : t("Shared");
  findHtml(".what", dialog).textContent = subject ? about(subject) : "";
  for (const part of [".mine", ".with-me", ".nothing"]) findHtml(part, dialog).hidden = true;
  choose();
  showDialog(dialog);
  load().catch(say);
}

/**
 * Share a board.
 * @param {string} id
 * @param {string} name
 */
export function shareBoard(id, name) {
  if (demandSharing()) open({ kind: "board", subject: id, leaf: "", title: name });
}

/**
 * Share a conversation as it was left.
 * @param {string} id
 * @param {string} title
 */
export function shareListed(id, title) {
  if (demandSharing()) open({ kind: "conversation", subject: id, leaf: "", title });
}

function shareConversation() {
  if (!demandSharing()) return;
  const { conversation, leaf, running } = state;
  if (!conversation || !leaf) toast(t("There is nothing in this conversation yet."));
  else if (running.has(leaf)) toast(t("A reply is being written. Share it when it has ended."));
  else {
    const title = findHtml("#topbar-title").textContent || t("New conversation");
    open({ kind: "conversation", subject: conversation, leaf, title });
  }
}

export function start() {
  dialog = find("#sharing", HTMLDialogElement);
  addBarAction({ id: "share", icon: "share", label: t("Share"), order: 85, act: shareConversation });
  findHtml("#show-shared").addEventListener("click", () => open(null));
  for (const close of findAll(".close", dialog)) close.addEventListener("click", () => dialog.close());
  form().addEventListener("change", choose);
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    once("share", share, say);
  });
}
