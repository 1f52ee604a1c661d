// Gradio's part of the page: its columns, and the widgets of the settings. The page is served in a copy
// of those columns, and works there; Gradio builds its own out of sight, with an empty place for each
// element of ours. Once all places are there ours take them, the very elements, and the copy goes.

import { find, findAll, findHtml, scriptAddress } from "./dom.js";
import { putOff } from "./pressed.js";
import { emit } from "./state.js";

const PAINTED_MS = 200; // a page in the background is never painted
const SCROLLED = ["#pane", "#main", "#sidebar .sidebar-content"];

/** @type {HTMLElement | null} */
let ahead = null;

/** Whether Gradio's part stands. */
export const stands = () => document.body.dataset.gradio === "stands";

/** The element of Gradio's in which one of ours will stand. @param {HTMLElement} element */
const placeOf = (element) => document.querySelector(`gradio-app [id="${element.id}"]`);

/** Gradio adds styles as its parts arrive; ours come behind them, and win. */
function moveStyles() {
  const links = /** @type {HTMLLinkElement[]} */ (findAll("link[data-easel]", document.head));
  return Promise.all(
    links.map((link) => {
      const moved = /** @type {HTMLLinkElement} */ (link.cloneNode());
      document.head.append(moved);
      return new Promise((go) => {
        for (const end of ["load", "error"]) moved.addEventListener(end, go);
      }).then(() => link.remove()); // nothing stands without them meanwhile
    }),
  );
}

/**
 * Put an element in the place of another, with what it holds: the focus, what is marked in it, what
 * moves. Where a browser can only take it away and put it in again, the focus is given back.
 * @param {HTMLElement} element
 * @param {Element} place
 */
function put(element, place) {
  const parent = /** @type {ParentNode & { moveBefore?: (node: Node, before: Node) => void }} */ (
    place.parentNode
  );
  if (parent.moveBefore) parent.moveBefore(element, place);
  else {
    const focused = document.activeElement;
    place.before(element);
    if (focused instanceof HTMLElement && element.contains(focused)) focused.focus({ preventScroll: true });
  }
  place.remove();
}

function takePlaces() {
  if (!ahead) return;
  // What is open over the page, or pressed, must not be taken from under a hand.
  const open = document.querySelector("dialog[open]");
  if (open) {
    open.addEventListener("close", takePlaces, { once: true });
    return;
  }
  if (putOff(ahead, takePlaces)) return;
  const tops = SCROLLED.map((selector) => ahead?.querySelector(selector)?.scrollTop ?? 0);
  for (const frame of findAll(".frame", ahead)) {
    const place = placeOf(frame);
    if (place) put(frame, place);
  }
  const sidebarOpen = ahead.querySelector("#sidebar.open") !== null;
  ahead.remove();
  ahead = null;
  SCROLLED.forEach((selector, at) => {
    const scrolled = document.querySelector(selector);
    if (scrolled && tops[at]) scrolled.scrollTop = tops[at];
  });
  document.body.dataset.gradio = "stands";
  emit("gradio", sidebarOpen);
}

/** Whether Gradio has built all that ours is to stand in, and what it is asked by. */
const built = () =>
  document.querySelector("#settings-bridge") !== null && findAll(".frame", ahead ?? document).every(placeOf);

async function wait() {
  await new Promise((go) => {
    const watch = new MutationObserver(() => {
      if (!built()) return;
      watch.disconnect();
      go(null);
    });
    watch.observe(find("gradio-app", HTMLElement), { childList: true, subtree: true });
  });
  await moveStyles();
  takePlaces();
}

function load() {
  const link = find("link[data-gradio]", HTMLLinkElement, document.head);
  const script = document.createElement("script");
  script.type = "module";
  script.src = scriptAddress(link.href);
  document.head.append(script);
}

/** Have Gradio begin, as soon as what stands has been painted. */
export function begin() {
  ahead = findHtml("#ahead");
  wait();
  /** @type {(() => void) | null} */
  let go = load;
  const once = () => {
    go?.();
    go = null;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, PAINTED_MS);
}
