// Runs the packed command line with Node, by its file in node_modules/daraja-auth.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "../support/child.mjs";
import { consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { project } from "../support/packed.mjs";
import { start } from "./running-program.mjs";

/** An app that may call every API. No output may show its key or its secret. */
export const shop = {
  name: "Shop",
  consumerKey: "CanaryKeyOfTheShop0001",
  consumerSecret: "CanarySecretOfTheShop0002/+",
};

/** Variables of the tester's environment that would change what a command does. */
const PERSONAL =
  /^(DARAJA_|MPESA_|NODE_OPTIONS$|NODE_TLS|NODE_USE|NO_COLOR$|FORCE_COLOR$|.*consumer_?(key|secret))|.*_proxy$/i;
export const clean = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => PERSONAL.test(name))
    .map((name) => [name, undefined]),
);

const python = process.env.PYTHON ?? "python3";
const hasPython = spawnSync(python, ["-c", "import pty"]).status === 0;

/** Options for node:test. Without Python a test that needs a terminal is skipped, but in CI it fails. */
export function needsTerminal() {
  const missing = !hasPython && "a terminal needs Python's module pty: install python3, or name a Python in PYTHON";
  if (missing && process.env.CI === "true") throw new Error(missing);
  return { skip: missing };
}

/** The command line in a new folder with these files. `name` names the folder, so no two test files use the same. */
export function commandLine(name, files) {
  const folder = project(`cli-${name}`, files);
  const bin = join(folder, "node_modules", "daraja-auth", "bin");
  const program = join(bin, "daraja-auth.js");
  return {
    folder,
    /** Imports a module of the package by its path, also one that the exports do not name. */
    load: (file) => import(pathToFileURL(join(bin, "..", file)).href),
    /** The same command line in another folder. */
    at: (cwd) => commands(program, cwd),
    ...commands(program, folder),
  };
}

/** The ways to run a program in a folder. */
function commands(program, cwd) {
  const options = (env) => ({ cwd, env: { ...process.env, ...clean, ...env } });
  return {
    /** Runs a command to its end, without a terminal. Gives `{ code, stdout, stderr }`. */
    async run(args, env = {}, node = process.execPath) {
      const { code, signal, stdout, stderr } = await run(node, [program, ...args], options(env));
      assert.equal(signal, null, stderr);
      assertHidden(stderr);
      if (args[0] !== "token") assertHidden(stdout);
      return { code, stdout, stderr };
    },
    /** Starts a command. The test can read its output and write to it while it runs. */
    start: (args, env) => start(process.execPath, [program, ...args], options(env)),
    /**
     * Starts a command whose stdin and stderr are a terminal. With `all`, its stdout is one too. The result's stderr
     * contains what the terminal shows. With `stty`, the terminal's settings are shown at the end.
     */
    onTerminal(args, env = {}, { all = false, stty = false } = {}) {
      const script = fileURLToPath(new URL("terminal.py", import.meta.url));
      const shell = stty ? ["sh", "-c", '"$@"; code=$?; stty -a >&2; exit $code', "sh"] : [];
      const command = [script, ...(all ? ["--all"] : []), ...shell, process.execPath, program, ...args];
      return start(python, command, options({ TERM: "xterm", ...env }));
    },
  };
}

/** The consumer key and secret of an app, in the encoding of the Basic scheme. */
export const encoded = ({ consumerKey, consumerSecret }) =>
  Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");

/**
 * Checks that a text shows no key and no secret of the shop or of daraja-server.mjs's app, no token of that server, and
 * nothing of `more`. It finds the pairs in the encoding of the Basic scheme, too.
 */
export function assertHidden(text, ...more) {
  const pairs = [shop, { consumerKey, consumerSecret }].flatMap((pair) => [
    ...Object.values({ ...pair, name: encoded(pair) }),
    encoded({ consumerKey: pair.consumerSecret, consumerSecret: pair.consumerKey }),
  ]);
  // Each token of daraja-server.mjs begins with this.
  const secrets = [...pairs, "c9SQxWWhmdVRlyh0zh8gZDTk", ...more];
  for (const secret of secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])) {
    const at = text.indexOf(secret);
    assert.equal(at, -1, `${secret} is shown: …${text.slice(Math.max(0, at - 200), at + 200)}…`);
  }
}

/**
 * Variables that send the requests for Daraja's hosts to these URLs. A code such as ENOTFOUND makes them fail instead.
 */
export function hosts({ sandbox, production }) {
  const script = new URL("hosts.mjs", import.meta.url).href;
  const there = { "https://sandbox.safaricom.co.ke": sandbox, "https://api.safaricom.co.ke": production };
  return { NODE_OPTIONS: `--import=${script}`, TEST_HOSTS: JSON.stringify(there) };
}
