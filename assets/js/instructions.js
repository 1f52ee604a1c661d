// Several instructions for a picture as one message.

/** @param {string} words */
const oneLine = (words) => words.trim().replace(/\s*\n\s*/g, " ");

/**
 * @param {string[]} kept in their order
 * @returns {string} empty where nothing is left
 */
export function asOne(kept) {
  const said = kept.map((words) => words.trim()).filter(Boolean);
  if (said.length < 2) return said.join("");
  const listed = said.map((words, at) => `${at + 1}. ${oneLine(words)}`);
  return ["Make all of these changes to the picture at once, and no others:", ...listed].join("\n");
}
