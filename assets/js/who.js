// Who is signed in, where people are told apart: the name at the foot of the sidebar, and drafts
// that are nobody else's.

import { get } from "./api.js";
import { find } from "./dom.js";
import * as storage from "./storage.js";

const KEY = "easel.who";

/**
 * To be awaited before anything is read of what this browser keeps: it may be of another person.
 * @returns {Promise<void>}
 */
export async function known() {
  if (!document.querySelector('meta[name="easel-people"]')) return;
  try {
    const { key, title } = await get("api/me");
    if (storage.read(KEY) !== key) storage.forgetAll();
    storage.write(KEY, key);
    // Another tab may have forgotten for all; what this one keeps is still of who was here before.
    if (storage.readOfTab(KEY) !== key) storage.forgetTab();
    storage.writeOfTab(KEY, key);
    const link = find("#who", HTMLAnchorElement);
    link.href = "account";
    link.textContent = title;
    link.title = "Your account, and signing out";
    link.hidden = false;
  } catch (error) {
    console.warn("It is not known who is signed in:", error);
  }
}
