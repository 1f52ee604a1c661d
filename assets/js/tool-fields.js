// Fields of the workbench's tools.

/** @typedef {import("./workbench.js").Bench} Bench */

export const RATIOS = ["1:1", "4:3", "3:2", "16:9", "21:9", "3:4", "2:3", "9:16"];

/** Width by height; 0 where the words name none. @param {string} words */
export function ratioOf(words) {
  const [width, height] = words.split(":").map(Number);
  return width > 0 && height > 0 ? width / height : 0;
}

/** @param {string} label @param {HTMLElement} field @param {string} [unit] */
function labelled(label, field, unit = "") {
  const made = document.createElement("label");
  const words = document.createElement("span");
  words.textContent = label;
  made.append(words, field);
  if (unit) made.append(unit);
  return made;
}

/**
 * A number, typed.
 * @param {HTMLElement} panel
 * @param {string} label
 * @param {{ value: number, min: number, max: number, step?: number, unit?: string, act: (value: number) => void }} options
 */
export function number(panel, label, { value, min, max, step = 1, unit = "px", act }) {
  const field = document.createElement("input");
  field.type = "number";
  Object.assign(field, { min: String(min), max: String(max), step: String(step), value: String(value) });
  field.inputMode = "decimal";
  field.addEventListener("input", () => {
    const typed = field.valueAsNumber;
    if (Number.isFinite(typed)) act(Math.min(max, Math.max(min, typed)));
  });
  panel.append(labelled(label, field, unit));
  return field;
}

/**
 * A number on a slider.
 * @param {HTMLElement} panel
 * @param {string} label
 * @param {{ value: number, min: number, max: number, step?: number, told?: (value: number) => string, act: (value: number) => void }} options
 */
export function slider(panel, label, { value, min, max, step = 1, told = String, act }) {
  const field = document.createElement("input");
  field.type = "range";
  Object.assign(field, { min: String(min), max: String(max), step: String(step), value: String(value) });
  const shown = document.createElement("output");
  shown.textContent = told(value);
  field.addEventListener("input", () => {
    shown.textContent = told(field.valueAsNumber);
    act(field.valueAsNumber);
  });
  const made = labelled(label, field);
  made.append(shown);
  panel.append(made);
  return {
    field,
    /** @param {number} to */
    set(to) {
      field.value = String(to);
      shown.textContent = told(field.valueAsNumber);
    },
  };
}

/**
 * One of several words.
 * @param {HTMLElement} panel
 * @param {string} label
 * @param {[string, string][]} options value and words
 * @param {(value: string) => void} act
 */
export function choice(panel, label, options, act) {
  const field = document.createElement("select");
  for (const [value, words] of options) field.add(new Option(words, value));
  field.addEventListener("change", () => act(field.value));
  panel.append(labelled(label, field));
  return field;
}

/** @param {HTMLElement} panel @param {string} label @param {boolean} value @param {(value: boolean) => void} act */
export function tick(panel, label, value, act) {
  const field = document.createElement("input");
  field.type = "checkbox";
  field.checked = value;
  field.addEventListener("change", () => act(field.checked));
  const made = labelled(label, field);
  made.classList.add("tick");
  made.prepend(field);
  panel.append(made);
  return field;
}

/** @param {HTMLElement} panel @param {string} label @param {() => void} act */
export function button(panel, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  panel.append(made);
  return made;
}

/** Fields beside each other. @param {HTMLElement} panel */
export function group(panel) {
  const made = document.createElement("div");
  made.className = "group";
  panel.append(made);
  return made;
}

/** @param {HTMLElement} panel @param {string} words */
export function hint(panel, words) {
  const made = document.createElement("p");
  made.className = "hint";
  made.textContent = words;
  panel.append(made);
  return made;
}

/** The picture as it is. @param {CanvasRenderingContext2D} context @param {Bench} bench */
export function plain(context, { bitmap, picture }) {
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, picture.width, picture.height);
}

/** @param {number} value @param {number} least @param {number} most */
export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
