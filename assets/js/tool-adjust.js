// Adjust: exposure, contrast, warmth and saturation, shown at once on a smaller copy by the same
// sums as the server's (chat/images/operations/tone.py).

import { button, hint, slider } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */

const MOST_PIXELS = 900_000;
const WARMTH = 0.25;
const LUMA = [0.2126, 0.7152, 0.0722];

/** @typedef {{ exposure: number, contrast: number, warmth: number, saturation: number }} Tones */

/** @param {number} code */
const light = (code) => (code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4);
/** @param {number} amount */
const code = (amount) => (amount <= 0.0031308 ? amount * 12.92 : 1.055 * amount ** (1 / 2.4) - 0.055);

/** @param {number} value 0 to 1 @param {number} amount -1 to 1 */
function contrasted(value, amount) {
  if (amount < 0) return 0.5 + (value - 0.5) * (1 + amount * 0.8);
  const steep = value * value * (3 - 2 * value);
  const steeper = steep * steep * (3 - 2 * steep);
  return value + (steeper - value) * amount;
}

/** What becomes of each level of a channel. @param {number} gain @param {number} contrast */
function curve(gain, contrast) {
  return Float32Array.from({ length: 256 }, (_, level) => {
    const lit = gain === 1 ? level / 255 : Math.min(1, code(light(level / 255) * gain));
    return 255 * (contrast ? contrasted(lit, contrast) : lit);
  });
}

/** @param {ImageData} from @param {ImageData} to @param {Tones} tones */
export function adjusted(from, to, { exposure, contrast, warmth, saturation }) {
  const gain = 2 ** exposure;
  const warm = (warmth / 100) * WARMTH;
  const [red, green, blue] = [1 + warm, 1, 1 - warm].map((each) => curve(gain * each, contrast / 100));
  const mix = 1 + saturation / 100;
  const [source, made] = [from.data, to.data];
  for (let at = 0; at < source.length; at += 4) {
    const [r, g, b] = [red[source[at]], green[source[at + 1]], blue[source[at + 2]]];
    const grey = r * LUMA[0] + g * LUMA[1] + b * LUMA[2];
    made[at] = grey + (r - grey) * mix;
    made[at + 1] = grey + (g - grey) * mix;
    made[at + 2] = grey + (b - grey) * mix;
    made[at + 3] = source[at + 3];
  }
}

/** @param {Bench} bench @returns {Hand} */
function begin({ picture, bitmap, panel, changed }) {
  /** @type {Tones} */
  const tones = { exposure: 0, contrast: 0, warmth: 0, saturation: 0 };
  const share = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.round(bitmap.width * share));
  small.height = Math.max(1, Math.round(bitmap.height * share));
  const context = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, small.width, small.height);
  const source = context.getImageData(0, 0, small.width, small.height);
  const made = context.createImageData(small.width, small.height);
  const signed = (/** @type {number} */ value) => (value > 0 ? `+${value}` : String(value));

  const sliders = [
    /** @type {const} */ ([t("Exposure"), "exposure", 3, 0.1]),
    /** @type {const} */ ([t("Contrast"), "contrast", 100, 1]),
    /** @type {const} */ ([t("Warmth"), "warmth", 100, 1]),
    /** @type {const} */ ([t("Saturation"), "saturation", 100, 1]),
  ].map(([label, name, most, step]) =>
    slider(panel, label, {
      value: 0,
      min: -most,
      max: most,
      step,
      told: signed,
      act(value) {
        tones[name] = value;
        changed();
      },
    }),
  );
  button(panel, t("All back to 0"), () => {
    Object.assign(tones, { exposure: 0, contrast: 0, warmth: 0, saturation: 0 });
    for (const each of sliders) each.set(0);
    changed();
  });
  hint(panel, t("Exposure is in stops: +1 is twice the light."));
  const any = () => Object.values(tones).some(Boolean);
  return {
    frame: () => [picture.width, picture.height],
    draw(target) {
      adjusted(source, made, tones);
      context.putImageData(made, 0, 0);
      target.imageSmoothingQuality = "high";
      target.drawImage(small, 0, 0, picture.width, picture.height);
    },
    operations: () =>
      any()
        ? [
            {
              operation: "adjust",
              exposure_stops: tones.exposure,
              contrast: tones.contrast,
              warmth: tones.warmth,
              saturation: tones.saturation,
            },
          ]
        : null,
  };
}

/** @type {Tool} */
export const adjust = { id: "adjust", label: t("Adjust"), begin };
