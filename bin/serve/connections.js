// The connections to Daraja. They stay open for a while after a request, and one timer checks all of them.
//
// A socket's own timer would be set twice for each request. This took 38 of the 100 microseconds that the server added
// to a bare proxy's 250 (bench/serve.mjs).
import http from "node:http";
import https from "node:https";

/** The agent's name for all connections. */
const NAME = "Daraja";
const LOOK_MS = 1000;
/** An idle connection is closed after this many looks. Later, Daraja could close it just as a request is sent. */
const IDLE_LOOKS = 4;
/** A busy connection is closed after this many looks without a byte. nginx waits as long. */
const SILENT_LOOKS = 60;

/** The connection was closed because Daraja sent nothing. */
export class Silence extends Error {
  constructor() {
    super(`Daraja was silent for ${(SILENT_LOOKS * LOOK_MS) / 1000} seconds`);
  }
}

export class Connections {
  agent;
  #looks = 0;
  /**
   * For each socket: how many bytes it had sent and received at the last look, and at which look that was first seen.
   *
   * @type {Map<object, { state: string, since: number }>}
   */
  #seen = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {string} protocol of the URL */
  constructor(protocol) {
    const { Agent } = protocol === "https:" ? https : http;
    const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = process.env;
    const proxyEnv = { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy };
    // Node before 22.21 and 24.5 ignores proxyEnv.
    this.agent = new Agent(/** @type {any} */ ({ keepAlive: true, scheduling: "lifo", proxyEnv }));
    // All connections are to one host. The agent's own function builds a name from the options several times for each
    // request, which took 4 % of the server's time for a call.
    this.agent.getName = () => NAME;
  }

  /** Starts the timer. It stops when there are no connections. */
  watch() {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Whether no connection is open, and no request waits for one. */
  get isUnused() {
    const { sockets, freeSockets, requests } = this.agent;
    return [sockets, freeSockets, requests].every((list) => Object.keys(list).length === 0);
  }

  close() {
    clearInterval(this.#timer);
    this.agent.destroy();
  }

  #look() {
    this.#looks++;
    const before = this.#seen;
    this.#seen = new Map();
    /**
     * @param {NodeJS.ReadOnlyDict<import("node:net").Socket[]>} lists
     * @param {string} kind
     * @param {number} limit
     * @param {(socket: import("node:net").Socket) => void} end
     */
    const look = (lists, kind, limit, end) => {
      for (const socket of Object.values(lists).flatMap((sockets) => sockets ?? [])) {
        const state = `${kind} ${socket.bytesRead} ${socket.bytesWritten}`;
        const known = before.get(socket);
        const since = known?.state === state ? known.since : this.#looks;
        this.#seen.set(socket, { state, since });
        if (this.#looks - since >= limit) end(socket);
      }
    };
    look(this.agent.freeSockets, "idle", IDLE_LOOKS, (socket) => {
      socket.destroy();
      // Without this the agent could give the socket to a request that comes before the event `close`.
      socket.emit("agentRemove");
    });
    look(this.agent.sockets, "busy", SILENT_LOOKS, (socket) => socket.destroy(new Silence()));
    if (this.#seen.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
