// Commands to the server. Every failure becomes an Error with a sentence for the user.

const UNREACHABLE = "Easel cannot be reached. Nothing was sent and your text stays; try again in a moment.";

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (cause) {
    throw new Error(UNREACHABLE, { cause });
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Error(body?.error ?? `Easel answered with status ${response.status}.`);
  }
  return body;
}

export const get = (path) => request(path, { method: "GET" });

const send = (method) => (path, body = {}) =>
  request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const post = send("POST");

export const patch = send("PATCH");

export const remove = (path) => request(path, { method: "DELETE" });

export const upload = (file) =>
  request("/api/media", {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
