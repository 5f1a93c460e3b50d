// Next.js: a route for Node and one for the edge runtime, built by each of its bundlers and served by `next start`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { run, serve } from "../support/child.mjs";
import { answers, consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { tool } from "../support/npm-tools.mjs";
import { root } from "../support/packed.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { report, suiteProject } from "./project.mjs";

const next = tool("next");
const route = readFileSync(new URL("runners/route.mjs", import.meta.url), "utf8");
const config = `export default { turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)} };`;

for (const bundler of ["turbopack", "webpack"]) {
  describe(`Next.js ${next.version}, built with ${bundler}`, () => {
    test("a node route and an edge route answer", on(node24), async (t) => {
      const daraja = await startDaraja();
      t.after(() => daraja.close());
      const cwd = suiteProject(`next-${bundler}`, daraja, [], {
        "next.config.mjs": config,
        "app/node/route.js": route,
        "app/edge/route.js": `${route}\nexport const runtime = "edge";\n`,
      });
      const settings = { baseUrl: daraja.baseUrl, consumerKey, consumerSecret, answers };
      const env = { NEXT_TELEMETRY_DISABLED: "1", DARAJA_SETTINGS: JSON.stringify(settings) };
      const { code, stdout, stderr } = await run(node24.path, [next.path, "build", `--${bundler}`], { cwd, env });
      assert.equal(code, 0, stdout + stderr);

      const args = [next.path, "start", "--hostname", "127.0.0.1", "--port", "0"];
      const server = await serve(node24.path, args, { cwd, env, ready: /Local:\s+(\S+)[\s\S]*Ready/ });
      t.after(server.stop);
      for (const runtime of ["node", "edge"]) {
        const url = `${server.match[1]}/${runtime}`;
        await t.test(`20 requests at once to the ${runtime} route get a token each`, async () => {
          const bodies = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).json()));
          assert.equal(new Set(bodies.map(({ accessToken }) => accessToken)).size, 20);
          assert.deepEqual(new Set(bodies.map(({ edge }) => edge)), new Set([runtime === "edge"]));
        });
        await t.test(`the suite passes in the ${runtime} route`, async (t) => {
          await report(t, await (await fetch(`${url}?suite`)).json());
        });
      }
    });
  });
}
