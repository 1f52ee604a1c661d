// Extend: more canvas at the sides. What is new becomes the region of the next edit: the result goes
// into the tray with it, where the model takes one.

import { upload } from "./api.js";
import { edits } from "./state.js";
import { complain } from "./toast.js";
import { RATIOS, choice, group, hint, number, plain, ratioOf } from "./tool-fields.js";
import * as tray from "./tray.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */
/** @typedef {"left" | "top" | "right" | "bottom"} Side */

const MOST_PX = 8000;
const NEW = "rgb(42 111 101 / 38%)";

/** @param {Bench} bench @returns {Hand} */
function begin(bench) {
  const { picture, bitmap, panel, changed } = bench;
  /** @type {Record<Side, number>} */
  const added = { left: 0, top: 0, right: 0, bottom: 0 };
  let fill = "edge";

  /** @param {string} words */
  const shape = (words) => {
    const ratio = ratioOf(words);
    const across = ratio ? Math.max(0, Math.round(picture.height * ratio) - picture.width) : 0;
    const down = ratio ? Math.max(0, Math.round(picture.width / ratio) - picture.height) : 0;
    added.left = Math.floor(across / 2);
    added.right = across - added.left;
    added.top = Math.floor(down / 2);
    added.bottom = down - added.top;
    for (const [side, field] of Object.entries(fields)) field.value = String(added[/** @type {Side} */ (side)]);
    changed();
  };
  const own = bench.ratio && !RATIOS.includes(bench.ratio) ? [bench.ratio] : [];
  /** @type {[string, string][]} */
  const shapes = [["", t("As it is")], ...[...own, ...RATIOS].map((each) => /** @type {[string, string]} */ ([each, each]))];
  const chosen = choice(panel, t("Aspect ratio"), shapes, shape);
  const sides = group(panel);
  /** @param {string} label @param {Side} side */
  const field = (label, side) =>
    number(sides, label, {
      value: 0,
      min: 0,
      max: MOST_PX,
      act(value) {
        added[side] = Math.round(value);
        changed();
      },
    });
  const fields = {
    left: field(t("Left"), "left"),
    right: field(t("Right"), "right"),
    top: field(t("Top"), "top"),
    bottom: field(t("Bottom"), "bottom"),
  };
  choice(
    panel,
    t("Fill with"),
    [
      ["edge", t("The edge, drawn out")],
      ["transparent", t("Nothing")],
      ["white", t("White")],
      ["black", t("Black")],
    ],
    (value) => {
      fill = value;
      changed();
    },
  );
  hint(panel, t("What is new is marked. Then say what shall stand there: the picture goes to the message box, with the new part as its region where the model takes one."));
  if (bench.ratio) {
    chosen.value = bench.ratio;
    shape(bench.ratio);
  }
  const any = () => Object.values(added).some(Boolean);

  /** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height */
  const filled = (context, width, height) => {
    if (fill === "transparent") return;
    if (fill !== "edge") {
      context.fillStyle = fill;
      context.fillRect(0, 0, width, height);
      return;
    }
    const [w, h] = [bitmap.width, bitmap.height];
    const { left, top } = added;
    const [right, low] = [left + picture.width, top + picture.height];
    const strip = (/** @type {number[]} */ from, /** @type {number[]} */ to) => {
      if (to[2] > 0 && to[3] > 0) context.drawImage(bitmap, from[0], from[1], from[2], from[3], to[0], to[1], to[2], to[3]);
    };
    strip([0, 0, 1, h], [0, top, left, picture.height]);
    strip([w - 1, 0, 1, h], [right, top, width - right, picture.height]);
    strip([0, 0, w, 1], [left, 0, picture.width, top]);
    strip([0, h - 1, w, 1], [left, low, picture.width, height - low]);
    strip([0, 0, 1, 1], [0, 0, left, top]);
    strip([w - 1, 0, 1, 1], [right, 0, width - right, top]);
    strip([0, h - 1, 1, 1], [0, low, left, height - low]);
    strip([w - 1, h - 1, 1, 1], [right, low, width - right, height - low]);
  };

  return {
    frame: () => [picture.width + added.left + added.right, picture.height + added.top + added.bottom],
    draw(context) {
      const [width, height] = this.frame();
      filled(context, width, height);
      context.save();
      context.beginPath();
      context.rect(0, 0, width, height);
      context.rect(added.left, added.top, picture.width, picture.height);
      context.fillStyle = NEW;
      context.fill("evenodd");
      context.restore();
      context.translate(added.left, added.top);
      plain(context, bench);
    },
    operations: () =>
      any()
        ? [
            {
              operation: "extend",
              left_px: added.left,
              top_px: added.top,
              right_px: added.right,
              bottom_px: added.bottom,
              fill,
            },
          ]
        : null,
    words() {
      const [width, height] = this.frame();
      return t("{before} px become {after}", { before: `${picture.width} × ${picture.height}`, after: `${width} × ${height}` });
    },
    done(sha) {
      tray.put(sha, t("Extended picture"));
      if (!edits()) return;
      const [width, height] = this.frame();
      region(width, height, { ...added }, picture)
        .then(upload)
        .then((mask) => tray.marked(sha, mask.sha))
        .catch(complain);
    },
  };
}

/**
 * A mask for the model: transparent where the canvas is new, white where nothing may change.
 * @param {number} width @param {number} height
 * @param {Record<Side, number>} added
 * @param {{ width: number, height: number }} old
 * @returns {Promise<Blob>}
 */
function region(width, height, { left, top }, old) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (context) {
    context.fillStyle = "#fff";
    context.fillRect(left, top, old.width, old.height);
  }
  return new Promise((give, fail) =>
    canvas.toBlob((blob) => (blob ? give(blob) : fail(new Error(t("The region could not be drawn.")))), "image/png"),
  );
}

/** @type {Tool} */
export const extend = { id: "extend", label: t("Extend"), begin };
