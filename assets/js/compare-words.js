// How far a picture has drifted from another, in words.

/** @import { ComparedPictures } from "./protocol.js" */

/** @param {number} share from 0 to 1 */
function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/**
 * @param {ComparedPictures} found
 * @param {number} edits since the original; 0 is unknown, or none
 */
export function drift({ same, changed_share, mean_levels, size_before, size_after, regions }, edits) {
  const since = edits ? ` ${edits} ${edits === 1 ? "edit" : "edits"} from the original.` : "";
  if (same) return `Every pixel is the same.${since}`;
  const where = regions.length && regions[0].position !== "whole" ? `, mostly ${regions[0].position}` : "";
  const size = size_before.join(" × ");
  const sizes =
    size === size_after.join(" × ") ? `Size unchanged, ${size}.` : `Size ${size} → ${size_after.join(" × ")}.`;
  const mean = mean_levels < 0.05 ? "under 0.1" : mean_levels.toFixed(1);
  return `${percent(changed_share)} of the area changed${where}. Mean difference ${mean} of 255 levels. ${sizes}${since}`;
}
