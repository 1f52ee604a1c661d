// In what order conversations are listed, and under which heading.

import { t } from "./words.js";

/** @import { ConversationRow } from "./protocol.js" */

/**
 * The group of a conversation.
 * @param {Pick<ConversationRow, "pinned" | "at">} row
 * @param {Date} now by whose day it is told
 * @returns {string} its heading
 */
export function groupOf(row, now) {
  if (row.pinned) return t("Pinned");
  return new Date(row.at).getTime() >= new Date(now).setHours(0, 0, 0, 0) ? t("Today") : t("Earlier");
}

/**
 * The latest first.
 * @param {string} one
 * @param {string} other
 */
const later = (one, other) => (one < other ? 1 : one > other ? -1 : 0);

/**
 * The conversations under their headings: what was pinned last or used last first, no empty group.
 * @template {Pick<ConversationRow, "pinned" | "at">} T
 * @param {Iterable<T>} rows
 * @param {Date} now
 * @returns {{ name: string, rows: T[] }[]}
 */
export function grouped(rows, now) {
  /** @type {Map<string, T[]>} */
  const groups = new Map([[t("Pinned"), []], [t("Today"), []], [t("Earlier"), []]]);
  for (const row of rows) groups.get(groupOf(row, now))?.push(row);
  return [...groups]
    .map(([name, held]) => ({
      name,
      rows: held.sort((a, b) => later(a.pinned, b.pinned) || later(a.at, b.at)),
    }))
    .filter((group) => group.rows.length);
}
