// Draw on the picture: arrows, boxes, strokes and words, laid over it until they are applied.

import { button, choice, clamp, group, hint, plain, slider } from "./tool-fields.js";
import { t } from "./words.js";

/** @import { Bench, Hand, Tool } from "./workbench.js" */
/** @typedef {{ kind: string, points: [number, number][], colour: string, width: number, text: string, size: number }} Mark */

const SVG = "http://www.w3.org/2000/svg";
const HEAD = 4.5; // of the width of its line, as the server draws it
const KEY_PX = 10; // on the screen
const MOST_POINTS = 4000;
const KINDS = /** @type {[string, string][]} */ ([
  ["arrow", t("Arrow")],
  ["box", t("Box")],
  ["stroke", t("Stroke")],
  ["text", t("Words")],
]);

/** @param {string} name @param {Record<string, string | number>} values */
function shape(name, values) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, String(value));
  return made;
}

/** @param {[number, number][]} points */
const path = (points) => points.map((each) => each.join(",")).join(" ");

/** @param {Mark} mark */
function arrow({ points: [tail, tip], colour, width }) {
  const [x, y] = [tip[0] - tail[0], tip[1] - tail[1]];
  const length = Math.hypot(x, y) || 1;
  const along = [x / length, y / length];
  const head = Math.min(Math.max(HEAD * width, 12), Math.max(length, 1));
  /** @param {number} back @param {number} aside @returns {[number, number]} */
  const from = (back, aside) => [
    tip[0] - along[0] * back - along[1] * aside,
    tip[1] - along[1] * back + along[0] * aside,
  ];
  const neck = from(head * 0.8, 0);
  const line = { stroke: colour, "stroke-width": width, fill: "none" };
  return [
    shape("polyline", { points: path([tail, neck]), ...line }),
    shape("polygon", { points: path([tip, from(head, head / 2), neck, from(head, -head / 2)]), fill: colour }),
  ];
}

/** @param {Mark} mark */
function drawn(mark) {
  const { kind, points, colour, width, text, size } = mark;
  const line = { stroke: colour, "stroke-width": width, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  if (kind === "arrow") return arrow(mark);
  if (kind === "text") {
    const lines = text.split("\n").map((words, row) => {
      const made = shape("text", { x: points[0][0], y: points[0][1] + size * (0.93 + 1.2 * row), fill: colour, "font-size": size });
      made.textContent = words;
      return made;
    });
    return lines;
  }
  if (kind === "box") {
    const [[x0, y0], [x1, y1]] = points;
    return [shape("rect", { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0), ...line, "stroke-linejoin": "miter" })];
  }
  if (points.length === 1) return [shape("circle", { cx: points[0][0], cy: points[0][1], r: width / 2, fill: colour })];
  return [shape("polyline", { points: path(points), ...line })];
}

/** @param {Bench} bench @returns {Hand} */
function begin(bench) {
  const { picture, over, panel, changed } = bench;
  const longer = Math.max(picture.width, picture.height);
  /** @type {Mark[]} */
  const marks = [];
  let kind = "arrow";
  let colour = "#e5173f";
  let width = Math.max(2, Math.round(longer / 160));
  let size = Math.max(8, Math.round(longer / 18));
  /** @type {Mark | null} */
  let growing = null;

  const sheet = shape("svg", { viewBox: `0 0 ${picture.width} ${picture.height}`, preserveAspectRatio: "none" });
  const layer = document.createElement("div");
  layer.className = "marks";
  layer.tabIndex = 0;
  layer.setAttribute("role", "application");
  layer.setAttribute("aria-label", t("The picture. Enter puts a mark in its middle, arrows move the last one, Shift with arrows sizes it, Delete takes it away."));
  layer.append(sheet);
  over.append(layer);

  const show = () => {
    sheet.replaceChildren(...marks.flatMap(drawn));
    undo.disabled = marks.length === 0;
    changed();
  };
  choice(panel, t("Draw"), KINDS, (value) => {
    kind = value;
    words.hidden = kind !== "text";
    thick.field.closest("label")?.toggleAttribute("hidden", kind === "text");
    high.field.closest("label")?.toggleAttribute("hidden", kind !== "text");
  });
  const swatch = document.createElement("input");
  swatch.type = "color";
  swatch.value = colour;
  swatch.addEventListener("input", () => (colour = swatch.value));
  const named = document.createElement("label");
  named.append(t("Colour"), swatch);
  panel.append(named);
  const pixels = (/** @type {number} */ value) => `${value} px`;
  const thick = slider(panel, t("Line"), { value: width, min: 1, max: Math.max(12, Math.round(longer / 20)), told: pixels, act: (value) => (width = value) });
  const high = slider(panel, t("Letters"), { value: size, min: 6, max: Math.max(40, Math.round(longer / 4)), told: pixels, act: (value) => (size = value) });
  high.field.closest("label")?.toggleAttribute("hidden", true);
  const words = document.createElement("textarea");
  words.rows = 2;
  words.maxLength = 500;
  words.hidden = true;
  words.placeholder = t("The words");
  words.setAttribute("aria-label", t("The words"));
  panel.append(words);
  const ends = group(panel);
  const undo = button(ends, t("Undo"), () => {
    marks.pop();
    show();
  });
  hint(panel, t("Draw with the mouse or a finger. With keys: Enter puts a mark in the middle, arrows move it, Shift with arrows sizes it, Delete takes it away."));

  /** @param {[number, number]} from @returns {Mark | null} */
  const fresh = (from) => {
    const text = kind === "text" ? words.value.trim() : "";
    if (kind === "text" && !text) {
      bench.tell(t("Write the words first."));
      words.focus();
      return null;
    }
    /** @type {[number, number][]} */
    const points = kind === "text" || kind === "stroke" ? [from] : [from, from];
    return { kind, points, colour, width, text, size };
  };
  /** @param {Mark} mark @param {[number, number]} to */
  const grow = (mark, to) => {
    if (mark.kind === "text") mark.points = [to];
    else if (mark.kind !== "stroke") mark.points = [mark.points[0], to];
    else if (mark.points.length < MOST_POINTS) mark.points.push(to);
  };
  over.onpointerdown = (event) => {
    if (event.button !== 0 || growing) return;
    event.preventDefault();
    const mark = fresh(bench.at(event));
    if (!mark) return;
    layer.focus();
    over.setPointerCapture(event.pointerId);
    growing = mark;
    marks.push(mark);
    show();
  };
  over.onpointermove = (event) => {
    if (!growing) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) grow(growing, bench.at(each));
    show();
  };
  over.onpointerup = over.onpointercancel = () => {
    const last = growing;
    growing = null;
    // A click alone draws no arrow and no box.
    const [from, to] = last?.points ?? [];
    if (last && (last.kind === "arrow" || last.kind === "box") && Math.hypot(to[0] - from[0], to[1] - from[1]) < 2) {
      marks.pop();
      show();
    }
  };
  layer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const last = marks.at(-1);
    if (event.key === "Enter") {
      const mark = fresh([picture.width / 2, picture.height / 2]);
      if (!mark) return;
      grow(mark, mark.kind === "text" ? mark.points[0] : [picture.width * 0.65, picture.height * 0.65]);
      marks.push(mark);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      marks.pop();
    } else if (step && last) {
      const far = Math.max(1, KEY_PX / bench.scale());
      const moved = event.shiftKey ? last.points.slice(-1) : last.points;
      for (const point of moved) {
        point[0] = clamp(point[0] + step[0] * far, 0, picture.width);
        point[1] = clamp(point[1] + step[1] * far, 0, picture.height);
      }
    } else return;
    event.preventDefault();
    show();
  });
  show();
  return {
    frame: () => [picture.width, picture.height],
    draw: (context) => plain(context, bench),
    operations: () =>
      marks.length
        ? [
            {
              operation: "annotate",
              marks: marks.map((mark) => ({
                kind: mark.kind,
                points: mark.points.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]),
                colour: mark.colour,
                width_px: mark.width,
                text: mark.text,
                size_px: mark.size,
              })),
            },
          ]
        : null,
    end() {
      over.onpointerdown = over.onpointermove = over.onpointerup = over.onpointercancel = null;
    },
  };
}

/** @type {Tool} */
export const annotate = { id: "annotate", label: t("Draw"), begin };
