// npm start: serves the demo page on this machine, with the package in pkg/ as it is. It needs only Node.
import { parseArgs } from "node:util";
import { preparePackage } from "./demo/files.mjs";
import { missingVariables, real } from "./demo/real.mjs";
import { serveDemo } from "./demo/server.mjs";
import { simulated } from "./demo/simulated.mjs";

/** The same port each time, so that users can keep the address. It is near the port of daraja-auth simulate. */
const DEFAULT_PORT = 8255;

const HELP = `Usage: npm start -- [options]

Serves the demo page on this machine, with a simulated Daraja behind it. Ctrl-C stops it.

  --sandbox      asks Daraja's sandbox instead, with the keys in DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET
  --production   the same with Daraja's production; each token replaces the one that your live systems use
  --build        builds pkg/ from the sources first, which needs Rust and some minutes
  --port N       the port; 0 takes a free one (default: ${DEFAULT_PORT}, or a free one if that is taken)
  --help         prints this

MPESA_CONSUMER_KEY and MPESA_CONSUMER_SECRET are read if the DARAJA_ ones are not set.
The page never sees these keys.
`;

const values = read(process.argv.slice(2));
if (values.help) {
  process.stdout.write(HELP);
} else {
  preparePackage(values);
  const demo = await listen(await behind(values));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => demo.close());
  console.log(`The demo page is at ${demo.url}\n${saidOf(values, demo.url)}`);
}

/** @typedef {{ sandbox?: boolean, production?: boolean, build?: boolean, help?: boolean, port?: string }} Options */

/**
 * Reads and checks the options, before anything is built.
 *
 * @param {string[]} args
 * @returns {Options}
 */
function read(args) {
  /** @type {Options} */
  let values;
  try {
    const flag = { type: /** @type {const} */ ("boolean") };
    const parsed = parseArgs({
      args,
      options: { sandbox: flag, production: flag, build: flag, help: flag, port: { type: "string" } },
    });
    values = /** @type {Options} */ (parsed.values);
  } catch {
    // The error could quote an argument, which may be a secret.
    return misused("unknown option or argument");
  }
  if (values.help) return values;
  if (values.sandbox && values.production) misused("--sandbox and --production exclude each other");
  const isPort = values.port === undefined || (/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535);
  if (!isPort) misused("--port: expected a number from 0 to 65535, found something else");
  const missing = values.sandbox || values.production ? missingVariables(process.env) : [];
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(" and ");
    misused(
      `${names}: not set\nThe values are in My Apps on the Daraja portal. They are read from the environment only.`,
    );
  }
  return values;
}

/**
 * @param {string} why
 * @returns {never}
 */
function misused(why) {
  console.error(`npm start: ${why}\n\n${HELP}`);
  process.exit(2);
}

/**
 * Makes the endpoints of the page. The package is imported here, because it may just have been built.
 *
 * @param {Options} options
 */
async function behind({ sandbox, production }) {
  if (sandbox || production)
    return real(sandbox ? "sandbox" : "production", process.env, await import("../pkg/node.js"));
  const { Simulator } = await import("../pkg/simulator.node.js");
  return simulated(Simulator);
}

/** @param {Awaited<ReturnType<typeof behind>>} upstream */
async function listen(upstream) {
  const { port } = values;
  try {
    return await serveDemo(upstream, port === undefined ? DEFAULT_PORT : Number(port));
  } catch (caught) {
    const error = /** @type {NodeJS.ErrnoException} */ (caught);
    if (error.code === "EADDRINUSE" && port === undefined) return serveDemo(upstream, 0);
    console.error(`npm start: cannot listen on port ${port ?? DEFAULT_PORT}: ${error.code ?? error.message}`);
    process.exit(1);
  }
}

/**
 * @param {Options} options
 * @param {string} url
 */
function saidOf({ sandbox, production }, url) {
  if (sandbox) return "It asks Daraja's sandbox with the keys of this environment. Ctrl-C stops it.";
  if (production) {
    return (
      "The address has a secret in it, because other users of this machine could connect, too.\n" +
      "It asks Daraja's PRODUCTION with the keys of this environment. Ctrl-C stops it."
    );
  }
  return `Daraja is simulated at ${url}oauth/v1/generate, for any program on this machine. Ctrl-C stops it.`;
}
