// Settings on their way to the server. A message waits for them: a system prompt that was
// typed before it must be in force for it.

const LONGEST_WAIT_MS = 3000;

let underWay = 0;
/** @type {(() => void)[]} */
let waiting = [];

export function begin() {
  underWay += 1;
}

export function done() {
  underWay = Math.max(0, underWay - 1);
  if (underWay > 0) return;
  for (const go of waiting) go();
  waiting = [];
}

/** @returns {Promise<void>} */
export function settled() {
  if (underWay === 0) return Promise.resolve();
  return new Promise((go) => {
    waiting.push(go);
    setTimeout(go, LONGEST_WAIT_MS);
  });
}
