// What the buttons inside the transcript do.

import { get, post } from "./api.js";
import { unknown } from "./build.js";
import { edit } from "./composer.js";
import { findHtml, within } from "./dom.js";
import { openMenu } from "./menu.js";
import { actionsFor, addPictureAction, shownIn } from "./picture-actions.js";
import { probe, tell } from "./live.js";
import { once } from "./once.js";
import { readAloud } from "./reading.js";
import { change } from "./settings.js";
import { emit } from "./state.js";
import { complain, toast } from "./toast.js";
import { begun } from "./transcript.js";
import * as tray from "./tray.js";
import { view } from "./viewer.js";
import { t } from "./words.js";
import { openWorkbench } from "./workbench.js";

const LABELS = ".pic, .proof, .code-head, .thinking, .tool, .approval";

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    const label = button.textContent;
    button.textContent = t("Copied");
    setTimeout(() => (button.textContent = label), 1500);
  } catch {
    toast(t("The browser did not allow copying. Select the text and copy it by hand."));
  }
}

/** What a message says: a question whole even where it is folded, a reply without its labels. */
function wordsOf(message) {
  const said = message.querySelector(".said");
  if (said) return said.textContent;
  const body = message.querySelector(".body");
  const labels = [...body.querySelectorAll(LABELS)].filter((label) => !label.hidden);
  for (const label of labels) label.hidden = true;
  const words = body.innerText.trim();
  for (const label of labels) label.hidden = false;
  return words;
}

/** A question in other words, for the user to read, change and send; nothing is sent here. */
async function propose(message, aim, remark) {
  const asked = question(message);
  if (!asked) return;
  const { text } = await get(`api/messages/${message.dataset.id}/rewording?aim=${aim}`);
  edit(asked, { words: text, remark });
}

const question = (message) => document.getElementById(`m-${message.dataset.parent}`);

/** @param {import("./picture-actions.js").ShownPicture} picture */
function use({ sha, alt }) {
  tray.put(sha, alt);
  findHtml("#words").focus();
}

const FOLDS = new Set(["region", "unfold", "caption", "read"]); // they start nothing, and go there and back

const actions = {
  copy: (button, message) => copy(wordsOf(message), button),
  read: (_, message) => readAloud(message),
  edit: (_, message) => edit(message),
  "edit-question": (_, message) => question(message) && edit(question(message)),
  reword: (_, message) =>
    propose(message, "rules", t("A proposal. Change it as you like, then send; the old version stays.")),
  "ask-picture": (_, message) =>
    propose(message, "picture", t("Your message, with the picture asked for. The old version stays.")),
  "other-model": () =>
    document.body.dispatchEvent(new CustomEvent("easel:models", { bubbles: true })),
  keys: (button) => emit("providers", button.dataset.endpoint),
  async "tools-off"() {
    await change({ tools_on: false });
    toast(t("Tools are off in this conversation."));
  },
  async regenerate(_, message) {
    const started = await post(`api/messages/${message.dataset.id}/regenerate`);
    begun(started);
    tell({ type: "follow", message: started.reply });
    probe();
  },
  async show(button) {
    await post(`api/messages/${button.dataset.target}/show`);
    tell({ type: "follow", message: button.dataset.target });
    probe();
  },
  use: (button) => use(shownIn(button.closest(".pic"))),
  more(button) {
    const picture = shownIn(button.closest(".pic"));
    const items = actionsFor(picture).map(({ label, act }) => ({ label, act: () => act(picture) }));
    openMenu(button, items);
  },
  shape(button, message) {
    const { tool, ratio, pixels } = button.dataset;
    const [across, down] = ratio.split(":").map(Number);
    const pictures = [...message.querySelectorAll(".pic:not(.draft, .own .pic)")].map(shownIn);
    const off = ({ width, height }) =>
      Math.abs(Math.log(ratio ? (width * down) / (height * across) : (width * height) / pixels));
    const worst = pictures.sort((one, other) => off(other) - off(one))[0];
    if (!worst) return;
    const times = ratio ? 0 : Math.sqrt(pixels / (worst.width * worst.height));
    openWorkbench(worst, tool, { ratio, times });
  },
  region(button) {
    const shown = button.closest(".pic").classList.toggle("region-shown");
    button.setAttribute("aria-pressed", String(shown));
  },
  caption: (button) => button.setAttribute("aria-expanded", String(button.ariaExpanded !== "true")),
  unfold(button, message) {
    const rest = message.querySelector(".rest");
    rest.hidden = !rest.hidden;
    button.setAttribute("aria-expanded", String(!rest.hidden));
    button.textContent = rest.hidden ? t("Show all") : t("Show less");
  },
};

export function start() {
  addPictureAction({ id: "use", label: t("Edit this"), order: 10, prominent: true, act: use });
  findHtml("#messages").addEventListener("click", (event) => {
    const code = within(event, "[data-copy]");
    if (code) {
      copy(code.closest(".code").querySelector("pre").textContent, code);
      return;
    }
    const picture = within(event, ".pic .open");
    if (picture && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      view(picture.closest(".pic"));
      return;
    }
    const button = within(event, "[data-act]");
    if (!button) return;
    const act = actions[button.dataset.act];
    const message = /** @type {HTMLElement} */ (button.closest(".msg"));
    const { act: name, target } = button.dataset;
    const of = [message.dataset.id, target, within(event, ".pic")?.dataset.sha];
    if (!act) unknown("action", name);
    else if (FOLDS.has(name)) act(button, message);
    else once(`${name} ${of}`, () => act(button, message), complain, name === "show");
  });
}
