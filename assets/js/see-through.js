// Whether something shows through a picture, as its small copy tells. Behind one of many megapixels
// squares that nobody sees would be most of what is drawn when it is zoomed.

/** @type {Map<string, Promise<boolean>>} */
const known = new Map();
/** @type {WeakMap<HTMLImageElement, string>} the picture that an image shows */
const showing = new WeakMap();

/** @param {string} sha */
async function look(sha) {
  const small = new Image();
  small.src = `media/${sha}/thumb`;
  await small.decode();
  const canvas = document.createElement("canvas");
  canvas.width = small.naturalWidth;
  canvas.height = small.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return true;
  context.drawImage(small, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
}

/** @param {string} sha */
function seeThrough(sha) {
  const before = known.get(sha);
  if (before) return before;
  const found = look(sha).catch(() => {
    known.delete(sha);
    return true; // not known: better squares that nobody sees than a hole that looks like night
  });
  known.set(sha, found);
  return found;
}

/**
 * Squares stand behind an image, or none, as the picture in it has it.
 * @param {HTMLImageElement} image
 * @param {string} sha of the picture that it shows
 */
export async function back(image, sha) {
  showing.set(image, sha);
  image.classList.remove("see-through");
  const is = await seeThrough(sha);
  if (showing.get(image) !== sha) return; // it shows another by now
  image.classList.toggle("see-through", is);
  image.dataset.backed = sha;
}
