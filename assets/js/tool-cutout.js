// Cut out: the subject that is clicked on, or has a box drawn around it, is kept; the rest becomes
// see-through.

import { post } from "./api.js";
import { installed } from "./picture-facts.js";
import { clamp, hint, plain } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */
/** @import { StoredPicture } from "./protocol.js" */

const CLICK_PX = 5; // on the screen
const KEY_PX = 12;

/**
 * A grey mask as alpha. @param {string} sha @param {number} width @param {number} height
 */
async function alpha(sha, width, height) {
  const image = new Image();
  image.src = `media/${sha}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data[at + 3] = pixels.data[at];
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** @param {Bench} bench @returns {Hand} */
function begin(bench) {
  const { picture, bitmap, over, panel, changed, tell } = bench;
  /** @type {{ sha: string, cut: HTMLCanvasElement } | null} */
  let selected = null;
  let asked = 0;
  /** @type {[number, number]} */
  let cross = [picture.width / 2, picture.height / 2];
  /** @type {[number, number] | null} */
  let from = null;

  const layer = document.createElement("div");
  layer.className = "select";
  layer.tabIndex = 0;
  layer.setAttribute("role", "application");
  layer.setAttribute("aria-label", t("The picture. Arrows move the cross, Enter selects what is under it, Shift with arrows draws a box from the cross."));
  const mark = document.createElement("i");
  mark.className = "cross";
  const box = document.createElement("i");
  box.className = "box";
  box.hidden = true;
  layer.append(mark, box);
  over.append(layer);
  hint(panel, t("Click on what shall stay, or draw a box around it. With keys: arrows move the cross, Enter selects what is under it; Shift with arrows draws a box."));
  const again = hint(panel, t("Select again as often as you like; only Apply changes anything."));
  again.classList.add("second");
  installed()
    .then(({ extras: { subject } }) => {
      if (!subject || subject.installed || !layer.isConnected) return;
      hint(panel, t("Here colours and edges tell what belongs together. A small network finds subjects better; this command installs it:"));
      const command = document.createElement("code");
      command.textContent = subject.install_command;
      panel.append(command);
    })
    .catch(() => undefined); // it is only advice

  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  const show = () => {
    mark.style.left = share(cross[0], picture.width);
    mark.style.top = share(cross[1], picture.height);
    box.hidden = !from;
    if (from) {
      Object.assign(box.style, {
        left: share(Math.min(from[0], cross[0]), picture.width),
        top: share(Math.min(from[1], cross[1]), picture.height),
        width: share(Math.abs(cross[0] - from[0]), picture.width),
        height: share(Math.abs(cross[1] - from[1]), picture.height),
      });
    }
  };
  /** @param {[number, number]} to */
  const go = ([x, y]) => {
    cross = [clamp(x, 0, picture.width - 1), clamp(y, 0, picture.height - 1)];
    show();
  };
  const select = async () => {
    const mine = ++asked;
    const far = from ? Math.hypot(cross[0] - from[0], cross[1] - from[1]) * bench.scale() : 0;
    const point = cross.map(Math.floor);
    const where =
      from && far > CLICK_PX
        ? {
            box: [
              Math.floor(Math.min(from[0], cross[0])),
              Math.floor(Math.min(from[1], cross[1])),
              Math.max(1, Math.round(Math.abs(cross[0] - from[0]))),
              Math.max(1, Math.round(Math.abs(cross[1] - from[1]))),
            ],
          }
        : { point };
    from = null;
    show();
    layer.setAttribute("aria-busy", "true");
    tell(t("Looking for the subject…"));
    try {
      /** @type {StoredPicture} */
      const mask = await post(`api/pictures/${picture.sha}/selection`, where, null);
      const shape = await alpha(mask.sha, bitmap.width, bitmap.height);
      if (mine !== asked) return;
      const cut = document.createElement("canvas");
      Object.assign(cut, { width: bitmap.width, height: bitmap.height });
      const context = /** @type {CanvasRenderingContext2D} */ (cut.getContext("2d"));
      context.drawImage(bitmap, 0, 0);
      context.globalCompositeOperation = "destination-in";
      context.drawImage(shape, 0, 0);
      selected = { sha: mask.sha, cut };
      tell(t("Selected. Apply makes the rest see-through."));
      changed();
    } catch (error) {
      if (mine === asked) tell(error instanceof Error ? error.message : String(error));
    } finally {
      if (mine === asked) layer.removeAttribute("aria-busy");
    }
  };
  over.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    layer.focus();
    over.setPointerCapture(event.pointerId);
    go(bench.at(event));
    from = [...cross];
    show();
  };
  over.onpointermove = (event) => {
    if (from && event.buttons) go(bench.at(event));
  };
  over.onpointerup = () => from && void select();
  over.onpointercancel = () => {
    from = null;
    show();
  };
  layer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (!step) {
      void select();
      return;
    }
    if (event.shiftKey) from ??= [...cross];
    else from = null;
    const far = KEY_PX / bench.scale();
    go([cross[0] + step[0] * far, cross[1] + step[1] * far]);
  });
  show();
  return {
    frame: () => [picture.width, picture.height],
    draw(context) {
      if (!selected) plain(context, bench);
      else context.drawImage(selected.cut, 0, 0, picture.width, picture.height);
    },
    operations: () => (selected ? [{ operation: "cut_out", mask: selected.sha }] : null),
    end() {
      asked += 1;
      over.onpointerdown = over.onpointermove = over.onpointerup = over.onpointercancel = null;
    },
  };
}

/** @type {Tool} */
export const cutOut = { id: "cut-out", label: t("Cut out"), begin };
