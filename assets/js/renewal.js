// A page older than its server loads itself again, with the draft kept: as soon as nothing is
// under way that a reload would cost.

import { buildId } from "./build.js";
import * as composer from "./composer.js";
import * as dictation from "./dictation.js";
import { on } from "./state.js";
import * as storage from "./storage.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @import { Hello } from "./protocol.js" */

const LOOK_AGAIN_MS = 1000;
const STALE = t("A newer Easel is running, but this browser was given the old page. Load it again.");
const LOSES = t("A newer Easel is running. This browser keeps no drafts: save your text, then load the page again.");

/** @type {string | null} */
let wanted = null; // the build to be had

const again = { label: t("Load again"), action: () => location.reload() };

function renew() {
  if (composer.underWay() || dictation.underWay() || document.querySelector("dialog[open]")) {
    setTimeout(renew, LOOK_AGAIN_MS);
    return;
  }
  if (composer.holdsText() && !storage.isLasting()) {
    toast(LOSES, again);
    return;
  }
  // Once for each build: what stands in between may hold on to the old page.
  history.replaceState({ ...history.state, renewedFor: wanted }, "");
  location.reload();
}

/** @param {Hello} told */
function compare({ build }) {
  if (build === buildId() || build === wanted) return;
  wanted = build;
  if (history.state?.renewedFor === build) toast(STALE, again);
  else renew();
}

export const start = () => on("told:hello", compare);
