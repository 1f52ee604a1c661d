// Resize: another number of pixels, in the same proportions or in others.

import { button, clamp, group, hint, number, plain, tick } from "./tool-fields.js";
import { number as written, t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */

const MOST_PX = 32_000;

/** @param {Bench} bench @returns {Hand} */
function begin(bench) {
  const { picture, panel, changed } = bench;
  const side = (/** @type {number} */ value) => clamp(Math.round(value), 1, MOST_PX);
  const times = bench.times || 1;
  let [width, height] = [side(picture.width * times), side(picture.height * times)];
  let keep = true;

  /** @param {HTMLInputElement | null} typing */
  const show = (typing) => {
    if (typing !== across) across.value = String(width);
    if (typing !== down) down.value = String(height);
    changed();
  };
  const fields = group(panel);
  const across = number(fields, t("Width"), {
    value: width,
    min: 1,
    max: MOST_PX,
    act(value) {
      width = side(value);
      if (keep) height = side((width * picture.height) / picture.width);
      show(across);
    },
  });
  const down = number(fields, t("Height"), {
    value: height,
    min: 1,
    max: MOST_PX,
    act(value) {
      height = side(value);
      if (keep) width = side((height * picture.width) / picture.height);
      show(down);
    },
  });
  tick(panel, t("Keep proportions"), true, (value) => {
    keep = value;
    if (keep) height = side((width * picture.height) / picture.width);
    show(null);
  });
  const shares = group(panel);
  for (const share of [0.25, 0.5, 2]) {
    button(shares, written(share, { style: "percent" }), () => {
      width = side(picture.width * share);
      height = side(picture.height * share);
      show(null);
    });
  }
  hint(panel, t("Larger than it is, it becomes no sharper; “Enlarge” draws detail."));
  return {
    frame: () => [width, height],
    draw(context) {
      context.scale(width / picture.width, height / picture.height);
      plain(context, bench);
    },
    operations: () =>
      width === picture.width && height === picture.height
        ? null
        : [{ operation: "resize", width_px: width, height_px: height }],
    words: () => t("{before} px become {after}", { before: `${picture.width} × ${picture.height}`, after: `${width} × ${height}` }),
  };
}

/** @type {Tool} */
export const resize = { id: "resize", label: t("Resize"), begin };
