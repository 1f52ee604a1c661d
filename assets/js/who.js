// Who is signed in, where people are told apart: the name at the foot of the sidebar, and drafts
// that are nobody else's. Where there is but the host, the way to what the host sees.

import { get } from "./api.js";
import * as storage from "./storage.js";
import { t } from "./words.js";

const KEY = "easel.who";

/**
 * To be awaited before anything is read of what this browser keeps: it may be of another person.
 * @returns {Promise<void>}
 */
export async function known() {
  if (!document.querySelector('meta[name="easel-people"]')) {
    const host = document.querySelector('meta[name="easel-host"]');
    if (host) lead("admin", t("Usage and storage"), t("What is used and kept, and for how long"));
    return;
  }
  try {
    const { key, title } = await get("api/me");
    if (storage.read(KEY) !== key) storage.forgetAll();
    storage.write(KEY, key);
    // Another tab may have forgotten for all; what this one keeps is still of who was here before.
    if (storage.readOfTab(KEY) !== key) storage.forgetTab();
    storage.writeOfTab(KEY, key);
    lead("account", title, t("Your account, and signing out"));
  } catch (error) {
    console.warn("It is not known who is signed in:", error);
  }
}

/**
 * @param {string} href
 * @param {string} words
 * @param {string} title
 */
function lead(href, words, title) {
  const link = document.querySelector("#who");
  if (!(link instanceof HTMLAnchorElement)) return; // the panel that holds it has failed
  link.href = href;
  link.textContent = words;
  link.title = title;
  link.hidden = false;
}
