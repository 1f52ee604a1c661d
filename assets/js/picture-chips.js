// What the next picture is to be: its shape, its size and how many, as chips beside the message box.
// The drawer has the same settings, with all others.

import { findHtml } from "./dom.js";
import { openMenu } from "./menu.js";
import { once } from "./once.js";
import * as settings from "./settings.js";
import { on } from "./state.js";
import { t } from "./words.js";

/** @import { SettingsOfConversation } from "./protocol.js" */

const AUTO = t("Auto");
const SIDE_PX = 16;

/** @type {[string, string, string][]} name, label, and what is said before a value */
const CHIPS = [
  ["aspect_ratio", t("Aspect ratio"), ""],
  ["image_size", t("Size"), ""],
  ["n", t("Pictures at once"), "× "],
];

/** @type {SettingsOfConversation | null} */
let told = null;

/**
 * A ratio as it looks: as long as the sign is, or as high.
 * @param {string} ratio such as 16:9; another word is drawn as a square of dashes
 */
function drawn(ratio) {
  const sign = document.createElement("i");
  sign.className = "ratio";
  sign.setAttribute("aria-hidden", "true");
  const [wide = 0, high = 0] = ratio.split(":").map(Number);
  const known = wide > 0 && high > 0;
  const longest = Math.max(wide, high);
  sign.classList.toggle("auto", !known);
  const width = known ? Math.max(3, (SIDE_PX * wide) / longest) : SIDE_PX - 3;
  sign.style.width = `${width}px`;
  sign.style.setProperty("--wide", `${width}px`);
  sign.style.height = `${known ? Math.max(3, (SIDE_PX * high) / longest) : SIDE_PX - 3}px`;
  return sign;
}

/** @param {HTMLElement} chip @param {string} name @param {string} label */
function choose(chip, name, label) {
  const setting = told?.settings[name];
  if (!setting) return;
  const items = ["", ...setting.choices].map((choice) => ({
    label: choice || AUTO,
    chosen: String(setting.value ?? "") === choice,
    ...(name === "aspect_ratio" && { sign: drawn(choice) }),
    act: () => void once(name, () => settings.change({ [name]: choice || null })),
  }));
  openMenu(chip, items, { label });
}

/** @param {SettingsOfConversation} shown */
function show(shown) {
  told = shown;
  for (const [name, label, before] of CHIPS) {
    const chip = findHtml(`#chip-${name.replaceAll("_", "-")}`);
    const setting = shown.settings[name];
    chip.hidden = !setting?.offered || !setting.choices.length;
    const value = String(setting?.value ?? "");
    const words = document.createElement("span");
    words.textContent = value ? `${before}${value}` : name === "aspect_ratio" ? AUTO : label;
    chip.replaceChildren(...(name === "aspect_ratio" ? [drawn(value)] : []), words);
    chip.setAttribute("aria-label", `${label}: ${value || AUTO}`);
    chip.title = label;
    chip.classList.toggle("unset", name !== "aspect_ratio" && !value);
  }
}

export function start() {
  const row = findHtml("#picture-chips");
  for (const [name, label] of CHIPS) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.id = `chip-${name.replaceAll("_", "-")}`;
    chip.hidden = true;
    chip.setAttribute("aria-haspopup", "menu");
    chip.addEventListener("click", () => choose(chip, name, label));
    row.append(chip);
  }
  on("settings", show);
}
