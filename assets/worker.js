// The service worker: it shows a page that says so where Easel cannot be reached, and hands over what
// is shared with the installed app. It keeps the page of that one sentence and its mark, and nothing of
// anybody's: what is shared stays in memory until the page takes it. The server puts MOST before it:
// how many files a share may hold, and of how many bytes each, how many letters, and how many wait.

// Of this Easel alone: others at this origin, and other apps, have caches, too.
const OURS = `easel-offline-${self.registration.scope}#`;
const KEPT = `${OURS}1`;
const OFFLINE = "offline";
const MARK = "easel/icons/easel.svg";
const WAITS_MS = 4 * 60 * 1000; // for whoever has to sign in first; browsers allow five minutes

/** What waits for the page that is opened with its id. @type {Map<string, Shared>} */
const shared = new Map();
/** @typedef {{ files: File[], words: string, left: boolean }} Shared with whether some was left out */
/** Each ends the wait for one. @type {Map<string, () => void>} */
const taken = new Map();

const here = (path) => new URL(path, self.registration.scope).href;

self.addEventListener("install", (event) => {
  const kept = caches.open(KEPT).then((cache) => cache.addAll([here(OFFLINE), here(MARK)]));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith(OURS) && name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

/** From the network, or else what is kept in its place. */
async function fetched(request, instead) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(KEPT);
    return (await cache.match(here(instead))) ?? Response.error();
  }
}

/** The page of that one sentence, in the language of the page that is open. */
async function speak(language) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(here(OFFLINE));
  if (kept && (await kept.text()).includes(`<html lang="${language}"`)) return;
  await cache.add(here(OFFLINE));
}

/** What was shared waits for the page that is opened with its id, which asks for it once it has started. */
async function share(request, id) {
  const form = await request.formData();
  const said = ["title", "text", "url"].map((name) => form.get(name)).filter((each) => typeof each === "string" && each);
  const words = said.join("\n");
  const all = form.getAll("files").filter((file) => typeof file !== "string");
  const files = all.filter(({ size }) => size <= MOST.bytes).slice(0, MOST.files);
  const tooLong = words.length > MOST.characters;
  const left = tooLong || files.length < all.length;
  while (shared.size >= MOST.waiting) forget(shared.keys().next().value);
  shared.set(id, { files, words: tooLong ? "" : words, left });
  return Response.redirect(here(`?shared=${id}`), 303);
}

function forget(id) {
  shared.delete(id);
  taken.get(id)?.();
  taken.delete(id);
}

const untilTaken = (id) =>
  new Promise((resolve) => {
    taken.set(id, resolve);
    setTimeout(() => forget(id), WAITS_MS);
  });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method === "POST" && pathname === new URL(here("share")).pathname) {
    const id = crypto.randomUUID();
    event.respondWith(share(request, id).catch(() => Response.redirect(here(""), 303)));
    event.waitUntil(untilTaken(id));
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetched(request, OFFLINE));
  } else if (request.url === here(MARK)) {
    event.respondWith(fetched(request, MARK));
  }
});

self.addEventListener("message", (event) => {
  const { shared: id, language } = event.data ?? {};
  if (language) event.waitUntil(speak(language).catch(() => undefined)); // offline: another time
  if (!id) return;
  event.ports[0]?.postMessage(shared.get(id) ?? null);
  forget(id);
});
