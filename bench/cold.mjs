// Measures the time of a fresh process, from the first line of its own code until it has a token.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { consumerKey, consumerSecret } from "../tests/support/daraja-server.mjs";
import { alternate, median } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const OURS = `await generateToken(options)`;
const MANAGER = `await new TokenManager(options).getToken()`;

/** Programs that end with `accessToken`. They get `options`, and `url` and `headers` for a request by hand. */
const PROGRAMS = {
  bare: ["mjs", `const { access_token: accessToken } = await (await fetch(url, { headers })).json();`],
  limited: [
    "mjs",
    `const signal = AbortSignal.timeout(10_000);
     const { access_token: accessToken } = await (await fetch(url, { headers, signal })).json();`,
  ],
  import: ["mjs", `const { generateToken } = await import("daraja-auth"); const { accessToken } = ${OURS};`],
  require: ["cjs", `const { generateToken } = require("daraja-auth"); const { accessToken } = ${OURS};`],
  manager: ["mjs", `const { TokenManager } = await import("daraja-auth"); const { accessToken } = ${MANAGER};`],
  "node import": [
    "mjs",
    `const { generateToken } = await import("daraja-auth"); ({ fetch: options.fetch } = await import("daraja-auth/node"));
     const { accessToken } = ${OURS};`,
  ],
  "node require": [
    "cjs",
    `const { generateToken } = require("daraja-auth"); options.fetch = require("daraja-auth/node").fetch;
     const { accessToken } = ${OURS};`,
  ],
  "node manager": [
    "mjs",
    `const { TokenManager } = await import("daraja-auth"); ({ fetch: options.fetch } = await import("daraja-auth/node"));
     const { accessToken } = ${MANAGER};`,
  ],
  // mpesa-node always asks Daraja's own address, so connections to the sandbox are led to the server.
  "mpesa-node": [
    "cjs",
    `const { globalAgent } = require("node:https"), { hostname: host, port, protocol } = new URL(url);
     globalAgent.createConnection = () =>
       protocol === "http:" ? require("node:net").connect(port, host) : require("node:tls").connect({ port, host });
     const peer = new (require("mpesa-node"))({ consumerKey: options.consumerKey, consumerSecret: options.consumerSecret, environment: "sandbox" });
     const { data: { access_token: accessToken } } = await peer.oAuth();`,
  ],
  axios: [
    "cjs",
    `const { data: { access_token: accessToken } } = await require("axios").get(url, { headers, timeout: 10_000 });`,
  ],
};

/** The aims on Node 24: the time of each program, divided by that of a request by hand with the same time limit. */
const AIMS = {
  HTTP: { import: 1.08, require: 1.08, manager: 1.1, "node import": 0.5, "node require": 0.5, "node manager": 0.65 },
  TLS: { import: 1.08, require: 1.08, manager: 1.1, "node import": 0.6, "node require": 0.6, "node manager": 0.75 },
};
const NAMES = {
  bare: "fetch by hand",
  limited: "fetch by hand, with AbortSignal.timeout",
  import: "generateToken, by import",
  require: "generateToken, by require",
  manager: "TokenManager's first getToken",
  "node import": "generateToken with daraja-auth/node, by import",
  "node require": "generateToken with daraja-auth/node, by require",
  "node manager": "TokenManager with daraja-auth/node",
  "mpesa-node": "mpesa-node",
  axios: "axios",
};

const program = (code, baseUrl) => `(async () => {
  const start = performance.now();
  const options = ${JSON.stringify({ baseUrl, consumerKey, consumerSecret })};
  const url = options.baseUrl + "/oauth/v1/generate?grant_type=client_credentials";
  const headers = { Authorization: "Basic " + Buffer.from(options.consumerKey + ":" + options.consumerSecret).toString("base64") };
  ${code}
  const end = performance.now();
  if (typeof accessToken !== "string") throw new Error("no token");
  process.stdout.write(String(end - start), () => process.exit());
})();
`;

export async function benchCold({ folder, server, rounds }) {
  const { baseUrl, secureUrl, ca } = server;
  const isAimedAt = process.versions.node.startsWith("24.");
  for (const [scheme, address] of [
    ["HTTP", baseUrl],
    ["TLS", secureUrl],
  ]) {
    const functions = {};
    for (const [name, [extension, code]] of Object.entries(PROGRAMS)) {
      const file = join(folder, `${scheme}-${name.replaceAll(" ", "-")}.${extension}`);
      writeFileSync(file, program(code, address));
      const options = { cwd: folder, timeout: 60_000, env: { ...process.env, NODE_EXTRA_CA_CERTS: ca } };
      functions[name] = async () => Number((await promisify(execFile)(process.execPath, [file], options)).stdout);
    }
    // The first run reads the files from the disk.
    await alternate(1, functions);
    const times = await alternate(rounds, functions);
    printTable(
      `The first token of a fresh process over ${scheme}, on Node ${process.versions.node} (${rounds} processes each)`,
      Object.entries(NAMES).map(([key, name]) => {
        const base = key === "limited" ? undefined : times.limited;
        return { name, times: times[key], base, aim: isAimedAt ? AIMS[scheme][key] : undefined };
      }),
    );
    const [import_, manager, peer] = ["import", "manager", "mpesa-node"].map((name) => median(times[name]));
    const than = (time) => `${time < peer ? "faster" : "slower"} than mpesa-node`;
    console.log(`\n  generateToken is ${than(import_)}, TokenManager is ${than(manager)}`);
  }
}
