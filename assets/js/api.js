// Commands to the server. Every failure becomes an Error with a sentence for the user.

/** @import { StoredPicture } from "./protocol.js" */

const UNREACHABLE =
  "Easel cannot be reached. Your text stays; try again in a moment, a message counts only once.";
const SILENT = "Easel did not answer in time. Your text stays; send it again, it counts only once.";
const IN_ITS_PLACE =
  "Something between this browser and Easel answered in its place, perhaps a sign-in page. " +
  "Load the page again.";
const UNREADABLE =
  "This browser cannot read it. It is a folder, or it was moved or changed. Choose it again.";

// What a proxy means that answers by itself: Easel's own refusals come with a sentence.
/** @type {Record<number, string>} */
const BY_A_PROXY = {
  401: "What stands in front of Easel wants you to sign in. Load the page again.",
  403: "What stands in front of Easel does not allow this.",
  407: "A proxy between this browser and Easel wants a password.",
  408: "It arrived too slowly for what stands in front of Easel. Try again.",
  413:
    "It is too large for the proxy in front of Easel. Make it smaller, or have the proxy's limit " +
    "raised; Easel itself takes more.",
  429: "What stands in front of Easel asks for patience. Try again in a moment.",
  502: "Easel is not running behind its proxy. Your text stays; try again in a moment.",
  503: "Easel is not running behind its proxy. Your text stays; try again in a moment.",
  504: "Easel did not answer its proxy in time. Your text stays; try again in a moment.",
};

const ANSWER_MS = 45_000; // a command is answered at once; on a dead line it never would be

/** @param {number} status */
const refused = (status) =>
  BY_A_PROXY[status] ??
  `Something between this browser and Easel refused this (status ${status}).`;

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
    throw new Error(given.signal.aborted ? SILENT : UNREACHABLE, { cause });
  } finally {
    clearTimeout(timer);
  }
  let told;
  try {
    told = JSON.parse(body);
  } catch {
    told = null;
  }
  if (!response.ok) throw new Error(told?.error ?? refused(response.status));
  if (told === null) throw new Error(IN_ITS_PLACE);
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
 * @param {Blob} file
 * @returns {Promise<StoredPicture>}
 */
export async function upload(file) {
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
  return request("/api/media", options, null);
}
