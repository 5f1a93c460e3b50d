// daraja-auth simulate: a simulated Daraja on this machine, with a log of its requests.
import { randomInt } from "node:crypto";
import { wholeNumber } from "./arguments.js";
import { UsageError } from "./failure.js";
import { parseJson, readText } from "./json-file.js";
import { isLoopback, listen, listenFailure, reachable } from "./listen.js";
import { endpointsOf } from "./simulate/endpoints.js";
import { injectAll, KINDS } from "./simulate/fault.js";
import { greeting, variablesOf } from "./simulate/greeting.js";
import { listenForKeys } from "./simulate/keys.js";
import { Ledger } from "./simulate/ledger.js";
import { Log } from "./simulate/log.js";
import { observe } from "./simulate/observe.js";
import { pageFor } from "./simulate/page.js";
import { Record } from "./simulate/record.js";
import { Secrets } from "./simulate/secrets.js";
import { refuseRealKeys, writeVariables } from "./simulate/write-env.js";
import { paint, print } from "./terminal.js";

/** A fixed port, so that settings stay valid. +254 is Kenya's calling code. */
const DEFAULT_PORT = 8254;

/**
 * @typedef {{ port?: string, host?: string, apps?: string, fault?: string[], "token-lifetime"?: string,
 *   "no-supersede"?: boolean, grace?: string, cors?: boolean, seed?: string, record?: string, "write-env"?: string }}
 *   Values
 */

export const options = {
  port: { type: "string", short: "p" },
  host: { type: "string" },
  apps: { type: "string" },
  fault: { type: "string", multiple: true },
  "token-lifetime": { type: "string" },
  "no-supersede": { type: "boolean" },
  grace: { type: "string" },
  cors: { type: "boolean" },
  seed: { type: "string" },
  record: { type: "string" },
  // Not --env-file: Node 20 to 26 take an option of that name as their own, even after the script's name.
  "write-env": { type: "string" },
};

export const help = `Usage: daraja-auth simulate [options]

Serves a simulated Daraja until Ctrl-C or SIGTERM. It logs one line for each request, without secrets.

  -p, --port N              the port; 0 takes a free one (default: ${DEFAULT_PORT})
  --host HOST               the address to listen on (default: 127.0.0.1)
  --apps FILE               your apps instead of the samples, in JSON:
                            [{"name", "consumerKey", "consumerSecret", "environment"?, "products"?}]
  --fault FAULT             a fault to inject; may be repeated
  --token-lifetime SECONDS  how long a token is valid (default: 3599)
  --no-supersede            a new token does not end the last
  --grace MS                how long a replaced token is still valid (default: 0)
  --cors                    lets pages of other origins read the answers, unlike the real Daraja
  --seed N                  the same seed and the same requests give the same tokens (default: a random one)
  --write-env FILE          writes the variables that lead to it into a file, which must have no real keys
  --record FILE             appends a line of JSON for each request and answer; credentials and tokens are masked
  -h, --help                prints this

It grants tokens as Daraja does: each new token ends the last.
In a browser its address shows the demo page, with the log, the tokens of all programs, and faults. With --apps it does
not.
On a terminal, h and Enter list the keys.

FAULT is KIND or KIND:name=value,name=value. Without times or rate it affects one request:

  kinds   ${KINDS.join(" ")}
  times   how many requests it affects
  rate    the share of the requests that it affects, from 0 to 1
  path    only requests whose path begins like this, such as /oauth/ or /mpesa/
  ms      how long latency delays an answer
  retryAfterSeconds  the Retry-After of rate-limited and maintenance

Examples:

  npx daraja-auth simulate --write-env .env
  npx daraja-auth simulate --token-lifetime 60
  npx daraja-auth simulate --fault hang:path=/mpesa/ --fault busy:rate=0.2
  npx daraja-auth simulate --record requests.jsonl

Exit codes: 0 stopped by a signal; 1 failed, such as a port in use; 2 misused.
`;

/** @param {Values} values */
export async function run(values) {
  const { Simulator } = await import("../pkg/simulator.node.js");
  const port = wholeNumber(values, "port", 0, 65_535) ?? DEFAULT_PORT;
  const { host = "127.0.0.1" } = values;
  const settings = {
    tokenLifetimeSeconds: wholeNumber(values, "token-lifetime", 1, 86_400) ?? 3599,
    supersede: !values["no-supersede"],
    graceMs: wholeNumber(values, "grace", 0, 86_400_000) ?? 0,
    cors: values.cors ?? false,
    seed: wholeNumber(values, "seed", 0, 4_294_967_295) ?? randomInt(4_294_967_296),
  };
  /** @type {Parameters<typeof observe>[0]} */
  const make = (onRequest) => withApps(values.apps, (apps) => new Simulator({ ...settings, apps, onRequest }));
  const { simulator, fetch } = observe(make, {
    answered(seen) {
      ledger.enter(seen.entry);
      log.write(seen);
      page?.note(seen.entry);
    },
    ended(seen) {
      ledger.learn(seen.entry, seen.body);
      try {
        // Without --cors, no page of another site may fill the disk.
        if (!seen.isForeign || settings.cors) record?.write(seen);
      } catch (error) {
        stopped.fail(error);
      }
    },
  });
  injectAll(simulator, values.fault ?? []);

  const { apps } = simulator;
  // The page shows the secrets of apps. Those of --apps may be real, so they get no page.
  const page =
    values.apps === undefined
      ? endpointsOf(simulator, fetch, { lifetimeSeconds: settings.tokenLifetimeSeconds })
      : undefined;
  const answerPage = page && pageFor(page.endpoints);
  const envFile = values["write-env"];
  if (envFile !== undefined && values.apps !== undefined) {
    const hint = "The apps' keys may be real, and are not written anywhere. Set the variables yourself.";
    throw new UsageError("--write-env and --apps exclude each other", hint);
  }
  if (envFile !== undefined) refuseRealKeys(envFile, apps);
  const ledger = new Ledger();
  const secrets = new Secrets(apps, ledger);
  const log = new Log(process.stdout, apps, ledger, secrets);
  const record = values.record === undefined ? undefined : new Record(values.record, ledger, secrets);
  const stopped = stop();
  /** @type {import("./listen.js").Refused} */
  const refused = ({ method, url, headers }, outcome, status) => {
    const entry = { at: Date.now(), method, path: (url ?? "").split("?")[0], status, outcome };
    log.write({ entry, authorization: headers.authorization ?? "", isForeign: false });
  };

  /** @type {(request: any) => Promise<any>} */
  const answer = async (request) => (await answerPage?.(request)) ?? fetch(request);
  const server = await listen(answer, { host, port, refused }).catch((error) => {
    throw listenFailure(error, host, port);
  });
  if (!isLoopback(host)) {
    print(
      paint(process.stderr).yellow(
        `Anyone who can reach ${host} on this network can use the simulator and read its answers.`,
      ),
    );
  }
  const lifetimeMs = settings.tokenLifetimeSeconds * 1000;
  const stopKeys = listenForKeys(simulator, { lifetimeMs, quit: stopped.stop });
  try {
    const url = reachable(server.url);
    if (envFile !== undefined) writeVariables(envFile, variablesOf(url, apps[0]));
    const facts = { seed: settings.seed, apps, file: values.apps, faults: values.fault ?? [], envFile };
    process.stdout.write(greeting(url, facts));
    await stopped.promise;
  } finally {
    stopKeys();
    await server.close();
    record?.close();
    process.stdout.write(`Stopped after ${log.summary()}\n`);
  }
  return 0;
}

/**
 * Calls `make` with the apps of a file, or with undefined for the samples. An error names the file.
 *
 * @template Made
 * @param {string | undefined} file
 * @param {(apps: import("../pkg/simulator.js").SimulatorOptions["apps"]) => Made} make
 */
function withApps(file, make) {
  if (file === undefined) return make(undefined);
  const hint = `It holds [{"name": …, "consumerKey": …, "consumerSecret": …}]; "environment" and "products" may follow.`;
  const apps = parseJson(readText("--apps", file), `--apps: ${file}`, hint);
  if (Array.isArray(apps) && apps.length === 0)
    throw new UsageError(`--apps: ${file}: expected an app, found none`, hint);
  try {
    return make(apps);
  } catch (error) {
    if (!(error instanceof Error && "code" in error) || error.code !== "ERR_DARAJA_INVALID_OPTION") throw error;
    throw new UsageError(`--apps: ${file}: ${error.message}`, hint);
  }
}

/** A promise that resolves at a signal, or when stdout is closed. `stop` resolves it, and `fail` rejects it. */
function stop() {
  /** @type {(error: unknown) => void} */
  let fail = () => {};
  /** @type {(value?: unknown) => void} */
  let end = () => {};
  const promise = new Promise((resolve, reject) => {
    fail = reject;
    end = resolve;
    // Not `once`: a terminal sends the signal, and npx passes it on a second time.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, resolve);
    process.stdout.once("error", resolve);
  });
  return { promise, fail, stop: () => end() };
}
