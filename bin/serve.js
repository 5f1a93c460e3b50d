// daraja-auth serve: one live token for programs in any language.
import { wholeNumber } from "./arguments.js";
import { baseUrlOf, complete, find, named, optionsOf, help as sources, options as wheres } from "./credentials.js";
import { Misuse } from "./failure.js";
import { isLoopback, listenFailure, reachable } from "./listen.js";
import { App } from "./serve/app.js";
import { drain } from "./serve/drain.js";
import { Guard } from "./serve/guard.js";
import { Health } from "./serve/health.js";
import { FORMS, Log } from "./serve/log.js";
import { Metrics } from "./serve/metrics.js";
import { makeAdminServer, makeServer } from "./serve/server.js";
import { openStore, help as stores } from "./store.js";
import { paint, say } from "./terminal.js";

/** The simulator's is the next; 254 is Kenya's. */
const DEFAULT_PORT = 8253;
const DEFAULT_DRAIN_MS = 10_000;
/** Names by which this machine, and Daraja itself, is asked for. */
const HOSTS = ["localhost", "[::1]", "sandbox.safaricom.co.ke", "api.safaricom.co.ke"];

export const options = {
  port: { type: "string", short: "p" },
  host: { type: "string" },
  "admin-port": { type: "string" },
  "admin-host": { type: "string" },
  "trusted-proxy": { type: "string", multiple: true },
  log: { type: "string" },
  "drain-ms": { type: "string" },
  ...wheres,
};

export const help = `Usage: daraja-auth serve [options]

Serves one live token to programs in any language, until Ctrl-C or SIGTERM. It answers as Daraja does: a program that
uses this address instead of Daraja's needs no other change.

  GET /oauth/v1/generate   the live token, for the app's own consumer key and secret; no token is killed
  GET /token               the same as {"accessToken","expiresAt"} and as a header Authorization, for nginx and others
  POST /rejected           {"accessToken","endpoint"?}: Daraja rejected it; answers as /token does
  POST /accepted           {"accessToken","endpoint"}: Daraja accepted it
  GET /livez, /readyz, /metrics   for operators: lives, can serve, Prometheus' text
  any other path           sent on to Daraja with the live token, and once more where Daraja rejects the token

It prints its address on the first line of stdout, and that of --admin-port on the second. The log, on stderr, has a line for each request, without secrets.

  -p, --port N         the port; 0 takes a free one (default: ${DEFAULT_PORT})
  --host HOST          the address to listen on, one of this machine's own (default: 127.0.0.1)
  --admin-port N       answers /livez, /readyz and /metrics on a port of their own
  --admin-host HOST    the address of that port (default: that of --host)
  --trusted-proxy IP   a proxy that may ask for tokens; others that forward, and pages, get none; may be given again
  --log FORM           text, json or none (default: text)
  --drain-ms MS        how long calls may take to end after SIGTERM (default: ${DEFAULT_DRAIN_MS})
  -h, --help           prints this

It keeps no answers, queues no payments, and does not belong on the open internet.

${sources}

${stores}
Without a store the token is in memory: a second server, or any other program with this consumer key, kills it.

Exit codes: 0 stopped by a signal; 1 failed, such as a port in use; 2 misused.
`;

export async function run(values) {
  const port = wholeNumber(values, "port", 0, 65_535) ?? DEFAULT_PORT;
  const adminPort = wholeNumber(values, "admin-port", 0, 65_535);
  const drainMs = wholeNumber(values, "drain-ms", 0, 3_600_000) ?? DEFAULT_DRAIN_MS;
  const { host = "127.0.0.1", log: form = "text" } = values;
  if (!Object.hasOwn(FORMS, form)) {
    throw new Misuse("--log: expected text, json or none, found something else", "The default is text.");
  }
  if (!isLoopback(host)) {
    const hint = "Other machines could have the token for this app's own pair. Leave --host out.";
    throw new Misuse("--host: expected an address of this machine's own, such as 127.0.0.1", hint);
  }
  const found = find(values);
  const store = await openStore(found);
  const log = new Log(process.stderr, form);
  try {
    const app = await openApp(found, store, (event) => metrics.event("app", event));
    const apps = () => [app];
    const metrics = new Metrics(apps);
    const health = new Health(apps, store);
    const service = {
      log,
      metrics,
      health,
      guard: new Guard(values["trusted-proxy"]),
      hasAdminPort: adminPort !== undefined,
      isHost: (name) => HOSTS.includes(name) || isLoopback(name),
      admit: async (pair) => (app.hasPair(pair) ? { name: app.name, app } : undefined),
      holderOf: async (bearer) => ((await app.knows(bearer)) ? { name: app.name, app } : undefined),
    };
    const stopped = stop();
    const server = makeServer(service);
    const servers = [server];
    const url = await listenOn(server, host, port);
    process.stdout.write(`${reachable(url)}\n`);
    if (adminPort !== undefined) {
      const admin = makeAdminServer(service);
      servers.push(admin);
      const adminUrl = await listenOn(admin, values["admin-host"] ?? host, adminPort);
      process.stdout.write(`${reachable(adminUrl)}\n`);
    }
    say(paint(process.stderr).dim(greeting(baseUrlOf(found), store)));
    await stopped;
    health.drain();
    await Promise.all(servers.map((each) => drain(each, drainMs)));
    app.close();
  } finally {
    await store?.close();
    log.flush();
  }
  return 0;
}

async function openApp(found, store, onEvent) {
  await complete(found);
  const { TokenManager } = await import("../pkg/node.js");
  try {
    const { fetch: _, ...options } = optionsOf(found);
    // Judged before it is used: the base URL may be none.
    new TokenManager(options).close();
    return new App({ name: "app", options, baseUrl: baseUrlOf(found), store, TokenManager }, { onEvent });
  } catch (error) {
    throw named(error, found);
  }
}

/** Listens, and gives the address. */
async function listenOn(server, host, port) {
  await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address();
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

/** Resolves at the first signal. */
function stop() {
  return new Promise((resolve) => {
    // Not once: a terminal and npx, which passes it on, each send the signal.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, resolve);
  });
}

function greeting(baseUrl, store) {
  const shared = store
    ? `The token is shared through ${store.name} with all programs that use it.`
    : "No store is named (DARAJA_STORE): a second server or program with this consumer key would kill this one's token.";
  return `It answers for ${baseUrl.origin}. ${shared}`;
}
