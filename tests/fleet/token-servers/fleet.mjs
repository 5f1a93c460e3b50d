// Two token servers on one Redis, and clients in Python, PHP and Node that use both.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { clean } from "../../cli/cli.mjs";
import { freePort } from "../../stores/engines/program.mjs";
import { run, serve } from "../../support/child.mjs";
import { project } from "../../support/packed.mjs";
import { engines } from "../breakable-engines.mjs";
import { serveDaraja } from "../counting-daraja.mjs";
import { broken } from "../run-scenario.mjs";

const SERVERS = 2;
/** There are two clients in each language: one begins with the first server, the other with the second. */
const PER_LANGUAGE = 2;
const HOUR_S = 3_599;
/** Longer than a client needs to ask both servers, with a limit of 3 seconds for each. */
const FAILING_MS = 8_000;

const client = (name) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));
const LANGUAGES = {
  python: [process.env.PYTHON ?? "python3", client("client.py")],
  php: ["php", client("client.php")],
  node: [process.execPath, client("client.mjs")],
};

/** Runs scenarios on one Redis and one Daraja, which it starts when they are first needed. */
export class TokenServerRunner {
  #folder = project(`fleet-token-servers-${process.pid}`);
  #engine;
  #upstream;

  /** Runs a scenario. Gives its counts, its promise, and the broken parts of the promise, in words. */
  async run({ lifetimeSeconds = HOUR_S, isCutFirst = false, promise, ...scenario }) {
    const load = (path) => import(pathToFileURL(join(this.#folder, path)).href);
    this.#engine ??= await engines.redis();
    this.#upstream ??= await serveDaraja({ import: load });
    const daraja = this.#upstream.begin(lifetimeSeconds);
    const fleet = new TokenServerFleet({ folder: this.#folder, engine: this.#engine, daraja });
    try {
      await fleet.begin(isCutFirst);
      await scenario.run(fleet);
      const { failures, ...counts } = await fleet.stop();
      const { "HTTP 503": without = 0, "HTTP 0": unanswered = 0, ...others } = failures;
      const { generates, rejections } = daraja;
      Object.assign(counts, { failures: others, unavailable: without + unanswered, generates, rejections });
      return { counts, promise, broken: broken(promise, counts) };
    } finally {
      await fleet.end();
      await this.#engine.network.restore();
    }
  }

  async stop() {
    await this.#upstream?.stop();
    await this.#engine?.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 9 });
  }
}

class TokenServerFleet {
  engine;
  daraja;
  #folder;
  #ports = [];
  #servers = [];
  #clients = [];
  #names = [];
  #stopFile;

  constructor({ folder, engine, daraja }) {
    this.#folder = folder;
    this.engine = engine;
    this.daraja = daraja;
    this.#stopFile = join(folder, `stop-${daraja.app.consumerKey}`);
  }

  /** Starts servers and clients. Unless the store is cut first, waits until each client has had a call accepted. */
  async begin(isCutFirst) {
    for (let i = 0; i < SERVERS; i++) {
      this.#ports.push(await freePort());
      this.#servers.push(await this.#startServer(i));
    }
    if (isCutFirst) this.engine.network.cut();
    for (const [language, command] of Object.entries(LANGUAGES)) {
      for (let i = 0; i < PER_LANGUAGE; i++) this.#startClient(`${language}-${i}`, command, i % SERVERS);
    }
    if (!isCutFirst) await this.used(1);
  }

  /** Waits until each client has had a call accepted with the token of that number, or a later one. */
  used(token) {
    return this.daraja.used(() => this.#names, token);
  }

  /** Waits until Daraja has had that many more requests. */
  calls(count) {
    let left = count;
    return this.daraja.until(() => --left <= 0);
  }

  /** Waits until each client has had time to fail. */
  failed() {
    return pause(FAILING_MS);
  }

  /** Ends the first server by a signal. */
  kill(signal) {
    return this.#servers.shift().end(signal);
  }

  /** Starts the ended server again at its old address, and puts it at the end of the list. */
  async restart() {
    this.#ports.push(this.#ports.shift());
    this.#servers.push(await this.#startServer(SERVERS - 1));
  }

  freeze() {
    process.kill(this.#servers[0].pid, "SIGSTOP");
  }

  thaw() {
    process.kill(this.#servers[0].pid, "SIGCONT");
  }

  /** Ends the clients, and gives the counts of all. */
  async stop() {
    writeFileSync(this.#stopFile, "");
    const counts = { calls: 0, failures: {}, longestMs: 0 };
    for (const { code, stdout, stderr } of await Promise.all(this.#clients.splice(0))) {
      if (code !== 0 || stderr) throw new Error(`a client ended with ${code}: ${stderr}`);
      const { calls, failures, longestMs } = JSON.parse(stdout);
      counts.calls += calls;
      counts.longestMs = Math.max(counts.longestMs, longestMs);
      for (const [name, times] of Object.entries(failures))
        counts.failures[name] = (counts.failures[name] ?? 0) + times;
    }
    return counts;
  }

  /** Ends the clients and the servers, even a frozen server. */
  async end() {
    writeFileSync(this.#stopFile, "");
    await Promise.allSettled(this.#clients);
    await Promise.all(this.#servers.splice(0).map((server) => server.end("SIGKILL")));
  }

  async #startServer(i) {
    const port = this.#ports[i];
    const command = join(this.#folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");
    const env = {
      ...clean,
      ...this.#pair,
      DARAJA_BASE_URL: this.daraja.url,
      DARAJA_STORE: `redis://127.0.0.1:${this.engine.way.port}`,
    };
    const args = [command, "serve", "--port", String(port)];
    return serve(process.execPath, args, { ready: /^http:/, cwd: this.#folder, env });
  }

  #startClient(name, [program, ...args], first) {
    const addresses = this.#ports.map((port) => `http://127.0.0.1:${port}`);
    const env = {
      ...clean,
      ...this.#pair,
      ADDRESSES: [...addresses.slice(first), ...addresses.slice(0, first)].join(" "),
      NAME: name,
      STOP: this.#stopFile,
    };
    this.#names.push(name);
    this.#clients.push(run(program, args, { cwd: this.#folder, env }));
  }

  get #pair() {
    const { consumerKey, consumerSecret } = this.daraja.app;
    return { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
  }
}
