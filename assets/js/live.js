// The one connection on which the server tells this page what to show. It comes back by
// itself, and then asks for the whole window again: nothing is lost in between.

import { emit, state } from "./state.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

let socket = null;
let waitMs = FIRST_WAIT_MS;
let timer = null;
let wanted = null; // what to say as soon as the line is open

export function tell(message) {
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify(message));
    return true;
  }
  return false;
}

export function show(conversation) {
  wanted = conversation;
  tell(conversation ? { open: conversation } : { close: true });
}

function connect() {
  clearTimeout(timer);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/live`);
  socket.addEventListener("open", () => {
    state.online = true;
    emit("online", true);
    tell(wanted ? { open: wanted } : { close: true });
  });
  socket.addEventListener("message", (event) => {
    waitMs = FIRST_WAIT_MS; // only a line that says something has come back
    const told = JSON.parse(event.data);
    if (Array.isArray(told)) emit("frame", told);
    else emit(`told:${told.t}`, told);
  });
  socket.addEventListener("close", () => {
    if (state.online) {
      state.online = false;
      emit("online", false);
    }
    timer = setTimeout(connect, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  });
}

export function start() {
  connect();
  window.addEventListener("online", () => {
    waitMs = FIRST_WAIT_MS;
    connect();
  });
  window.addEventListener("offline", () => socket?.close());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) connect();
  });
}
