// daraja-auth run: runs a program, and sends its requests to Daraja with the live token in place of the program's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import {
  BASE_URLS,
  baseUrlOf,
  help as credentialsHelp,
  options as credentialsOptions,
  find,
  printLookalikes,
} from "./credentials.js";
import { Failure, UsageError } from "./failure.js";
import { Authority } from "./run/authority.js";
import { startProxy } from "./run/proxy.js";
import { surroundingsOf } from "./run/surroundings.js";
import { FORMS, Log } from "./serve/log.js";
import { makeServer } from "./serve/server.js";
import { closeStores, makeService, openStores, ownApp } from "./serve/service.js";
import { help as storeHelp } from "./store.js";
import { print } from "./terminal.js";

/** The exit codes of a shell for a program that it cannot find, and for one that it cannot start. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
const SIGNALS = /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"]);

export const options = {
  "allow-other": { type: "boolean" },
  log: { type: "string" },
  ...credentialsOptions,
};

export const help = `Usage: daraja-auth run [options] -- COMMAND [ARGUMENT...]

Runs a program that asks Daraja for its own tokens, so that it uses the live token. The program is not changed.

  --allow-other        lets the program reach other hosts through the proxy, which does not decrypt them; without this
                       the proxy refuses them
  --log FORM           text, json or none: a line on stderr for each request to Daraja (default: none)
  -h, --help           prints this

${credentialsHelp}

This command starts a proxy, which answers the program's requests to Daraja as daraja-auth serve does. Variables tell
the program of the proxy (HTTPS_PROXY) and of the proxy's certificate (SSL_CERT_FILE, CURL_CA_BUNDLE,
REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, PHP_INI_SCAN_DIR and others). Each start makes a new certificate. It is valid
only for safaricom.co.ke and its subdomains, and its key is never written to a file.
A program that ignores these variables, as Java and PHP's file_get_contents do, still asks Daraja for its own tokens.

${storeHelp}
Without a store the token is in memory: a second command, or any other program with this consumer key, ends it.

Examples:

  npx daraja-auth run -- php artisan queue:work
  npx daraja-auth run --dotenv shop.env --log text -- python manage.py runserver

Exit codes: 0 and others are the program's; 1 also failed; 2 also misused; 126 not started; 127 not found.
`;

export async function run(values, [command, ...args]) {
  const { log: form = "none" } = values;
  if (command === undefined)
    throw new UsageError("run needs a program after --", "daraja-auth run -- php artisan queue:work");
  if (!Object.hasOwn(FORMS, form)) {
    throw new UsageError("--log: expected text, json or none, found something else", "The default is none.");
  }
  const found = find(values);
  printLookalikes(found);
  const entries = [await ownApp(found)];
  const opened = await openStores(entries, found);
  const log = new Log(process.stderr, form);
  const { apps, service } = await makeService(entries, { opened, log });
  const hosts = hostsOf(/** @type {URL} */ (baseUrlOf(found)));
  service.isHost = (name) => hosts.includes(name);
  const authority = new Authority();
  const server = makeServer(service, authority.issue(hosts));
  const named = new Set();
  const refused = (host) => {
    if (named.size < 100 && !named.has(host))
      print(`daraja-auth run: ${host} was refused; --allow-other lets the program reach it.`);
    named.add(host);
  };
  const proxy = await startProxy({ hosts, server, allowOther: values["allow-other"] ?? false, refused });
  const { certificate } = authority;
  const surroundings = surroundingsOf({ url: proxy.url, certificate, env: process.env });
  try {
    return await runToEnd(command, args, { ...process.env, ...surroundings.variables });
  } finally {
    surroundings.remove();
    await proxy.close();
    server.closeAllConnections();
    apps.close();
    await closeStores(opened);
    log.flush();
  }
}

/**
 * The hosts that the proxy answers for: the host of the environment. For a simulator these are both of Daraja's hosts,
 * because programs know no other host.
 */
function hostsOf({ origin }) {
  const urls = Object.values(BASE_URLS);
  return urls.filter((url) => url === origin || !urls.includes(origin)).map((url) => new URL(url).hostname);
}

/** Runs the program, passes signals on to it, and returns its exit code. */
async function runToEnd(command, args, env) {
  const child = spawn(command, args, { env, stdio: "inherit" });
  // A terminal sends INT, HUP and QUIT to the program too, so they are not passed on a second time.
  const pass = (signal) => {
    if (!process.stdin.isTTY || /TERM|USR/.test(signal)) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    const [code, signal] = await once(child, "close");
    return signal === null ? code : 128 + constants.signals[signal];
  } catch (error) {
    const [exitCode, why] = error.code === "ENOENT" ? [NOT_FOUND, "there is no such program"] : [NOT_RUN, error.code];
    const failure = new Failure(error.code, `${command} cannot be run: ${why}`, "Is it on the PATH?");
    failure.exitCode = exitCode;
    throw failure;
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
