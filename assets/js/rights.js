// What whoever looks at the page may not do here. It is not offered; where a hand is faster than that,
// a sentence says why. The server refuses it in any case.

import { on } from "./state.js";
import { toast } from "./toast.js";

/** @import { SettingsOfConversation } from "./protocol.js" */

let noSharing = ""; // why they may share nothing; empty: they may
let noUploads = ""; // why no pictures and files of their own may be added; empty: they may

/** Whether pictures and files of one's own may be added. */
export const mayAdd = () => noUploads === "";

/** The same, for what somebody has just tried to add: why not is said. */
export function demandAdding() {
  if (noUploads) toast(noUploads, { urgent: true });
  return mayAdd();
}

/** Whether one may share; why not is said to who has just tried. */
export function demandSharing() {
  if (noSharing) toast(noSharing, { urgent: true });
  return noSharing === "";
}

export function start() {
  on("settings", (/** @type {SettingsOfConversation} */ told) => {
    noUploads = told.no_uploads;
    noSharing = told.no_sharing;
    document.body.toggleAttribute("data-no-uploads", noUploads !== "");
    document.body.toggleAttribute("data-no-sharing", noSharing !== "");
  });
}
