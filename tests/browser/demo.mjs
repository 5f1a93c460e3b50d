// The demo page, as npm start and npm run site give it to the tests.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listen as serveFetch } from "../../bin/listen.js";
import { Simulator } from "../../pkg/simulator.node.js";
import { run, serve } from "../support/child.mjs";
import { root, work } from "../support/packed.mjs";
import { serve as serveFolder } from "./site.mjs";

export { root };
export const { apps } = new Simulator();

/**
 * Starts the demo's own server, on a free port unless `args` say otherwise. Gives its address, and a function that stops
 * it.
 */
export async function startDemo(args = ["--port", "0"], env = {}) {
  const options = { cwd: root, env, ready: /The demo page is at (\S+)/ };
  const { match, stop } = await serve(process.execPath, ["scripts/start.mjs", ...args], options);
  return { url: match[1], stop };
}

/** Starts daraja-auth simulate, which serves the same page. */
export async function startSimulate() {
  const options = { cwd: root, ready: /listens on (http:\S+:\d+)/ };
  const { match, stop } = await serve(process.execPath, ["bin/daraja-auth.js", "simulate", "--port", "0"], options);
  return { url: `${match[1]}/`, stop };
}

/** Runs scripts/start.mjs to its end. */
export function start(args, env = {}) {
  const keys = ["DARAJA", "MPESA"].flatMap((name) => [`${name}_CONSUMER_KEY`, `${name}_CONSUMER_SECRET`]);
  const unset = Object.fromEntries(keys.map((key) => [key, undefined]));
  return run(process.execPath, ["scripts/start.mjs", ...args], { cwd: root, env: { ...unset, ...env } });
}

/**
 * The demo's server in its mode for Daraja. A simulator or `answer` takes Daraja's place. `env` may change the keys.
 */
export async function startReal(flag, env = {}, answer = undefined) {
  const simulator = new Simulator();
  const daraja = await serveFetch(answer ?? simulator.fetch);
  const redirect = fileURLToPath(new URL("demo-redirect.mjs", import.meta.url));
  const [{ consumerKey, consumerSecret }] = apps;
  const demo = await startDemo([flag, "--port", "0"], {
    NODE_OPTIONS: `--import=${redirect}`,
    DARAJA_STAND_IN: daraja.url,
    DARAJA_CONSUMER_KEY: consumerKey,
    DARAJA_CONSUMER_SECRET: consumerSecret,
    ...env,
  }).catch(async (error) => {
    await daraja.close();
    throw error;
  });
  return {
    url: demo.url,
    simulator,
    async stop() {
      await demo.stop();
      await daraja.close();
    },
  };
}

/** The page as static files, below a path of a static host. */
export async function startStatic() {
  const folder = join(work, `site-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { code, stderr } = await run(process.execPath, ["scripts/site.mjs", join(folder, "someone", "daraja")], {
    cwd: root,
  });
  if (code !== 0) throw new Error(stderr);
  const server = await serveFolder(folder);
  return {
    url: `${server.url}someone/daraja/`,
    async stop() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
