// What an installed app has beyond a page in a tab: a page that says so where Easel cannot be reached,
// and what other programs share with it. The worker keeps nothing of anybody's.

import { find, scriptAddress } from "./dom.js";
import { on } from "./state.js";
import * as uploads from "./uploads.js";

/** @typedef {{ files: File[], words: string }} Shared */

/** Ask the worker for what was shared, and put it into the box. */
function take() {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => /** @type {Shared[]} */ (data).forEach(put);
  worker.postMessage("what was shared", [port2]);
}

/** @param {Shared} shared */
function put({ files, words }) {
  uploads.addFiles(files);
  const box = find("#words", HTMLTextAreaElement);
  if (!words) return;
  box.value = [box.value, words].filter(Boolean).join("\n");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * The keyboard of a phone lies over the page where the browser does not make room for it: then the
 * page ends above it.
 */
function aboveTheKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const place = () => {
    const hidden = view.scale > 1.01 ? 0 : Math.max(0, innerHeight - view.height - view.offsetTop);
    document.documentElement.style.setProperty("--keyboard", `${Math.round(hidden)}px`);
  };
  view.addEventListener("resize", place);
  view.addEventListener("scroll", place);
}

export function start() {
  aboveTheKeyboard();
  // In a frame of another site, and over plain http, there is none; the page does without.
  if (!("serviceWorker" in navigator) || window.top !== window) return;
  navigator.serviceWorker
    .register(scriptAddress("worker.js"), { scope: "./" })
    .catch((error) => console.warn("What an installed Easel has is not there:", error));
  if (!new URL(location.href).searchParams.has("shared")) return;
  history.replaceState(history.state, "", location.pathname);
  let first = true;
  on("opened", () => {
    if (first) take();
    first = false;
  });
}
