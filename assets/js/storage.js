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

/**
 * What this tab alone keeps, through reloads; nothing where the browser refuses.
 * @param {string} key
 * @returns {string | null}
 */
export function readOfTab(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function writeOfTab(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // It is kept for all tabs alike, which has to do.
  }
}

/** Forget what this tab keeps. */
export function forgetTab() {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("easel.")) sessionStorage.removeItem(key);
    }
  } catch {
    // There is nothing then.
  }
}

/** Forget all that was kept, whatever it is: somebody else uses this browser now. */
export function forgetAll() {
  here.clear();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("easel.")) localStorage.removeItem(key);
    }
    forgetTab();
  } catch {
    lasting = false;
  }
}
