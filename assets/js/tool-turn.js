// Turn: by quarters, by any angle, and mirrored.

import { button, clamp, group, number, slider, tick } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */

/** @param {Bench} bench @returns {Hand} */
function begin({ picture, bitmap, panel, changed }) {
  // Any number of turns and mirrorings is one mirroring of left and right, or none, and then turns.
  let mirrored = false;
  let quarters = 0;
  let degrees = 0;
  let cut = true;

  /** @param {number} by */
  const turned = (by) => {
    quarters = (quarters + by + 4) % 4;
    changed();
  };
  /** @param {number} more 0: left and right, 2: top and bottom */
  const flipped = (more) => {
    quarters = (4 - quarters + more) % 4;
    mirrored = !mirrored;
    changed();
  };
  const turns = group(panel);
  button(turns, t("Turn left"), () => turned(-1));
  button(turns, t("Turn right"), () => turned(1));
  button(turns, "Flip horizontally", () => flipped(0));
  button(turns, t("Flip vertically"), () => flipped(2));
  const angle = slider(panel, t("Angle"), {
    value: 0,
    min: -45,
    max: 45,
    step: 0.1,
    told: (value) => `${value}°`,
    act(value) {
      degrees = value;
      typed.value = String(value);
      changed();
    },
  });
  const typed = number(panel, t("Exactly"), {
    value: 0,
    min: -180,
    max: 180,
    step: 0.1,
    unit: "°",
    act(value) {
      degrees = value;
      angle.set(clamp(value, -45, 45));
      changed();
    },
  });
  tick(panel, t("Cut off empty corners"), true, (value) => {
    cut = value;
    changed();
  });

  /** @returns {[number, number]} */
  const upright = () =>
    quarters % 2 ? [picture.height, picture.width] : [picture.width, picture.height];

  return {
    frame() {
      const [width, height] = upright();
      const cosine = Math.abs(Math.cos((degrees * Math.PI) / 180));
      const sine = Math.abs(Math.sin((degrees * Math.PI) / 180));
      const across = width * cosine + height * sine;
      const down = width * sine + height * cosine;
      if (!cut) return [Math.ceil(across - 1e-6), Math.ceil(down - 1e-6)];
      const share = Math.min(width / across, height / down);
      return [Math.max(1, Math.floor(width * share)), Math.max(1, Math.floor(height * share))];
    },
    draw(context) {
      const [across, down] = this.frame();
      context.translate(across / 2, down / 2);
      context.rotate((degrees * Math.PI) / 180 + (quarters * Math.PI) / 2);
      context.scale(mirrored ? -1 : 1, 1);
      const { width, height } = picture;
      context.drawImage(bitmap, -width / 2, -height / 2, width, height);
    },
    operations() {
      const steps = [];
      // Top and bottom changed is one step, and half a turn mirrored two.
      if (mirrored && quarters === 2) steps.push({ operation: "flip", direction: "vertical" });
      else {
        if (mirrored) steps.push({ operation: "flip", direction: "horizontal" });
        if (quarters) steps.push({ operation: "turn", quarters });
      }
      if (degrees) steps.push({ operation: "rotate", degrees, crop: cut });
      return steps.length ? steps : null;
    },
    words() {
      const [width, height] = this.frame();
      return `${width} × ${height} px`;
    },
  };
}

/** @type {Tool} */
export const turn = { id: "turn", label: t("Turn"), begin };
