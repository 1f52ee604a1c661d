// Commands to the server. Every failure becomes an Error with a sentence for the user.

import { t } from "./words.js";

/** @import { Added, Dictated, StoredPicture } from "./protocol.js" */

const UNREACHABLE =
  t("Easel cannot be reached. Your text stays; try again in a moment, a message counts only once.");
const SILENT = t("Easel did not answer in time. Your text stays; send it again, it counts only once.");
const IN_ITS_PLACE =
  t("Something between this browser and Easel answered in its place, perhaps a sign-in page. Load the page again.");
const UNREADABLE =
  t("This browser cannot read it. It is a folder, or it was moved or changed. Choose it again.");

// What a proxy means that answers by itself: Easel's own refusals come with a sentence.
/** @type {Record<number, string>} */
const BY_A_PROXY = {
  401: t("What stands in front of Easel wants you to sign in. Load the page again."),
  403: t("What stands in front of Easel does not allow this."),
  407: t("A proxy between this browser and Easel wants a password."),
  408: t("It arrived too slowly for what stands in front of Easel. Try again."),
  413:
    t("It is too large for the proxy in front of Easel. Make it smaller, or have the proxy's limit raised; Easel itself takes more."),
  429: t("What stands in front of Easel asks for patience. Try again in a moment."),
  502: t("Easel is not running behind its proxy. Your text stays; try again in a moment."),
  503: t("Easel is not running behind its proxy. Your text stays; try again in a moment."),
  504: t("Easel did not answer its proxy in time. Your text stays; try again in a moment."),
};

/** A failure that says nothing against what was asked: asked once more, it may be done. */
class Passing extends Error {}

/** @param {unknown} error */
export const mayBeTriedAgain = (error) => error instanceof Passing;

/** @param {number} status */
const passes = (status) => status === 408 || status === 429 || status >= 500;

const ANSWER_MS = 45_000; // a command is answered at once; on a dead line it never would be

/** @param {number} status */
const refused = (status) =>
  BY_A_PROXY[status] ??
  t("Something between this browser and Easel refused this (status {status}).", { status });

/**
 * @param {string} body
 * @returns {any} null where it is no JSON
 */
function read(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @param {number | null} patienceMs null: as long as it takes
 * @returns {Promise<any>}
 */
async function request(path, options, patienceMs = ANSWER_MS) {
  const given = new AbortController();
  const timer = patienceMs === null ? undefined : setTimeout(() => given.abort(), patienceMs);
  let response;
  let body;
  try {
    response = await fetch(path, {
      credentials: "same-origin",
      signal: given.signal,
      ...options,
    });
    body = await response.text();
  } catch (cause) {
    throw new Passing(given.signal.aborted ? SILENT : UNREACHABLE, { cause });
  } finally {
    clearTimeout(timer);
  }
  const told = read(body);
  if (!response.ok) {
    const words = told?.error ?? refused(response.status);
    const status = { cause: response.status };
    throw passes(response.status) ? new Passing(words, status) : new Error(words, status);
  }
  if (told === null) throw new Passing(IN_ITS_PLACE);
  return told;
}

/** @param {string} path */
export const get = (path) => request(path, { method: "GET" });

/**
 * @param {string} method
 * @returns {(path: string, body?: object, patienceMs?: number | null) => Promise<any>}
 */
const send = (method) => (path, body = {}, patienceMs = ANSWER_MS) =>
  request(
    path,
    {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    },
    patienceMs,
  );

export const post = send("POST");

export const patch = send("PATCH");

/** @param {string} path */
export const remove = (path) => request(path, { method: "DELETE" });

/**
 * What was said in a recording, written down.
 * @param {Blob} recording
 * @param {string} model the id of who will be asked with these words; empty: the usual one
 * @param {AbortSignal} signal
 * @returns {Promise<Dictated>}
 */
export const dictated = (recording, model, signal) =>
  request(
    `api/dictation?${new URLSearchParams({ model })}`,
    { method: "POST", headers: { "Content-Type": "audio/wav" }, body: recording, signal },
    null,
  );

/**
 * A picture.
 * @param {Blob} file
 * @returns {Promise<StoredPicture>}
 */
export const upload = (file) => sendBody("api/media", file);

/**
 * A picture, or a file of another kind: the server looks what it is.
 * @param {File} file
 * @returns {Promise<Added>}
 */
export const add = (file) =>
  sendBody(`api/media/added?name=${encodeURIComponent(file.name.toWellFormed())}`, file);

/**
 * @param {string} path
 * @param {Blob} file
 */
async function sendBody(path, file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new Error(UNREADABLE, { cause });
  }
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  };
  return request(path, options, null);
}

/**
 * A file that comes as it is, however long it takes.
 * @param {string} path
 * @param {RequestInit} options
 * @param {string} [lost] what to say where there is none
 */
async function file(path, options, lost) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
    if (response.ok) return { headers: response.headers, blob: await response.blob() };
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Error(UNREACHABLE, { cause });
  }
  if (lost && response.status === 404) throw new Error(lost);
  throw new Error(read(await response.text())?.error ?? refused(response.status));
}

/** @param {string} path @param {string} [lost] what to say where there is none */
export const getFile = async (path, lost) => (await file(path, {}, lost)).blob;

/**
 * Ask for a file by a form.
 * @param {string} path
 * @param {URLSearchParams} fields
 * @returns {Promise<{ name: string, blob: Blob }>}
 */
export async function postForFile(path, fields) {
  const { headers, blob } = await file(path, { method: "POST", body: fields });
  const named = /filename\*=UTF-8''([^;]+)/.exec(headers.get("Content-Disposition") ?? "");
  return { name: decodeURIComponent(named?.[1] ?? "easel.zip"), blob };
}

/**
 * What operations make of a picture; nothing of it is kept.
 * @param {string} sha
 * @param {object[]} operations
 * @param {AbortSignal} [signal]
 */
export async function previewed(sha, operations, signal) {
  const made = await file(`api/pictures/${sha}/preview`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ operations }),
    signal,
  });
  return made.blob;
}

/**
 * Why a picture cannot be shown: a line that is down is no fault of the browser.
 * @param {string} sentence
 */
export const unlessOffline = (sentence) => (navigator.onLine ? sentence : UNREACHABLE);

/** Before the browser is sent for a file by itself: it says nothing useful where it gets none. */
export function demandLine() {
  if (!navigator.onLine) throw new Error(UNREACHABLE);
}

/**
 * Send a large file, and hear how much of it has arrived: fetch does not tell.
 * @param {string} path
 * @param {Blob} file
 * @param {(share: number) => void} progress from 0 to 1
 * @param {AbortSignal} stopped
 * @returns {Promise<any>}
 */
export function sendFile(path, file, progress, stopped) {
  const sending = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    sending.open("POST", path);
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    sending.addEventListener("error", () => reject(new Passing(UNREACHABLE)));
    sending.addEventListener("abort", () => reject(new Error(t("The import was stopped."))));
    sending.addEventListener("load", () => {
      const told = read(sending.responseText);
      if (sending.status !== 200) reject(new Error(told?.error ?? refused(sending.status)));
      else if (told === null) reject(new Error(IN_ITS_PLACE));
      else resolve(told);
    });
    stopped.addEventListener("abort", () => sending.abort());
    sending.send(file);
  });
}
