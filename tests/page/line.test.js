// The line: it comes back, notices silence, asks when it must know, and polls where it has to.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Line } from "../../assets/js/line.js";

const HELLO = { type: "hello", build: "b", version: "1", beat_ms: 15_000 };

/** The browser's end of a WebSocket, moved by the test. */
class Socket extends EventTarget {
  static all = [];
  said = [];
  ended = false;

  constructor(address) {
    super();
    this.address = address;
    Socket.all.push(this);
  }

  send(text) {
    this.said.push(JSON.parse(text));
  }

  close() {
    this.ended = true; // what follows, on a dead line, takes minutes
  }

  open() {
    this.dispatchEvent(new Event("open"));
  }

  tell(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  fall() {
    this.dispatchEvent(new Event("close"));
  }
}

const last = () => Socket.all.at(-1);

let line;
let log;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  globalThis.WebSocket = Socket;
  Socket.all = [];
  log = [];
  line = new Line("https://studio.local/", {
    opened: () => log.push("opened"),
    heard: (told) => log.push(told.type),
    closed: () => log.push("closed"),
  });
  line.connect();
});

afterEach(() => mock.timers.reset());

function alive() {
  last().open();
  last().tell(HELLO);
}

test("it opens where the server is, and says what it is told to say", () => {
  assert.equal(last().address, "wss://studio.local/live");
  assert.equal(line.say({ type: "ping" }), false, "it is not open yet");
  alive();
  assert.equal(line.say({ type: "older" }), true);
  assert.deepEqual(last().said, [{ type: "older" }]);
  assert.deepEqual(log, ["opened", "hello"]);
});

test("a line that falls comes back, later each time, and at once when it has spoken", () => {
  alive();
  const waits = [250, 500, 1000];
  for (const wait of waits) {
    const before = Socket.all.length;
    last().open();
    last().tell(HELLO);
    last().fall();
    mock.timers.tick(249);
    assert.equal(Socket.all.length, before, `not before ${wait}`);
    mock.timers.tick(1);
    assert.equal(Socket.all.length, before + 1);
  }
});

test("a server that says it restarts is waited for, by the same way", () => {
  alive();
  last().tell({ type: "restarting" });
  for (let lost = 0; lost < 9; lost += 1) {
    const before = Socket.all.length;
    last().fall(); // refused, for nobody listens
    mock.timers.tick(5_000);
    assert.equal(Socket.all.length, before + 1, "no polling, which would stay");
  }
  alive();
  assert.equal(log.at(-1), "hello");
});

test("silence for more than two beats is the end of a line that nobody closed", () => {
  alive();
  for (let beat = 0; beat < 5; beat += 1) {
    mock.timers.tick(30_000);
    last().tell({ type: "beat" });
  }
  assert.equal(log.includes("closed"), false);
  mock.timers.tick(37_500);
  assert.equal(log.at(-1), "closed");
  assert.equal(last().ended, true);
  mock.timers.tick(250);
  assert.equal(Socket.all.length, 2);
});

test("whoever has just sent something knows within seconds that the line is dead", () => {
  alive();
  line.probe();
  assert.deepEqual(last().said, [{ type: "ping" }]);
  mock.timers.tick(4_999);
  assert.notEqual(log.at(-1), "closed");
  mock.timers.tick(1);
  assert.equal(log.at(-1), "closed");
});

test("an answer to the question keeps the line", () => {
  alive();
  line.probe();
  last().tell({ type: "beat", answers: true });
  mock.timers.tick(30_000);
  assert.equal(log.includes("closed"), false);
});

test("news is no answer: what the page says may be lost while all that it is told arrives", () => {
  alive();
  line.probe();
  mock.timers.tick(4_000);
  last().tell({ type: "beat", answers: false });
  mock.timers.tick(4_999);
  assert.equal(log.includes("closed"), false, "a slow line has its time");
  mock.timers.tick(1);
  assert.equal(log.at(-1), "closed");
});

test("a line that has news without end is given up when it does not answer for a minute", () => {
  alive();
  line.probe();
  for (let second = 0; second < 60; second += 1) {
    assert.equal(log.includes("closed"), false, `after ${second} s`);
    line.probe();
    last().tell({ type: "frame" });
    mock.timers.tick(1_000);
  }
  assert.equal(last().said.length, 1, "it was asked once");
  assert.equal(log.at(-1), "closed");
});

test("what an old line still tells is not heard any more", () => {
  alive();
  const old = last();
  line.renew();
  old.tell({ type: "row" });
  old.fall();
  assert.equal(log.includes("row"), false);
  assert.equal(log.filter((each) => each === "closed").length, 1);
});

/** Answers of a server to polls, in order; then it is silent. */
function polling(answers) {
  const asked = [];
  globalThis.fetch = async (address, { body, signal }) => {
    asked.push([new URL(address).pathname.replace(/[0-9a-f]{32}/, "page"), JSON.parse(body)]);
    if (address.endsWith("/say")) return { ok: true, json: async () => ({ taken: 1 }) };
    const next = answers.shift();
    if (next instanceof Error) throw next;
    if (next) return { ok: true, json: async () => next };
    return new Promise((_, fail) => signal.addEventListener("abort", () => fail(new Error("gone"))));
  };
  return asked;
}

/** Let everything happen that waits for nothing but its turn. */
async function settled() {
  for (let turn = 0; turn < 50; turn += 1) await null;
}

test("two sockets that never spoke, and it polls; a lost answer is asked for again", async () => {
  const asked = polling([
    { number: 1, told: [HELLO] },
    new Error("the answer was lost"),
    { number: 2, told: [{ type: "row" }, { type: "frame" }] },
  ]);
  last().fall();
  mock.timers.tick(250);
  last().fall();
  mock.timers.tick(500);
  assert.equal(Socket.all.length, 2, "a third socket was tried");
  await settled();
  mock.timers.tick(500);
  await settled();
  line.say({ type: "older" });
  await settled();
  assert.deepEqual(log.slice(-4), ["opened", "hello", "row", "frame"]);
  const polls = asked.filter(([path]) => path === "/live/page").map(([, body]) => body.arrived);
  assert.deepEqual(polls, [0, 1, 1, 2]);
  assert.deepEqual(asked.at(-1), ["/live/page/say", { begins: false, said: [{ type: "older" }] }]);
});

test("sockets that are cut again and again, however much they said, give way to polling", async () => {
  const asked = polling([{ number: 1, told: [HELLO] }]);
  for (let each = 0; each < 6; each += 1) {
    alive();
    last().tell({ type: "row" });
    last().fall();
    mock.timers.tick(250);
  }
  await settled();
  assert.equal(Socket.all.length, 6);
  assert.equal(asked[0][0], "/live/page");
  assert.equal(log.at(-1), "hello");
});

test("a socket that lived for a while, or that the page left by itself, is no reason to poll", () => {
  for (let each = 0; each < 12; each += 1) {
    alive();
    if (each % 4 === 3) mock.timers.tick(10_000);
    if (each % 2) last().fall();
    else line.drop();
    mock.timers.tick(250);
  }
  assert.equal(Socket.all.length, 13);
});

test("where polling is no way either, the socket is tried once more", async () => {
  polling([new Error("1"), new Error("2"), new Error("3")]);
  last().fall();
  mock.timers.tick(250);
  last().fall();
  mock.timers.tick(500);
  for (let each = 0; each < 3; each += 1) {
    await settled();
    mock.timers.tick(500);
  }
  await settled();
  mock.timers.tick(5_000);
  await settled();
  assert.ok(Socket.all.length > 2, "no socket was tried any more");
});
