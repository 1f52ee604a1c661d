// What the buttons inside the transcript do.

import { get, post } from "./api.js";
import { unknown } from "./build.js";
import { edit } from "./composer.js";
import { findHtml, within } from "./dom.js";
import { probe, tell } from "./live.js";
import { complain, toast } from "./toast.js";
import { begun } from "./transcript.js";
import * as tray from "./tray.js";
import { view } from "./viewer.js";

const LABELS = ".pic, .code-head, .thinking, .tool";

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  } catch {
    toast("The browser did not allow copying. Select the text and copy it by hand.");
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
  try {
    const { text } = await get(`/api/messages/${message.dataset.id}/rewording?aim=${aim}`);
    edit(asked, { words: text, remark });
  } catch (error) {
    complain(error);
  }
}

const question = (message) => document.getElementById(`m-${message.dataset.parent}`);

const actions = {
  copy: (button, message) => copy(wordsOf(message), button),
  edit: (_, message) => edit(message),
  "edit-question": (_, message) => question(message) && edit(question(message)),
  reword: (_, message) =>
    propose(message, "rules", "A proposal. Change it as you like, then send; the old version stays."),
  "ask-picture": (_, message) =>
    propose(message, "picture", "Your message, with the picture asked for. The old version stays."),
  "other-model": () =>
    document.body.dispatchEvent(new CustomEvent("easel:models", { bubbles: true })),
  async regenerate(button, message) {
    button.disabled = true;
    try {
      const started = await post(`/api/messages/${message.dataset.id}/regenerate`);
      begun(started);
      tell({ type: "follow", message: started.reply });
      probe();
    } catch (error) {
      complain(error);
    } finally {
      button.disabled = false;
    }
  },
  async show(button) {
    try {
      await post(`/api/messages/${button.dataset.target}/show`);
      tell({ type: "follow", message: button.dataset.target });
      probe();
    } catch (error) {
      complain(error);
    }
  },
  use(button) {
    const picture = button.closest(".pic");
    tray.put(picture.dataset.sha, picture.querySelector("img").alt);
    findHtml("#words").focus();
  },
  unfold(button, message) {
    const rest = message.querySelector(".rest");
    rest.hidden = !rest.hidden;
    button.setAttribute("aria-expanded", String(!rest.hidden));
    button.textContent = rest.hidden ? "Show all" : "Show less";
  },
};

export function start() {
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
    if (act) act(button, button.closest(".msg"));
    else unknown("action", button.dataset.act);
  });
}
