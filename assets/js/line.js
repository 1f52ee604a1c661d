// The connection to the server, whatever carries it: a WebSocket, or polling where a proxy lets no
// WebSocket through. It comes back by itself, and notices when it is dead though nobody closed it.

/** @import { Asked, Told } from "./protocol.js" */

/**
 * @typedef {object} Transport
 * @property {(message: Asked) => void} say
 * @property {() => void} end what it tells after this is not heard
 */

/**
 * @typedef {object} Ears
 * @property {() => void} opened
 * @property {(told: Told) => void} heard
 * @property {(refusal?: string) => void} closed with what the server says where it lets none in
 */

/** @typedef {Ears & { cut: () => void }} Hears who is told, too, that somebody else closed a socket */

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const OPENING_MS = 10_000; // to the first word of the server
const USUAL_BEAT_MS = 15_000;
const BEATS_MISSED = 2.5;
const PROBE_MS = 5000; // of silence, while an answer is waited for
const LONGEST_PROBE_MS = 60_000; // of other news: what the server says comes, what we say does not
const SILENT_SOCKETS = 2; // so many in a row, and polling is tried
const SHORT_MS = 10_000;
const SHORT_SOCKETS = 6; // in a row that somebody cut so soon: what is to come may never get through
const POLLS_FAILED = 3; // so many in a row, and the line counts as dead
const POLL_AGAIN_MS = 500;
const REFUSALS = [400, 401, 403]; // nobody is let in by asking again

/** 128 random bits; randomUUID exists on https and loopback only, and a host may use neither. */
export function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} address
 * @param {Hears} ears
 * @returns {Transport}
 */
function bySocket(address, ears) {
  const socket = new WebSocket(address);
  let over = false;
  socket.addEventListener("open", () => over || ears.opened());
  socket.addEventListener("message", ({ data }) => over || ears.heard(JSON.parse(data)));
  socket.addEventListener("close", () => over || ears.cut());
  return {
    say: (message) => socket.send(JSON.stringify(message)),
    end() {
      over = true;
      socket.close(); // on a dead line that alone may take minutes
    },
  };
}

/** @param {Response} response that refuses */
async function sentence(response) {
  try {
    return String((await response.json()).error ?? "");
  } catch {
    return ""; // not Easel's: something in front says no
  }
}

/**
 * @param {string} address
 * @param {Ears} ears
 * @returns {Transport}
 */
function byPolling(address, ears) {
  const page = `${address}/${newName()}`;
  const stopped = new AbortController();
  let arrived = 0;
  let said = Promise.resolve();

  /**
   * @param {string} path
   * @param {object} body
   */
  async function ask(path, body) {
    const response = await fetch(page + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: stopped.signal,
    });
    if (REFUSALS.includes(response.status)) close(await sentence(response));
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }

  /** @param {string} [refusal] */
  function close(refusal) {
    if (stopped.signal.aborted) return;
    stopped.abort();
    ears.closed(refusal);
  }

  async function poll() {
    let failed = 0;
    while (!stopped.signal.aborted) {
      try {
        // An answer that is lost is given again: what has arrived is said only now.
        const { number, told } = await ask("", { arrived });
        arrived = number;
        failed = 0;
        if (told.length === 0) ears.heard({ type: "beat", answers: false });
        for (const each of told) if (!stopped.signal.aborted) ears.heard(each);
      } catch {
        if (stopped.signal.aborted) return;
        failed += 1;
        if (failed >= POLLS_FAILED) close();
        else await new Promise((go) => setTimeout(go, POLL_AGAIN_MS));
      }
    }
  }

  /** @type {Transport} */
  const transport = {
    say(message) {
      said = said.then(() => ask("/say", { begins: arrived === 0, said: [message] })).catch(() => close());
    },
    end: () => stopped.abort(),
  };
  queueMicrotask(() => {
    if (stopped.signal.aborted) return;
    ears.opened();
    poll();
  });
  return transport;
}

export class Line {
  /** @type {Transport | null} */
  #transport = null;
  #open = false;
  #polling = false;
  #silentSockets = 0;
  #shortSockets = 0;
  #waitMs = FIRST_WAIT_MS;
  #beatMs = USUAL_BEAT_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #unanswered;
  /** @type {number | null} when the server was asked, and has not answered */
  #probedAt = null;
  #restarting = false; // the server has said so: for a while nobody will answer, whatever the way
  #home;
  #ears;

  /**
   * @param {string} home where the page is, such as "https://studio.local/"
   * @param {Ears} ears what is told when the line opens, of what the server tells, and at its end
   */
  constructor(home, ears) {
    this.#home = home;
    this.#ears = ears;
  }

  /** Open, unless it is open, or opening, already. */
  connect() {
    clearTimeout(this.#again);
    if (this.#transport) return;
    let spoke = false;
    const began = Date.now();
    const ears = {
      opened: () => {
        this.#open = true;
        this.#ears.opened();
      },
      heard: (/** @type {Told} */ told) => {
        spoke = true;
        this.#silentSockets = 0;
        this.#waitMs = FIRST_WAIT_MS; // only a line that says something has come back
        if (told.type === "hello") {
          this.#beatMs = told.beat_ms;
          this.#restarting = false;
        }
        if (told.type === "restarting") this.#restarting = true;
        this.#expect(this.#beatMs * BEATS_MISSED);
        if (told.type === "beat" && told.answers) this.#answered();
        else if (this.#probedAt !== null) this.#expectAnswer(this.#probedAt);
        this.#ears.heard(told);
      },
      closed: (/** @type {string} */ refusal = "") => {
        if (!spoke && !this.#polling) this.#silentSockets += this.#restarting ? 0 : 1;
        // Polling, too, may have been the wrong way: another proxy, another network.
        else if (!spoke) this.#silentSockets = this.#shortSockets = 0;
        this.#lost(refusal);
      },
      cut: () => {
        const short = Date.now() - began < SHORT_MS && !this.#restarting;
        this.#shortSockets = short ? this.#shortSockets + 1 : 0;
        ears.closed();
      },
    };
    this.#polling =
      this.#silentSockets >= SILENT_SOCKETS || this.#shortSockets >= SHORT_SOCKETS;
    const address = `${this.#home}live`;
    this.#closed = ears.closed;
    this.#expect(OPENING_MS);
    this.#transport = this.#polling
      ? byPolling(address, ears)
      : bySocket(address.replace(/^http/, "ws"), ears);
  }

  #closed = () => {};

  /**
   * @param {Asked} message
   * @returns {boolean} whether it is on its way
   */
  say(message) {
    if (!this.#open || !this.#transport) return false;
    this.#transport.say(message);
    return true;
  }

  /** Is it alive? Whoever has just sent something wants to know before the next beat. */
  probe() {
    if (this.#probedAt !== null || !this.say({ type: "ping" })) return;
    this.#probedAt = Date.now();
    this.#expectAnswer(this.#probedAt);
  }

  /** @param {number} since */
  #expectAnswer(since) {
    clearTimeout(this.#unanswered);
    const left = since + LONGEST_PROBE_MS - Date.now();
    this.#unanswered = setTimeout(() => this.#closed(), Math.max(0, Math.min(PROBE_MS, left)));
  }

  #answered() {
    clearTimeout(this.#unanswered);
    this.#probedAt = null;
  }

  /** It is known to be dead, or to have been elsewhere: begin anew, now. */
  renew() {
    this.#waitMs = FIRST_WAIT_MS;
    if (this.#transport) this.#closed();
    clearTimeout(this.#again);
    this.connect();
  }

  /** Count it as lost; it is tried again after a while. */
  drop() {
    if (this.#transport) this.#closed();
  }

  /** @param {number} ms within which the server must say something */
  #expect(ms) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#closed(), ms);
  }

  /** @param {string} refusal */
  #lost(refusal) {
    clearTimeout(this.#silence);
    clearTimeout(this.#again);
    this.#answered();
    this.#transport?.end();
    this.#transport = null;
    this.#open = false;
    this.#ears.closed(refusal);
    this.#again = setTimeout(() => this.connect(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }
}
