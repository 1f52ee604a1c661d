// What an installed app has beyond a page in a tab: a page that says so where Easel cannot be reached,
// and what other programs share with it. The worker keeps nothing of anybody's.

import { find, scriptAddress } from "./dom.js";
import { on } from "./state.js";
import { toast } from "./toast.js";
import * as uploads from "./uploads.js";
import { language, t } from "./words.js";

/** @typedef {{ files: File[], words: string, left: boolean }} Shared `left`: whether some was left out */

const TIGHT_PX = 480; // of height: a phone whose keyboard is up

/**
 * Ask the worker for what was shared under this id, and put it into the box. Any page of the web can
 * send a form that looks like a share, and has it land in a tab: there it is asked first.
 * @param {string} id
 */
function take(id) {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    const shared = /** @type {Shared | null} */ (data);
    if (!shared) return;
    if (matchMedia("(display-mode: standalone)").matches) put(shared);
    else
      toast(t("Something was shared with Easel."), {
        stays: true,
        label: t("Add it"),
        action: () => put(shared),
        leave: t("Leave it"),
      });
  };
  worker.postMessage({ shared: id }, [port2]);
}

/** @param {Shared} shared */
function put({ files, words, left }) {
  if (left)
    toast(t("Part of what was shared is too much for one message, and was left out."), { urgent: true });
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
    document.documentElement.classList.toggle("tight", innerHeight - hidden < TIGHT_PX);
  };
  addEventListener("resize", place);
  place();
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
  navigator.serviceWorker.controller?.postMessage({ language });
  const id = new URL(location.href).searchParams.get("shared");
  if (id === null) return;
  history.replaceState(history.state, "", location.pathname);
  let first = true;
  on("opened", () => {
    if (first) take(id);
    first = false;
  });
}
