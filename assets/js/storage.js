// What this browser keeps between visits. It may refuse: cookies blocked, a frame of another site,
// a full disk. Then it is kept for as long as the page is open, and `isLasting` says so.

/** @type {Map<string, string>} */
const here = new Map();

let lasting = true;

/** Whether what was written last would outlive the page. */
export const isLasting = () => lasting;

/**
 * @param {string} key
 * @returns {string | null}
 */
export function read(key) {
  try {
    return here.get(key) ?? localStorage.getItem(key);
  } catch {
    lasting = false;
    return here.get(key) ?? null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function write(key, value) {
  try {
    localStorage.setItem(key, value);
    here.delete(key);
    lasting = true;
  } catch {
    here.set(key, value);
    lasting = false;
  }
}

/** Forget all that was kept, whatever it is: somebody else uses this browser now. */
export function forgetAll() {
  here.clear();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("easel.")) localStorage.removeItem(key);
    }
  } catch {
    lasting = false;
  }
}
