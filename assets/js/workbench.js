// The workbench: a picture and tools that change it without a model. Each shows at once what it
// would do; Apply has it done on the stored picture, and the result is an exchange like any other.

import { post, unlessOffline } from "./api.js";
import { ensure } from "./conversation.js";
import { find, findAll, findHtml } from "./dom.js";
import { showDialog } from "./layers.js";
import { newName } from "./line.js";
import { probe, tell } from "./live.js";
import { addPictureAction } from "./picture-actions.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { adjust } from "./tool-adjust.js";
import { annotate } from "./tool-annotate.js";
import { crop } from "./tool-crop.js";
import { cutOut } from "./tool-cutout.js";
import { enlarge } from "./tool-enlarge.js";
import { extend } from "./tool-extend.js";
import { resize } from "./tool-resize.js";
import { turn } from "./tool-turn.js";
import { begun } from "./transcript.js";
import { t } from "./words.js";

/** @import { TurnStarted } from "./protocol.js" */
/** @import { ShownPicture } from "./picture-actions.js" */

/**
 * What a tool works with.
 * @typedef {object} Bench
 * @property {ShownPicture} picture
 * @property {ImageBitmap} bitmap the picture, perhaps smaller
 * @property {HTMLElement} over lies over the sheet, for handles and pointers
 * @property {HTMLElement} panel for fields
 * @property {string} ratio that is to come out, such as "16:9"; empty: none is asked for
 * @property {number} times as long as they are its sides are to be; 0: nobody asks
 * @property {() => void} changed draw anew, and see whether anything is to be applied
 * @property {(words: string) => void} tell say something to the user
 * @property {(event: MouseEvent) => [number, number]} at where a pointer is, in pixels of the sheet
 * @property {() => number} scale CSS pixels for a pixel of the sheet
 */

/**
 * A tool in use.
 * @typedef {object} Hand
 * @property {() => [number, number]} frame width and height of the sheet, in pixels of the picture
 * @property {(context: CanvasRenderingContext2D) => void} draw in those pixels
 * @property {() => object[] | null} operations null: nothing to be done
 * @property {() => string} [words] what is seen, in words
 * @property {() => { path: string, body: object }} [order] where it is no operation
 * @property {(sha: string) => void} [done] the result is there
 * @property {() => void} [end]
 */

/** @typedef {{ id: string, label: string, begin: (bench: Bench) => Hand }} Tool */

/** @type {Tool[]} */
const TOOLS = [crop, turn, resize, extend, adjust, annotate, cutOut, enlarge];
const PREVIEW_PX = 2048;
const LARGEST_SCALE = 16;
const ROOM_PX = 12;

/** @type {HTMLDialogElement} */
let dialog;
/** @type {HTMLCanvasElement} */
let canvas;
/** @type {Bench | null} */
let bench = null;
/** @type {Hand | null} */
let hand = null;
let scale = 1;
let frame = 0;
let applying = false;
/** @type {{ id: string, content: string } | null} */
let ticket = null; // one name for one edit, however often it is sent
let opening = 0;

const applyButton = () => find(".apply", HTMLButtonElement, dialog);

/** @param {string} words */
function told(words) {
  findHtml(".told", dialog).textContent = words;
}

function changed() {
  frame ||= requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  if (!hand || !dialog.open) return;
  const [width, height] = hand.frame();
  const room = findHtml(".bench", dialog);
  scale = Math.min(
    (room.clientWidth - 2 * ROOM_PX) / width,
    (room.clientHeight - 2 * ROOM_PX) / height,
    LARGEST_SCALE,
  );
  const sheet = findHtml(".sheet", dialog);
  sheet.style.width = `${width * scale}px`;
  sheet.style.height = `${height * scale}px`;
  const sharp = devicePixelRatio;
  const size = [width, height].map((side) => Math.max(1, Math.round(side * scale * sharp)));
  if (canvas.width !== size[0]) canvas.width = size[0];
  if (canvas.height !== size[1]) canvas.height = size[1];
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  hand.draw(context);
  applyButton().disabled = applying || (hand.operations() === null && !hand.order);
  if (!applying && hand.words) told(hand.words());
}

/** @param {MouseEvent} event @returns {[number, number]} */
function at({ clientX, clientY }) {
  const { left, top } = findHtml(".sheet", dialog).getBoundingClientRect();
  return [(clientX - left) / scale, (clientY - top) / scale];
}

/** @param {string} id */
function choose(id) {
  if (!bench || applying) return;
  hand?.end?.();
  bench.over.replaceChildren();
  bench.panel.replaceChildren();
  told("");
  for (const tab of findAll("[role=tab]", dialog)) {
    const chosen = tab.dataset.tool === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen) bench.panel.setAttribute("aria-labelledby", tab.id);
    if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const tool = TOOLS.find((each) => each.id === id) ?? TOOLS[0];
  dialog.dataset.tool = tool.id;
  hand = tool.begin(bench);
  draw();
}

/** @param {Hand} used @param {Bench} on */
async function order(used, on) {
  const { path, body } = used.order?.() ?? {
    path: "edits",
    body: { operations: used.operations() },
  };
  const home = state.conversation ?? (await ensure());
  // Without what is above: an answer that was lost on its way may have come by the live connection.
  const content = JSON.stringify([home, on.picture.sha, path, body]);
  if (ticket?.content !== content) ticket = { id: newName(), content };
  /** @type {TurnStarted} */
  const started = await post(
    `api/conversations/${home}/${path}`,
    { picture: on.picture.sha, client_id: ticket.id, parent_id: state.leaf, ...body },
    null,
  );
  ticket = null;
  return started;
}

async function apply() {
  if (!hand || !bench || applying) return;
  const [used, on] = [hand, bench];
  applying = true;
  applyButton().disabled = true;
  told(t("Working…"));
  try {
    const started = await order(used, on);
    const made = /data-sha="([0-9a-f]{64})"/.exec(started.drawn.at(-1)?.html ?? "")?.[1];
    const staying = dialog.open; // who closed it meanwhile looks at something else
    dialog.close();
    const viewer = document.querySelector("#viewer[open]");
    if (staying && viewer instanceof HTMLDialogElement) viewer.close();
    begun(started);
    tell({ type: "follow", message: started.reply });
    probe();
    if (made) used.done?.(made);
    if (staying) findHtml("#words").focus();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (dialog.open) told(words);
    else toast(words, { urgent: true });
  } finally {
    applying = false;
    applyButton().disabled = false;
  }
}

/** @param {string} sha @param {number} width @param {number} height */
async function read(sha, width, height) {
  const image = new Image();
  image.src = `media/${sha}`;
  await image.decode();
  const share = Math.min(1, PREVIEW_PX / Math.max(width, height));
  return createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(width * share)),
    resizeHeight: Math.max(1, Math.round(height * share)),
    resizeQuality: "high",
  });
}

/**
 * Open the workbench on a picture.
 * @param {ShownPicture} picture
 * @param {string} tool
 * @param {{ ratio?: string, times?: number }} aim what is to come out, see `Bench`
 */
export async function openWorkbench(picture, tool = "crop", { ratio = "", times = 0 } = {}) {
  if (applying) {
    toast(t("An edit is still being made. Open the tools when it is there."));
    return;
  }
  const mine = ++opening;
  let bitmap;
  try {
    bitmap = await read(picture.sha, picture.width, picture.height);
  } catch {
    toast(unlessOffline(t("This browser cannot show the picture, so it cannot be worked on here.")), {
      urgent: true,
    });
    return;
  }
  if (mine !== opening) return;
  bench = {
    picture,
    bitmap,
    over: findHtml(".over", dialog),
    panel: findHtml(".panel", dialog),
    ratio,
    times,
    changed,
    tell: told,
    at,
    scale: () => scale,
  };
  showDialog(dialog);
  choose(tool);
  Object.assign(bench, { ratio: "", times: 0 }); // they were for the tool that was opened
  const first = bench.over.querySelector("[tabindex]") ?? bench.panel.querySelector("button, input");
  if (first instanceof HTMLElement) first.focus();
}

function tabs() {
  const list = findHtml(".tools", dialog);
  list.append(
    ...TOOLS.map(({ id, label }) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `tool-${id}`;
      tab.dataset.tool = id;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "workbench-panel");
      tab.textContent = label;
      tab.addEventListener("click", () => choose(id));
      return tab;
    }),
  );
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = TOOLS.findIndex(({ id }) => id === dialog.dataset.tool);
    const next = TOOLS[(now + step + TOOLS.length) % TOOLS.length];
    choose(next.id);
    findHtml(`#tool-${next.id}`).focus();
  });
}

export function start() {
  dialog = find("#workbench", HTMLDialogElement);
  canvas = find("canvas", HTMLCanvasElement, dialog);
  tabs();
  applyButton().addEventListener("click", apply);
  for (const name of [".cancel", ".close"]) {
    findHtml(name, dialog).addEventListener("click", () => dialog.close());
  }
  dialog.addEventListener("close", () => {
    hand?.end?.();
    bench?.bitmap.close();
    hand = bench = null;
    findHtml(".over", dialog).replaceChildren();
    findHtml(".panel", dialog).replaceChildren();
  });
  new ResizeObserver(changed).observe(findHtml(".bench", dialog));
  addPictureAction({
    id: "tools",
    label: t("Picture tools"),
    order: 20,
    prominent: true,
    above: true,
    act: (picture) => void openWorkbench(picture),
  });
}
