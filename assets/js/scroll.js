// Follows a growing reply, and yields as soon as the reader scrolls up.

const NEAR_PX = 60;
const CARD_PX = 12;

let pane = null; // what holds the conversation
let jump = null;
let reading = false;

/** What scrolls: the conversation, or in a low window the page as a whole. */
const scroller = () =>
  getComputedStyle(pane).overflowY === "visible" ? document.querySelector("#main") : pane;

const distance = () => {
  const { scrollHeight, scrollTop, clientHeight } = scroller();
  return scrollHeight - scrollTop - clientHeight;
};

export function scrolledByReader(value) {
  reading = value;
  jump.hidden = !value;
}

// What is to be decided on is read from its top, also where it is higher than the window.
function end() {
  const card = pane.querySelector("#messages > :last-child .approval");
  const whole = scroller();
  if (!card) return whole.scrollHeight;
  const above = card.getBoundingClientRect().top - whole.getBoundingClientRect().top;
  return Math.min(whole.scrollHeight, whole.scrollTop + above - CARD_PX);
}

export function follow() {
  const whole = scroller();
  if (pane.closest(".empty")) whole.scrollTop = 0; // the welcome is read from its top
  else if (!reading) whole.scrollTop = end();
}

export function toBottom() {
  scrolledByReader(false);
  follow();
}

export function keepPlace(change) {
  const whole = scroller();
  const fromBottom = whole.scrollHeight - whole.scrollTop;
  change();
  whole.scrollTop = whole.scrollHeight - fromBottom;
}

export function start() {
  pane = document.querySelector("#pane");
  jump = document.querySelector("#jump");
  jump.addEventListener("click", toBottom);
  let last = 0;
  const scrolled = () => {
    const { scrollTop } = scroller();
    const up = scrollTop < last;
    last = scrollTop;
    if (distance() < NEAR_PX) scrolledByReader(false);
    else if (up) scrolledByReader(true);
  };
  // It does not bubble. The column is another once Gradio stands.
  const scrolls = (target) => target === pane || (target instanceof Element && target.id === "main");
  document.addEventListener("scroll", ({ target }) => scrolls(target) && scrolled(), true);
  // Pictures know their size before they load, but fonts and the window may still move things.
  new ResizeObserver(follow).observe(document.querySelector("#messages"));
  new ResizeObserver(follow).observe(pane);
}
