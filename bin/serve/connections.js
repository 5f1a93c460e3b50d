// The connections to Daraja: they stay open for a while after a request, and one timer looks at them all.
//
// A socket's own timer would be set twice for each request: to a short time while the socket is idle, to a long one while
// Daraja is asked. This took 38 of the 100 microseconds that the server added to the 250 of a bare proxy (bench/serve.mjs).
import http from "node:http";
import https from "node:https";

const LOOK_MS = 1000;
/** An idle connection is closed after so many looks at the same bytes: before Daraja would close it under a request. */
const IDLE_LOOKS = 4;
/** Daraja may be silent for so many looks, the first of which may come late. nginx waits as long. */
const SILENT_LOOKS = 60;

/** Daraja was silent for so long that the connection was closed. */
export class Silence extends Error {
  constructor() {
    super(`Daraja was silent for ${(SILENT_LOOKS * LOOK_MS) / 1000} seconds`);
  }
}

export class Connections {
  agent;
  #looks = 0;
  /** What each socket had sent and received at the last look, and since when. @type {Map<object, { state: string, since: number }>} */
  #seen = new Map();
  #timer;

  /** @param {string} protocol of the URL */
  constructor(protocol) {
    const { Agent } = protocol === "https:" ? https : http;
    const proxyEnv = { HTTPS_PROXY: process.env.HTTPS_PROXY, NO_PROXY: process.env.NO_PROXY };
    // Node before 22.21 and 24.5 knows no proxyEnv, and ignores it.
    this.agent = new Agent(/** @type {any} */ ({ keepAlive: true, scheduling: "lifo", proxyEnv }));
  }

  /** Looks at the connections from now on, as long as there are any. */
  watch() {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  close() {
    clearInterval(this.#timer);
    this.agent.destroy();
  }

  #look() {
    this.#looks++;
    const before = this.#seen;
    this.#seen = new Map();
    const look = (lists, kind, limit, end) => {
      for (const socket of Object.values(lists).flat()) {
        const state = `${kind} ${socket.bytesRead} ${socket.bytesWritten}`;
        const known = before.get(socket);
        const since = known?.state === state ? known.since : this.#looks;
        this.#seen.set(socket, { state, since });
        if (this.#looks - since >= limit) end(socket);
      }
    };
    look(this.agent.freeSockets, "idle", IDLE_LOOKS, (socket) => {
      socket.destroy();
      // Else the agent has it until its event close, and may give it to a request that comes before that.
      socket.emit("agentRemove");
    });
    look(this.agent.sockets, "busy", SILENT_LOOKS, (socket) => socket.destroy(new Silence()));
    if (this.#seen.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
