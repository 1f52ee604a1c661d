// Follows a growing reply, and yields as soon as the reader scrolls up.

const NEAR_PX = 60;
const CARD_PX = 12;

let pane = null;
let jump = null;
let reading = false;

const distance = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight;

export function scrolledByReader(value) {
  reading = value;
  jump.hidden = !value;
}

// What is to be decided on is read from its top, also where it is higher than the window.
function end() {
  const card = pane.querySelector("#messages > :last-child .approval");
  if (!card) return pane.scrollHeight;
  const above = card.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  return Math.min(pane.scrollHeight, pane.scrollTop + above - CARD_PX);
}

export function follow() {
  if (pane.closest(".empty")) pane.scrollTop = 0; // the welcome is read from its top
  else if (!reading) pane.scrollTop = end();
}

export function toBottom() {
  scrolledByReader(false);
  follow();
}

export function keepPlace(change) {
  const fromBottom = pane.scrollHeight - pane.scrollTop;
  change();
  pane.scrollTop = pane.scrollHeight - fromBottom;
}

export function start() {
  pane = document.querySelector("#pane");
  jump = document.querySelector("#jump");
  jump.addEventListener("click", toBottom);
  let last = 0;
  pane.addEventListener("scroll", () => {
    const up = pane.scrollTop < last;
    last = pane.scrollTop;
    if (distance() < NEAR_PX) scrolledByReader(false);
    else if (up) scrolledByReader(true);
  });
  // Pictures know their size before they load, but fonts and the window may still move things.
  new ResizeObserver(follow).observe(document.querySelector("#messages"));
  new ResizeObserver(follow).observe(pane);
}
