// The fleet's Daraja: the packed Simulator over HTTP, which counts the requests and their outcomes.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** Longer than any process is frozen. If a connection closed during that time, a call would fail for another reason. */
const KEEP_ALIVE_MS = 600_000;
const FOREIGN = "foreign";
export const TOKEN_PATH = "/oauth/";

/** Serves one Simulator after another at the same address. */
export async function serveDaraja(processes) {
  const { Simulator } = await processes.import("node_modules/daraja-auth/pkg/simulator.node.js");
  const { listener } = await processes.import("node_modules/daraja-auth/bin/listen.js");
  let daraja;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    listener((request) => daraja.answer(request)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    /** Starts a new Daraja, with an app that no store knows. */
    begin(lifetimeSeconds) {
      daraja = new Daraja(Simulator, url, lifetimeSeconds);
      return daraja;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Daraja {
  simulator;
  url;
  app;
  /** How many tokens the processes of the fleet got, and how many other programs got. */
  generates = 0;
  foreign = 0;
  /** How many calls had their first token rejected. */
  rejections = 0;
  /** The number of the latest token. */
  latest = 0;
  /** For each process, the latest token with which a call was accepted. */
  #used = new Map();
  /** The calls whose token was rejected already. */
  #refused = new Set();
  #waiting = new Set();
  /** By how much the next request for a token is delayed, whether or not its sender still waits. */
  #delayMs = 0;

  constructor(Simulator, url, tokenLifetimeSeconds) {
    this.url = url;
    this.app = { consumerKey: random(), consumerSecret: random() };
    this.simulator = new Simulator({
      apps: [{ name: "fleet", ...this.app }],
      tokenLifetimeSeconds,
      onRequest: (request) => this.#count(request),
    });
  }

  /** Delays the next request for a token. It arrives even if its sender has hung up by then. */
  delayRequest(ms) {
    this.#delayMs = ms;
  }

  async answer(request) {
    const ms = new URL(request.url).pathname.startsWith(TOKEN_PATH) ? this.#delayMs : 0;
    if (ms === 0) return this.simulator.fetch(request);
    this.#delayMs = 0;
    await pause(ms);
    const { url, method, headers } = request;
    return this.simulator.fetch(url, { method, headers });
  }

  #count({ path, headers, body, outcome, token }) {
    const name = headers["x-process"];
    const isForToken = path.startsWith(TOKEN_PATH);
    if (isForToken && token !== undefined) {
      this.latest = token;
      if (name === FOREIGN) this.foreign += 1;
      else this.generates += 1;
    }
    if (outcome === "accepted") this.#used.set(name, token);
    if (outcome === "dead-token") {
      const { call } = JSON.parse(body);
      if (!this.#refused.has(call)) this.rejections += 1;
      this.#refused.add(call);
    }
    for (const wait of this.#waiting) {
      if (!wait.isSo(isForToken ? name : undefined)) continue;
      this.#waiting.delete(wait);
      wait.resolve(name);
    }
  }

  /**
   * Waits for a request after which `isSo` gives true. Gives the name of the process that sent the request. `isSo` gets
   * that name if the request is for a token.
   */
  until(isSo) {
    return new Promise((resolve) => this.#waiting.add({ isSo, resolve }));
  }

  /** Waits for the next request for a token, and gives its sender's name before the request is answered. */
  asked() {
    return this.until((name) => name !== undefined);
  }

  /** Waits until each process has had a call accepted with that token or a later one. */
  async used(names, token) {
    const isSo = () => names().every((name) => this.#used.get(name) >= token);
    if (!isSo()) await this.until(isSo);
  }

  /** Gets a token like another program, which ends the fleet's token. */
  async generateElsewhere() {
    const { consumerKey, consumerSecret } = this.app;
    const headers = { Authorization: `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`, "X-Process": FOREIGN };
    const response = await this.simulator.fetch(`${this.url}/oauth/v1/generate?grant_type=client_credentials`, {
      headers,
    });
    if (!response.ok) throw new Error(`the other program got HTTP ${response.status}`);
  }
}

const random = () => crypto.randomUUID().replaceAll("-", "");
