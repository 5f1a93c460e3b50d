// daraja-auth serve: one live token for programs in any language.
import { randomBytes } from "node:crypto";
import { help as credentialsHelp, options as credentialsOptions, find, printLookalikes } from "./credentials.js";
import { UsageError } from "./failure.js";
import { isLoopback } from "./listen.js";
import { readApps } from "./serve/apps.js";
import { clientsOf, readClients } from "./serve/clients.js";
import { drain } from "./serve/drain.js";
import { listenOnAddress, listenOnFd, listenOnSocket, OPEN_HINT } from "./serve/listeners.js";
import { Log } from "./serve/log.js";
import { hashOf } from "./serve/secret.js";
import { makeAdminServer, makeServer } from "./serve/server.js";
import { closeStores, makeService, openStores, ownApp } from "./serve/service.js";
import { DEFAULT_DRAIN_MS, DEFAULT_PORT, settingsOf } from "./serve/settings.js";
import { checkFolder, TokenFile } from "./serve/token-file.js";
import { help as storeHelp } from "./store.js";
import { paint, print } from "./terminal.js";

/** Hosts that a request may name: those of this machine, and Daraja's. */
const HOSTS = ["localhost", "[::1]", "sandbox.safaricom.co.ke", "api.safaricom.co.ke"];

export const options = {
  port: { type: "string", short: "p" },
  host: { type: "string" },
  socket: { type: "string" },
  "socket-mode": { type: "string" },
  cert: { type: "string" },
  key: { type: "string" },
  "insecure-network": { type: "boolean" },
  clients: { type: "string" },
  "new-client": { type: "string" },
  apps: { type: "string" },
  "trusted-proxy": { type: "string", multiple: true },
  "token-file": { type: "string" },
  "admin-port": { type: "string" },
  "admin-host": { type: "string" },
  log: { type: "string" },
  "drain-ms": { type: "string" },
  ...credentialsOptions,
};

export const help = `Usage: daraja-auth serve [options]

Serves one live token to programs in any language, until Ctrl-C or SIGTERM. It answers as Daraja does: a program that
uses this address instead of Daraja's needs no other change.

  GET /oauth/v1/generate   the live token, for a client's key and secret
  GET /token               the same as {"accessToken","expiresAt"} and as a header Authorization, for nginx and others
  POST /rejected           {"accessToken","endpoint"?}: Daraja rejected this token; the answer is that of /token
  POST /accepted           {"accessToken","endpoint"}: Daraja accepted this token
  GET /livez, /readyz, /metrics   for operators: is it alive, can it serve, metrics for Prometheus
  any other path           forwarded to Daraja with the live token; sent once more if Daraja rejects the token

The first line of stdout is its address, the last that of --admin-port. The log is on stderr: one line for each
request but those of operators, without secrets.

Where it listens:
  -p, --port N         the port; 0 takes a free one (default: ${DEFAULT_PORT})
  --host HOST          the address (default: 127.0.0.1); one that other machines reach needs clients, and TLS
  --socket PATH        a Unix socket instead
  --socket-mode MODE   who may open it (default: 600, the owner)
  --cert FILE          TLS with this certificate, in PEM; it is read again when it changes
  --key FILE           its key
  --insecure-network   allows an address that other machines reach without TLS, because something else encrypts
  --admin-port N       answers /livez, /readyz and /metrics on a port of their own
  --admin-host HOST    the address of that port (default: that of --host)
Without an address it uses the sockets that systemd passes (socket activation), if there are any.

Who may ask:
  --clients FILE       clients, each with its own name and secret, which are not valid at Safaricom, in JSON:
                       [{"name", "secret", "app"?, "paths"?, "direct"?}]; it is read again at SIGHUP.
                       Without it, clients use the app's own consumer key and secret
  --new-client NAME    makes a client's secret, prints its line for the file, and ends
  --apps FILE          several apps, in JSON:
                       [{"name", "consumerKey", "consumerSecret", "environment"|"baseUrl", "store"?, "clients"?}]
  --trusted-proxy IP   a proxy that may ask for tokens; other proxies and web pages get none; may be repeated

More:
  --token-file PATH    also keeps the live token in a file of mode 600, which is replaced in one step
  --log FORM           text, json or none (default: text)
  --drain-ms MS        how long calls may take to end after SIGTERM (default: ${DEFAULT_DRAIN_MS})
  -h, --help           prints this

It caches no answers and queues no payments. Do not put it on the open internet.

${credentialsHelp}

${storeHelp}
Without a store the token is in memory: a second server, or any other program with this consumer key, ends it.

Examples:

  npx daraja-auth serve
  npx daraja-auth serve --new-client laravel
  npx daraja-auth serve --clients clients.json --token-file /run/daraja/token

Exit codes: 0 stopped by a signal; 1 failed, such as a port in use; 2 misused.
`;

export async function run(values) {
  if (values["new-client"] !== undefined) return printClient(values["new-client"]);
  const settings = settingsOf(values);
  const found = find(values);
  printLookalikes(found);
  const entries = settings.appsFile === undefined ? [await ownApp(found)] : readApps(settings.appsFile);
  if (settings.tokenFile !== undefined) checkFolder(settings.tokenFile);
  const opened = await openStores(entries, found);
  const log = new Log(process.stderr, settings.log);
  try {
    await serve(settings, { entries, opened, log });
    return 0;
  } finally {
    await closeStores(opened);
    log.flush();
  }
}

async function serve(settings, { entries, opened, log }) {
  /** @type {TokenFile | undefined} */
  let file;
  // The manager sends the event before it knows the new token.
  const onEvent = () => file && setImmediate(() => file?.look());
  const readAll = () => clientsFor(entries, settings.clientsFile);
  const clients = readAll();
  if (settings.isOpen && clients.size === 0) {
    throw new UsageError("--apps names no clients, and other machines reach this address", OPEN_HINT);
  }
  const { apps, service } = await makeService(entries, { opened, log, onEvent, proxies: settings.proxies });
  const { admission, health } = service;
  if (clients.size > 0) admission.setClients(clients);
  service.hasAdminPort = settings.admin.port !== undefined || settings.sockets.some(isForOperators);
  // If other machines can reach it, only clients get an answer, and they may use any name for this server.
  const isAnyHost = settings.isOpen || settings.socket !== undefined;
  service.isHost = (name) => isAnyHost || HOSTS.includes(name) || isLoopback(name);
  const stopped = stop();
  const servers = await listen(service, settings);
  print(paint(process.stderr).dim(greeting(entries, opened)));
  if (clients.size > 0) onHangup(() => admission.setClients(readAll()));
  if (settings.tokenFile !== undefined) {
    file = new TokenFile(settings.tokenFile, apps.get(entries[0].name), { say: print });
    await file.start();
  }
  await stopped;
  health.drain();
  file?.close();
  await Promise.all(servers.map((server) => drain(server, settings.drainMs)));
  apps.close();
}

/** The clients of the file, and those in the entries of apps. */
function clientsFor(entries, file) {
  const names = entries.map(({ name }) => name);
  const clients = file === undefined ? new Map() : readClients(file, names);
  for (const { name, clients: own } of entries) {
    if (own === undefined) continue;
    for (const [client, each] of clientsOf(own, [name], `--apps: ${name}`)) {
      if (clients.has(client)) {
        throw new UsageError(`--apps: ${name}: another client has the name ${client}`, "Names are unique.");
      }
      clients.set(client, each);
    }
  }
  return clients;
}

/** Reads the clients again at SIGHUP. A file that cannot be used changes nothing. */
function onHangup(read) {
  process.on("SIGHUP", () => {
    try {
      read();
      print("The clients were read again.");
    } catch (error) {
      print(`${error.message}. The old clients are still used.`);
    }
  });
}

/** Whether a socket of systemd's is for operators only. */
const isForOperators = ({ name }) => name.includes("admin");

/** Starts the servers, and prints their addresses. */
async function listen(service, { host, port, socket, socketMode, sockets, isOpen, certificate, admin }) {
  const servers = [];
  const start = async (make, where) => {
    const server = make(service);
    servers.push(server);
    process.stdout.write(`${await where(server)}\n`);
  };
  const main = (service) => {
    const server = makeServer(service, certificate?.read());
    certificate?.follow(server);
    return server;
  };
  const scheme = certificate ? "https" : "http";
  if (sockets.length > 0) {
    for (const { fd, name } of sockets) {
      const isAdmin = isForOperators({ name });
      await start(isAdmin ? makeAdminServer : main, (server) => listenOnFd(server, fd, isOpen || isAdmin));
    }
  } else if (socket !== undefined) {
    await start(main, (server) => listenOnSocket(server, socket, socketMode));
  } else {
    await start(main, (server) => listenOnAddress(server, { host, port, scheme }));
  }
  if (admin.port !== undefined) await start(makeAdminServer, (server) => listenOnAddress(server, admin));
  return servers;
}

/** Prints a client's line for the file, and its pair, which is shown only once. */
async function printClient(name) {
  const secret = randomBytes(32).toString("base64url");
  const entry = { name, secret: await hashOf(secret) };
  clientsOf([entry], ["app"], "--new-client");
  print(`The client's consumer key is ${name}, its consumer secret ${secret}. The secret is shown this once.`);
  print("This line is for the file of --clients:");
  process.stdout.write(`${JSON.stringify(entry)}\n`);
  return 0;
}

/** Resolves at the first signal. */
function stop() {
  return new Promise((resolve) => {
    // Not `once`: a terminal sends the signal, and npx passes it on a second time.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, resolve);
  });
}

function greeting(entries, opened) {
  const stores = [...opened.values()].filter(Boolean).map(({ name }) => name);
  const isAlone = entries.some(({ store }) => opened.get(store) === undefined);
  const shared =
    stores.length > 0 ? [`The token is shared through ${stores.join(", ")} with all programs that use it.`] : [];
  const alone = isAlone
    ? [
        "No store is named (DARAJA_STORE): a second server or program with this consumer key would end this one's token.",
      ]
    : [];
  const what = entries.length > 1 ? `It serves ${entries.length} apps.` : `It answers for ${entries[0].baseUrl}.`;
  return [what, ...shared, ...alone].join(" ");
}
