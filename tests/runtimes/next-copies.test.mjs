// Next.js evaluates a module once for a page, once for a route handler, and once for instrumentation.js, in one
// process. The managers of these copies share one token.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { run, serve } from "../support/child.mjs";
import { tool } from "../support/npm-tools.mjs";
import { project, root } from "../support/packed.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

const PAY = "/mpesa/b2c/v3/paymentrequest";
const CALLS = 40;
const next = tool("next");

/** The ways in which users write the module. Each has its own app. */
const WAYS = {
  plain: "export const tokens = new TokenManager(options);",
  node: 'import { fetch } from "daraja-auth/node";\nexport const tokens = new TokenManager({ ...options, fetch });',
  // Each copy of this module makes its own `fetch`, and managers with different functions share no token. So all copies
  // use one manager, which is on the global object, as docs/stores.md says.
  own: `const fetch = (url, init) => globalThis.fetch(url, init);
export const tokens = (globalThis.darajaTokens ??= new TokenManager({ ...options, fetch }));`,
};

const appOf = (way, index) => ({ name: way, consumerKey: `key-of-${way}-${index}`, consumerSecret: `secret-${way}` });
const apps = Object.keys(WAYS).map(appOf);

/** The files of one way: the module, a page and a route handler. */
function filesOf([way, code], index) {
  const { consumerKey, consumerSecret } = apps[index];
  return {
    [`tokens/${way}.js`]: `import { TokenManager } from "daraja-auth";
const options = ${JSON.stringify({ consumerKey, consumerSecret })};
options.baseUrl = process.env.DARAJA_BASE_URL;
${code}
`,
    [`app/${way}/page.jsx`]: `import { tokens } from "../../tokens/${way}.js";
export const dynamic = "force-dynamic";
export default async function Page() {
  const { status } = await tokens.fetch("${PAY}", { json: { Amount: 1 } });
  return <p id={"status-" + status}>paid</p>;
}
`,
    [`app/${way}/pay/route.js`]: `import { tokens } from "../../../tokens/${way}.js";
export async function POST() {
  const { status } = await tokens.fetch("${PAY}", { json: { Amount: 1 } });
  return Response.json({ status });
}
`,
  };
}

const configuration = { turbopack: { root }, outputFileTracingRoot: root };
const instrumentation = `export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const modules = await Promise.all([${Object.keys(WAYS).map((way) => `import("./tokens/${way}.js")`)}]);
  await Promise.all(modules.map(({ tokens }) => tokens.getToken()));
}
`;
const files = Object.assign(
  {
    "package.json": { private: true, type: "module" },
    "next.config.mjs": `export default ${JSON.stringify(configuration)};\n`,
    "instrumentation.js": instrumentation,
    "app/layout.jsx": 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n',
  },
  ...Object.entries(WAYS).map(filesOf),
);

for (const command of ["start", "dev"]) {
  describe(`Next.js ${next.version}, next ${command}`, on(node24), () => {
    test(`${CALLS} calls of a page and of a route handler use one token`, async (t) => {
      const daraja = await startSimulator(`next-${command}`, { apps });
      t.after(() => daraja.close());
      const cwd = project(`next-copies-${command}`, files);
      const env = { NEXT_TELEMETRY_DISABLED: "1", DARAJA_BASE_URL: daraja.baseUrl };
      if (command === "start") {
        const { code, stdout, stderr } = await run(node24.path, [next.path, "build"], { cwd, env });
        assert.equal(code, 0, stdout + stderr);
      }
      const args = [next.path, command, "--hostname", "127.0.0.1", "--port", "0"];
      const server = await serve(node24.path, args, { cwd, env, ready: /Local:\s+(\S+)[\s\S]*Ready/ });
      t.after(server.stop);
      for (const { name, consumerKey } of apps) {
        await t.test(`with the manager of tokens/${name}.js`, async () => {
          const url = `${server.match[1]}/${name}`;
          const page = async () => Number(/id="status-(\d+)"/.exec(await (await fetch(url)).text())?.[1]);
          const route = async () => (await (await fetch(`${url}/pay`, { method: "POST" })).json()).status;
          const calls = Array.from({ length: CALLS }, (_, index) => (index % 2 ? page() : route()));
          assert.deepEqual(new Set(await Promise.all(calls)), new Set([200]), server.output.stderr);
          const outcomes = daraja.simulator.requests
            .filter(({ app }) => app === name || app === consumerKey)
            .map(({ outcome }) => outcome);
          assert.deepEqual(outcomes, ["token", ...Array.from({ length: CALLS }, () => "accepted")]);
        });
      }
    });
  });
}
