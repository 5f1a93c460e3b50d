import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runSuite } from "../runtimes/project.mjs";
import { driver, needs } from "./browsers.mjs";
import { apps, root, startDemo, startReal, startSimulate, startStatic } from "./demo.mjs";

const [{ consumerKey, consumerSecret }] = apps;
const pair = Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");
const MODES = {
  static: {
    start: startStatic,
    walks: ["simulated", "lab", "keyboard", "geometry"],
    settings: () => ({ host: "sandbox.safaricom.co.ke" }),
  },
  simulator: {
    start: () => startDemo(),
    walks: ["simulated", "lab", "keyboard", "code", "live"],
    settings: ({ host, origin }) => ({ host, place: origin }),
  },
  "daraja-auth simulate": {
    start: startSimulate,
    walks: ["simulated", "live"],
    settings: ({ host, origin }) => ({ host, place: origin }),
  },
  sandbox: {
    start: () => startReal("--sandbox"),
    walks: ["real", "lab"],
    settings: () => ({ host: "sandbox.safaricom.co.ke", secrets: [consumerSecret, pair] }),
  },
  production: {
    start: () => startReal("--production"),
    walks: ["real"],
    settings: () => ({ host: "api.safaricom.co.ke", secrets: [consumerSecret, pair], isProduction: true }),
  },
};

for (const browser of ["chromium", "firefox"]) {
  const options = { ...needs(browser, { isDriven: true }), timeout: 300_000 };

  /** Walks through the page in a browser, in a separate process. Each sentence is a test. */
  async function visit(t, settings) {
    const { node, path } = driver(browser);
    const script = fileURLToPath(new URL("demo-visit.mjs", import.meta.url));
    const walks = await Promise.all(settings.walks.map((name) => import(`./demo-${name}.mjs`)));
    const count = walks.reduce((sum, { walk }) => sum + Object.keys(walk).length, 0);
    const told = JSON.stringify({ browser, path, apps, root, ...settings });
    await runSuite(t, node, [script, told], { cwd: root, count });
  }

  for (const [mode, { start, walks, settings }] of Object.entries(MODES)) {
    describe(`the demo page in ${browser}, ${mode}`, options, () => {
      /** Visits a server of its own, because a simulator numbers the tokens of all pages together. */
      async function visitNew(t, told) {
        const demo = await start();
        t.after(() => demo.stop());
        await visit(t, { url: demo.url, ...settings(new URL(demo.url)), ...told });
      }
      for (const walk of walks) test(`is walked through: ${walk}`, options, (t) => visitNew(t, { walks: [walk] }));
      for (const scheme of ["light", "dark"]) {
        test(`is accessible, ${scheme}`, options, (t) => visitNew(t, { scheme, walks: ["access"] }));
      }
    });
  }

  test(`the demo page in ${browser} shows Daraja's refusal if the server has a wrong secret`, options, async (t) => {
    const secrets = ["canary-wrong-secret", Buffer.from(`${consumerKey}:canary-wrong-secret`).toString("base64")];
    const demo = await startReal("--sandbox", { DARAJA_CONSUMER_SECRET: "canary-wrong-secret" });
    t.after(() => demo.stop());
    await visit(t, { url: demo.url, secrets, walks: ["refused"] });
  });
}
