// When something in the bin goes for good, in words.

import { plural, t } from "./words.js";

/**
 * By the days of whoever reads it, such as “Goes in 12 days”.
 * @param {string} at
 * @param {Date} now
 */
export function goesWords(at, now) {
  const moment = new Date(at);
  if (moment.getTime() <= now.getTime()) return t("Goes today");
  // Counted at noon: a day on which the clock is changed is a day all the same.
  const noon = (/** @type {Date} */ day) => new Date(day).setHours(12, 0, 0, 0);
  const days = Math.round((noon(moment) - noon(now)) / 86_400_000);
  if (days === 0) return t("Goes today");
  return days === 1 ? t("Goes tomorrow") : plural(days, "Goes in {n} day", "Goes in {n} days");
}
