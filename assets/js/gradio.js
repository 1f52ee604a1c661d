// Gradio's part of the page: its columns, and the widgets of the settings. The page is served in a copy
// of those columns, and works there; Gradio builds its own out of sight, with an empty place for each
// element of ours. Once all places are there ours take them, the very elements, and the copy goes.

import { find, findAll, findHtml, scriptAddress } from "./dom.js";
import { putOff } from "./pressed.js";
import { emit } from "./state.js";

const PAINTED_MS = 200; // a page in the background is never painted
const ENDS = ["close", "toggle", "compositionend", "focusin", "focusout"]; // of what holds the page
const SCROLLED = ["#pane", "#main", "#sidebar .sidebar-content"];

/** @type {HTMLElement | null} */
let ahead = null;
/** @type {HTMLElement[]} */
let ours = []; // every element that has a place among Gradio's, wherever it is
let composing = false; // an input method is at work: what is moved would lose its word
/** @type {HTMLScriptElement | null} */
let script = null;
let lost = false; // a part of Gradio's did not arrive

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
 * Put an element in the place of another, with what it holds: the focus, and what moves or is open.
 * Where a browser can only take it away and put it in again, the focus is given back.
 * @param {HTMLElement} element
 * @param {Element} place
 */
function put(element, place) {
  const parent = /** @type {ParentNode & { moveBefore?: (node: Node, before: Node) => void }} */ (
    place.parentNode
  );
  if (parent.moveBefore && element.isConnected) parent.moveBefore(element, place);
  else {
    const focused = document.activeElement;
    place.before(element);
    if (focused instanceof HTMLElement && element.contains(focused)) focused.focus({ preventScroll: true });
  }
  place.remove();
}

/** Whether something is open over the page, or written, that must not be taken from under a hand. */
function isHeld() {
  if (composing || document.querySelector("dialog[open], #ahead :popover-open")) return true;
  // A name that is written in its place is done with when its field is left, or taken away.
  const written = document.activeElement?.matches("#ahead :is(input, textarea):not(#words)") ?? false;
  return written && !("moveBefore" in Element.prototype);
}

/** Not every browser tells of a field that is gone: where the focus comes next, that is known. */
function whenLetGo() {
  const heard = new AbortController();
  const again = () => {
    heard.abort();
    setTimeout(takePlaces);
  };
  for (const end of ENDS) document.addEventListener(end, again, { capture: true, signal: heard.signal });
}

/** Note what is marked in an element of ours: no way of moving it keeps that. */
function marked() {
  const selection = getSelection();
  const { anchorNode: from, anchorOffset: start, focusNode: to, focusOffset: end } = selection ?? {};
  const inside = [from, to].every((node) => ours.some((frame) => frame.contains(node ?? null)));
  if (!selection || selection.isCollapsed || !from || !to || !inside) return () => {};
  return () => selection.setBaseAndExtent(from, start ?? 0, to, end ?? 0);
}

/** Have each of ours stand that has a place: Gradio may build one late, or anew. */
function fill() {
  for (const frame of ours) {
    const place = frame.isConnected ? null : document.getElementById(frame.id);
    if (place) put(frame, place);
  }
}

function takePlaces() {
  if (!ahead) return;
  if (isHeld()) {
    whenLetGo();
    return;
  }
  if (putOff(ahead, takePlaces)) return;
  const mark = marked();
  const toggle = document.activeElement?.closest("#ahead .toggle-button");
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
  if (toggle) find(`#${toggle.parentElement?.id} .toggle-button`, HTMLElement).focus({ preventScroll: true });
  mark();
  emit("gradio", sidebarOpen);
  fill();
  new MutationObserver(fill).observe(find("gradio-app", HTMLElement), { childList: true, subtree: true });
}

/** Whether Gradio has built all that what was shown is to stand in, and what it is asked by. */
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
  script = document.createElement("script");
  script.type = "module";
  script.src = scriptAddress(link.href);
  script.addEventListener("error", () => {
    script?.remove();
    script = null;
    fail();
  });
  document.head.append(script);
}

function fail() {
  lost = true;
  emit("gradio-lost");
}

/** Where Gradio did not arrive, have it try again, or tell that it is lost. */
export function tryAgain() {
  if (!lost) return;
  if (script) fail(); // it began, and what it began with is lost
  else {
    lost = false;
    load();
  }
}

/** Have Gradio begin, as soon as what stands has been painted. */
export function begin() {
  ahead = findHtml("#ahead");
  const kept = findAll("template[data-kept]", ahead).map((each) => /** @type {HTMLTemplateElement} */ (each));
  ours = [ahead, ...kept.map(({ content }) => content)].flatMap((part) => findAll(".frame", part));
  for (const [event, is] of /** @type {const} */ ([["compositionstart", true], ["compositionend", false]])) {
    document.addEventListener(event, () => (composing = is), { capture: true });
  }
  addEventListener("vite:preloadError", () => stands() || fail()); // Gradio's builder tells so of a part
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
