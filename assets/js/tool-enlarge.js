// Enlarge: two to four times, by a small network that draws detail. It is an optional part.

import { installed } from "./picture-facts.js";
import { choice, hint, plain } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */

/** @param {Bench} bench @returns {Hand} */
function begin(bench) {
  const { picture, panel, changed, tell } = bench;
  // What comes closest from above: too many pixels are easily made fewer.
  let factor = Math.min(4, Math.max(2, Math.ceil(bench.times - 0.05)));
  let ready = false;
  let over = false;

  installed()
    .then(({ extras }) => {
      if (over) return;
      const { upscale } = extras;
      ready = upscale?.installed ?? false;
      if (ready) {
        const times = choice(panel, t("How many times"), [["2", "2 ×"], ["3", "3 ×"], ["4", "4 ×"]], (value) => {
          factor = Number(value);
          changed();
        });
        times.value = String(factor);
        hint(panel, t("A small network draws the detail. That takes up to half a minute."));
      } else {
        hint(panel, t("Enlarging is a part that is not installed here. This command installs it; then start Easel again."));
        const command = document.createElement("code");
        command.textContent = upscale?.install_command ?? "";
        panel.append(command);
      }
      changed();
    })
    .catch((/** @type {Error} */ error) => over || tell(error.message));
  return {
    frame: () => [picture.width, picture.height],
    draw: (context) => plain(context, bench),
    operations: () => null,
    words: () =>
      ready ? t("{before} px become {after}", { before: `${picture.width} × ${picture.height}`, after: `${picture.width * factor} × ${picture.height * factor}` }) : "",
    get order() {
      return ready ? () => ({ path: "enlarge", body: { factor } }) : undefined;
    },
    end() {
      over = true;
    },
  };
}

/** @type {Tool} */
export const enlarge = { id: "enlarge", label: t("Enlarge"), begin };
