// The clients: how each reaches the token server, its command, and the programs that the command needs.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "../../stores/engines/program.mjs";
import { tool } from "../../support/npm-tools.mjs";
import { root, work } from "../../support/packed.mjs";
import { programs } from "../programs.mjs";

/** How many calls each process makes. DARAJA_CALLS=10 is for a quick test. */
const CALLS = Number(process.env.DARAJA_CALLS ?? 1000);
/** The calls of clients that open a connection or get a token for each call. They take ten times as long. */
const SLOW_CALLS = Math.min(CALLS, 100);

const file = (name) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));
const python = programs.python.program ?? "the Python packages";
const node24 = join(root, "node_modules", "node-24", "bin", "node");
const GUZZLE = "/usr/share/php/GuzzleHttp/autoload.php";

const versioned = (name) => `${name} ${tool(name).version}`;
const ofPython = (name) => ({ command: () => [python, file(name)], needed: [python] });
const ofNode24 = (name, ...args) => ({ command: () => [node24, file(name), ...args], needed: [node24] });
/** Any Node can run clients that need no proxy or read the proxy's variables themselves. */
const ofNode = (name, ...args) => ({ command: () => [process.execPath, file(name), ...args], needed: [] });

/** Go's program, compiled. */
function compiled() {
  const path = join(work, `client-of-go-${process.pid}`);
  if (!existsSync(path)) {
    execFileSync("go", ["build", "-o", path, file("client.go")], { env: { ...process.env, GO111MODULE: "off" } });
  }
  return [path];
}

/** A client uses `run`, or the URL of `serve` if it has an option for a URL or ignores the proxy's variables. */
export const clients = [
  { name: "mpesakit 2.2.0", way: "run", calls: SLOW_CALLS, ...ofPython("mpesakit_client.py") },
  { name: "python-daraja 1.2.4", way: "run", calls: SLOW_CALLS, ...ofPython("python_daraja_client.py") },
  { name: "django-daraja 1.3.0", way: "run", calls: SLOW_CALLS, ...ofPython("django_daraja_client.py") },
  { name: "pympesa 1.0.1", way: "URL", calls: CALLS, ...ofPython("pympesa_client.py") },
  { name: "PHP's curl", way: "run", calls: SLOW_CALLS, command: () => ["php", file("curl.php")], needed: ["php"] },
  {
    name: "PHP's Guzzle, as in Laravel",
    way: "run",
    calls: CALLS,
    command: () => ["php", file("guzzle.php")],
    needed: ["php", GUZZLE],
  },
  { name: versioned("mpesa-api"), way: "run", calls: SLOW_CALLS, ...ofNode24("mpesa-api.cjs") },
  { name: versioned("mpesa-node"), way: "URL", calls: SLOW_CALLS, ...ofNode("mpesa-node.cjs") },
  { name: versioned("axios"), way: "run", calls: CALLS, ...ofNode("axios.cjs", "axios") },
  { name: `axios ${tool("axios-0").version}`, way: "run", calls: CALLS, ...ofNode("axios.cjs", "axios-0") },
  { name: "Go's net/http", way: "run", calls: CALLS, command: compiled, needed: ["go"] },
  {
    name: "Java's java.net.http",
    way: "URL",
    calls: CALLS,
    command: () => ["java", file("Client.java")],
    needed: ["java"],
  },
  { name: "curl in a shell", way: "run", calls: CALLS, command: () => ["sh", file("curl.sh")], needed: ["curl"] },
  { name: "our Postman collection", way: "URL", calls: SLOW_CALLS, ...ofNode("postman.cjs") },
];

const isThere = (name) => (name.startsWith("/") ? existsSync(name) : program(name) !== undefined);

/** node:test's options for a client. Without its programs the test is skipped, but in CI it fails. */
export function optionsFor({ needed }) {
  const missing = needed.filter((name) => !isThere(name)).join(" and no ");
  if (missing !== "" && process.env.CI === "true") throw new Error(`no ${missing}`);
  return { skip: missing !== "" && `no ${missing}`, timeout: 1_800_000 };
}
