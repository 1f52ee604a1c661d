// How far a picture has drifted from another, in words.

import { decimal, number, plural, t } from "./words.js";

/** @import { ComparedPictures } from "./protocol.js" */

/** @param {number} share @param {number} decimals */
const inPercent = (share, decimals) =>
  number(share, { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** Where, in words. @type {Record<string, string>} */
const PLACES = {
  centre: t("mostly in the centre"),
  left: t("mostly on the left"),
  right: t("mostly on the right"),
  upper: t("mostly at the top"),
  lower: t("mostly at the bottom"),
  "upper left": t("mostly in the upper left"),
  "upper right": t("mostly in the upper right"),
  "lower left": t("mostly in the lower left"),
  "lower right": t("mostly in the lower right"),
};

/** @param {number} share from 0 to 1 */
function percent(share) {
  if (share > 0 && share < 0.001) return t("under {percent}", { percent: inPercent(0.001, 1) });
  return inPercent(share, share < 0.1 ? 1 : 0);
}

/**
 * @param {ComparedPictures} found
 * @param {number} edits since the original; 0 is unknown, or none
 */
export function drift({ same, changed_share, mean_levels, size_before, size_after, regions }, edits) {
  const since = edits ? [plural(edits, "{n} edit from the original.", "{n} edits from the original.")] : [];
  if (same) return [t("Every pixel is the same."), ...since].join(" ");
  const place = regions.length ? PLACES[regions[0].position] : undefined;
  const share = percent(changed_share);
  const changed = place
    ? t("{share} of the area changed, {place}.", { share, place })
    : t("{share} of the area changed.", { share });
  const [size, after] = [size_before.join(" × "), size_after.join(" × ")];
  const sizes = size === after ? t("Size unchanged, {size}.", { size }) : t("Size {size} → {after}.", { size, after });
  const mean = mean_levels < 0.05 ? t("under {percent}", { percent: decimal(0.1, 1) }) : decimal(mean_levels, 1);
  return [changed, t("Mean difference {mean} of 255 levels.", { mean }), sizes, ...since].join(" ");
}
