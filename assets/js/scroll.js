// Follows a growing reply, and yields as soon as the reader scrolls up.

const NEAR_PX = 60;

let pane = null;
let jump = null;
let reading = false;

const distance = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight;

export function scrolledByReader(value) {
  reading = value;
  jump.hidden = !value;
}

export function follow() {
  if (pane.closest(".empty")) pane.scrollTop = 0; // the welcome is read from its top
  else if (!reading) pane.scrollTop = pane.scrollHeight;
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
