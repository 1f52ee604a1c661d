// Lines without end in the fields for words. With `dir="auto"` each paragraph of a field has its own
// direction, and for that the browser puts the whole paragraph in order again with each line that it
// draws of it, and shapes it again where letters are set closer to each other: a megabyte on one line
// takes it a minute, at every letter. Where one is that long, all have the direction of the first, and
// letters of one width; there is nothing to be spelled right in it, either.

const LONG = 20_000; // characters; what people write as one paragraph is far below

/** @param {string} text */
export function hasLongLine(text) {
  for (let from = 0; text.length - from > LONG; ) {
    const at = text.indexOf("\n", from);
    const end = at < 0 ? text.length : at;
    if (end - from > LONG) return true;
    from = end + 1;
  }
  return false;
}

/**
 * Whatever a field holds now, before the browser is asked how high that is.
 * @param {HTMLTextAreaElement} box
 */
export const ease = (box, long = hasLongLine(box.value)) => {
  if (box.dir !== "auto" || box.classList.contains("long-line") === long) return;
  box.classList.toggle("long-line", long);
  box.spellcheck = !long;
};

/** Before it is there: the browser draws it before it tells of it. @param {InputEvent} event */
function coming({ target, data, dataTransfer, inputType }) {
  if (!(target instanceof HTMLTextAreaElement)) return;
  const text = data ?? dataTransfer?.getData("text/plain") ?? "";
  // What is undone or done again may be anything.
  if (inputType.startsWith("history") || hasLongLine(text)) ease(target, true);
}

export function start() {
  document.addEventListener("beforeinput", coming, { capture: true });
  document.addEventListener(
    "input",
    ({ target }) => {
      if (target instanceof HTMLTextAreaElement) ease(target);
    },
    { capture: true },
  );
}
