// What is known of a picture: who made it, of what, from which words, and what its file itself says
// of its origin. Asked for once.

import { get } from "./api.js";
import { size } from "./save-as.js";
import { state } from "./state.js";
import { locale, t } from "./words.js";

/** @import { Extras, FactsOfPicture, ProvenanceOfPicture } from "./protocol.js" */
/** @import { ShownPicture } from "./picture-actions.js" */

/** @type {Map<string, Promise<ProvenanceOfPicture>>} */
const origins = new Map(); // a name is a content, so it never changes
/** @type {Promise<Extras> | undefined} */
let extras;

// Source: IPTC NewsCodes, Digital Source Type.
/** @type {Record<string, string>} */
const SOURCE_TYPES = {
  trainedAlgorithmicMedia: t("made by a model"),
  compositeWithTrainedAlgorithmicMedia: t("put together, with parts made by a model"),
  algorithmicallyEnhanced: t("improved by a program"),
  algorithmicMedia: t("made by a program, without training"),
  digitalCapture: t("taken with a camera"),
  computationalCapture: t("taken with a camera that calculates"),
  negativeFilm: t("scanned from a negative"),
  positiveFilm: t("scanned from a slide"),
  print: t("scanned from a print"),
  humanEdits: t("edited by a person"),
  minorHumanEdits: t("slightly edited by a person"),
  digitalCreation: t("drawn by a person with a computer"),
  digitalArt: t("drawn by a person with a computer"),
  dataDrivenMedia: t("drawn from data"),
  composite: t("put together from several"),
  compositeCapture: t("put together from several photographs"),
  compositeSynthetic: t("put together, with parts made by a program"),
  virtualRecording: t("recorded in a virtual world"),
  screenCapture: t("taken from a screen"),
};

/** @param {string} sha */
function origin(sha) {
  const known = origins.get(sha);
  if (known) return known;
  const asked = get(`api/pictures/${sha}/provenance`);
  origins.set(sha, asked);
  asked.catch(() => origins.delete(sha));
  return asked;
}

export function installed() {
  extras ??= get("api/extras");
  extras.catch(() => (extras = undefined));
  return extras;
}

/** @param {string} tag @param {string} [text] @param {string} [className] */
function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** @param {HTMLElement} list @param {string} name @param {...(Node | string)} value */
function row(list, name, ...value) {
  const told = document.createElement("dd");
  told.dir = "auto";
  told.append(...value);
  list.append(element("dt", name), told);
}

/** @param {FactsOfPicture} facts @param {(sha: string) => void} go */
function listed(facts, go) {
  const list = document.createElement("dl");
  if (facts.operation) row(list, t("Done"), facts.operation);
  else if (facts.prompt) row(list, t("Prompt"), facts.prompt);
  if (facts.model_words) row(list, t("In the model’s words"), facts.model_words);
  if (facts.model) row(list, t("Model"), facts.model);
  const chosen = Object.entries(facts.settings).map(([label, value]) => `${label}: ${value}`);
  if (chosen.length) row(list, t("Chosen"), chosen.join(" · "));
  if (facts.parents.length) row(list, t("Made from"), ...facts.parents.map((sha) => parent(sha, go)));
  if (facts.cost) row(list, t("Cost of the reply"), facts.cost);
  row(list, t("Size"), `${facts.width} × ${facts.height} px`);
  const kind = facts.mime.replace(/^image\/(?:.*[.-])?/, "").replace(/\+xml$/, "");
  row(list, t("File"), `${kind === "webp" ? "WebP" : kind.toUpperCase()}, ${size(facts.bytes)}`);
  if (facts.made_at) row(list, t("Made"), moment(facts.made_at));
  if (facts.watermark) {
    const words = t("{mark}: the maker of this model says that its pictures carry this invisible mark. Easel cannot look for it.", { mark: facts.watermark });
    row(list, t("Mark"), words);
  }
  return list;
}

/** @param {string} stamp */
function moment(stamp) {
  const style = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  return style.format(new Date(stamp));
}

/** @param {string} sha @param {(sha: string) => void} go */
function parent(sha, go) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "parent";
  button.setAttribute("aria-label", t("See the picture that it was made from"));
  const small = document.createElement("img");
  small.src = `media/${sha}/thumb`;
  small.alt = "";
  button.append(small);
  button.addEventListener("click", () => go(sha));
  return button;
}

/**
 * The badge and what it means, in words.
 * @param {ProvenanceOfPicture} found
 * @returns {[string, string]}
 */
function judged({ status, signer, generator }) {
  const by = generator ? ` ${t("Made with {generator}, by its own word.", { generator })}` : "";
  const name = signer ? `“${signer}”` : t("somebody without a name");
  switch (status) {
    case "trusted":
      return [t("Signer trusted"), t("Its content credential is intact, and its signer {name} stands on the trust list of this Easel.", { name }) + by];
    case "unverified":
      return [t("Signer not verified"), t("Its content credential is intact. It names {name}, which anybody could have written.", { name }) + by];
    case "invalid":
      return [t("Changed since signing"), t("The picture or its content credential was changed after it was signed, or cannot be read. Believe nothing that it says.")];
    case "none":
      return [t("No credential"), t("The file carries no content credential. That says nothing of who made it.")];
    default:
      return [t("Not checked"), t("Whether the file carries a content credential was not looked at.")];
  }
}

/**
 * The badge where there is a credential to speak of.
 * @param {string} sha
 * @returns {Promise<{ words: string, status: string } | null>}
 */
export async function seal(sha) {
  const found = await origin(sha);
  if (found.status === "none" || found.status === "unchecked") return null;
  return { words: judged(found)[0], status: found.status };
}

/** @param {ProvenanceOfPicture} found */
async function badge(found) {
  const box = element("div", "", "origin");
  const [word, words] = judged(found);
  box.append(element("span", word, `badge ${found.status}`), element("p", words));
  if (found.source_type) {
    const known = SOURCE_TYPES[found.source_type] ?? found.source_type;
    const believed = found.source_type_from === "c2pa" ? t("its credential") : t("a note in the file, which anybody can write");
    box.append(element("p", t("Said to be: {known} ({believed}).", { known, believed })));
  }
  if (!found.in_file) {
    box.append(element("p", t("So said the file that was uploaded. The copy that is kept here was cleaned, and carries nothing of it.")));
  }
  if (found.problems.length) box.append(element("p", t("Found: {problems}.", { problems: found.problems.join(", ") }), "codes"));
  if (found.status === "unchecked") {
    const state = (await installed()).extras.provenance;
    if (state && !state.installed) {
      const code = element("code", state.install_command);
      const told = element("p", `${t("To have it checked:")} `);
      told.append(code);
      box.append(told);
    }
  }
  return box;
}

/** @type {WeakMap<HTMLElement, string>} */
const wanted = new WeakMap();

/**
 * Fill a sheet with what is known of a picture.
 * @param {HTMLElement} sheet
 * @param {ShownPicture} picture
 * @param {(sha: string) => void} go to a picture that it was made from
 * @param {Promise<boolean>} seen whether there is a file
 */
export async function showFacts(sheet, picture, go, seen) {
  const { sha } = picture;
  wanted.set(sheet, sha);
  const current = () => wanted.get(sheet) === sha;
  const place = state.conversation ? `?conversation=${state.conversation}` : "";
  sheet.setAttribute("aria-busy", "true");
  try {
    const facts = await get(`api/pictures/${sha}${place}`);
    if (!current()) return;
    const heading = element("h2", t("Origin"));
    const waiting = element("p", t("Looking at the file…"), "origin");
    sheet.replaceChildren(listed(facts, go), heading, waiting);
    const shown = (await seen)
      ? await badge(await origin(sha))
      : element("p", t("The file could not be read, so nothing is known of its origin."));
    if (current()) waiting.replaceWith(shown);
  } catch (error) {
    if (current()) sheet.replaceChildren(element("p", error instanceof Error ? error.message : String(error)));
  } finally {
    if (current()) sheet.removeAttribute("aria-busy");
  }
}
