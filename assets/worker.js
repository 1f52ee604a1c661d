// The service worker: it shows a page that says so where Easel cannot be reached, and hands over what
// is shared with the installed app. It keeps the page of that one sentence and its mark, and nothing of
// anybody's: what is shared stays in memory until the page takes it.

const KEPT = "easel-offline-1";
const OFFLINE = "offline";
const MARK = "easel/icons/easel.svg";
const WAITS_MS = 4 * 60 * 1000; // for whoever has to sign in first; browsers allow five minutes

/** @type {{ files: File[], words: string }[]} */
const shared = [];
/** @type {(() => void)[]} */
let taken = [];

const here = (path) => new URL(path, self.registration.scope).href;

self.addEventListener("install", (event) => {
  const kept = caches.open(KEPT).then((cache) => cache.addAll([here(OFFLINE), here(MARK)]));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(here(OFFLINE))) ?? Response.error();
  }
}

async function mark(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(here(MARK))) ?? Response.error();
  }
}

/** What was shared waits for the page, which asks for it when it has started. */
async function share(request) {
  const form = await request.formData();
  const words = ["title", "text", "url"].map((name) => form.get(name)).filter(Boolean).join("\n");
  const files = form.getAll("files").filter((file) => typeof file !== "string");
  shared.push({ files, words });
  return Response.redirect(here("?shared"), 303);
}

const untilTaken = () =>
  new Promise((resolve) => {
    taken.push(resolve);
    setTimeout(resolve, WAITS_MS);
  });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method === "POST" && pathname === new URL(here("share")).pathname) {
    event.respondWith(share(request));
    event.waitUntil(untilTaken());
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(page(request));
  } else if (request.url === here(MARK)) {
    event.respondWith(mark(request));
  }
});

self.addEventListener("message", (event) => {
  if (event.data !== "what was shared") return;
  event.ports[0]?.postMessage(shared.splice(0));
  for (const done of taken) done();
  taken = [];
});
