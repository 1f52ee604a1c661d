// What somebody saves or copies by the browser's own menu is the picture itself: the smaller copy on the
// screen gives way to it before that menu opens. It is fetched only then. What is dragged away is the
// address of the picture itself in any case: transfer.js.

const COPY = /^media\/([0-9a-f]{64})\/thumb$/;
const LONG_PRESS_MS = 250; // well before a phone's own menu opens
const STILL_PX = 10;

/**
 * The pictures under an event; a menu that the keyboard opens is the link's around one.
 * @param {Event} event
 * @returns {HTMLImageElement[]}
 */
function under(event) {
  const { target } = event;
  if (target instanceof HTMLImageElement) return [target];
  const link = target instanceof Element ? target.closest("a") : null;
  return link ? [...link.querySelectorAll("img")] : [];
}

/** @param {HTMLImageElement} image */
function exchange(image) {
  const sha = COPY.exec(image.getAttribute("src") ?? "")?.[1];
  if (!sha) return;
  // With its words as the name of the file, where they are known.
  const download = image.closest(".pic")?.querySelector("a[download]")?.getAttribute("href") ?? "";
  const title = /[?&]title=([^&]*)/.exec(download)?.[1];
  image.removeAttribute("srcset");
  image.src = title ? `media/${sha}?title=${title}` : `media/${sha}`;
}

/** @param {Event} event */
const whole = (event) => under(event).forEach(exchange);

/** A finger that rests on a picture will have the menu. @param {PointerEvent} event */
function rests(event) {
  if (event.pointerType === "mouse" || !under(event).length) return;
  const ends = new AbortController();
  const { signal } = ends;
  const timer = setTimeout(() => {
    ends.abort();
    whole(event);
  }, LONG_PRESS_MS);
  signal.addEventListener("abort", () => clearTimeout(timer));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => ends.abort(), { signal });
  const moved = (/** @type {PointerEvent} */ now) => {
    if (Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > STILL_PX) ends.abort();
  };
  addEventListener("pointermove", moved, { signal });
}

export function start() {
  document.addEventListener("contextmenu", whole, { capture: true });
  document.addEventListener("pointerdown", rests, { capture: true, passive: true });
}
