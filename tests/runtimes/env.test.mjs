// fromEnv of daraja-auth/env in runtimes that have no process.env, or that need a permission for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, serve } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { bun, deno, node24, on } from "../support/runtimes.mjs";

const env = { DARAJA_CONSUMER_KEY: "key", DARAJA_CONSUMER_SECRET: "secret", DARAJA_ENVIRONMENT: "production" };
const read = { consumerKey: "key", consumerSecret: "secret", environment: "production" };
const PRINT = `import { fromEnv } from "daraja-auth/env";
try {
  console.log(JSON.stringify(fromEnv()));
} catch ({ code, message, hint }) {
  console.log(JSON.stringify({ code, message, hint }));
}
`;

test("fromEnv works in Bun", on(bun), async () => {
  const cwd = project("env-bun", { "print.mjs": PRINT });
  assert.deepEqual(JSON.parse((await run(bun.path, ["print.mjs"], { cwd, env })).stdout), read);
});

test("fromEnv works in Deno with --allow-env, and without this flag its error names it", on(deno), async () => {
  const cwd = project("env-deno", { "package.json": { private: true }, "print.mjs": PRINT });
  const printed = async (...permissions) => {
    const { stdout, stderr } = await run(deno.path, [...deno.flags, ...permissions, "print.mjs"], { cwd, env });
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  };
  assert.deepEqual(await printed("--allow-env"), read);
  assert.deepEqual(await printed(`--allow-env=${Object.keys(env)}`), read);
  const { message, hint } = await printed();
  assert.equal(message, "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set");
  assert.match(hint, /Deno shows them with --allow-env only\./);
});

const WORKER = `import { fromEnv } from "daraja-auth/env";
export default {
  fetch(request, env) {
    const told = (call) => {
      try {
        return call();
      } catch ({ code, message, hint }) {
        return { code, message, hint };
      }
    };
    const { settings } = env;
    const { store } = fromEnv({ store: { load() {} } }, { ...settings, DARAJA_STORE: "redis://127.0.0.1" });
    return Response.json([
      told(() => fromEnv({}, settings)),
      told(() => fromEnv()),
      told(() => fromEnv({}, { ...settings, DARAJA_STORE: "redis://:Canary@127.0.0.1" })),
      typeof store.load,
    ]);
  },
};
`;

test("fromEnv works in workerd, with the env of the handler", on(node24), async (t) => {
  const folder = project("env-workerd", { "worker.mjs": WORKER });
  const pkg = "node_modules/daraja-auth/pkg";
  const modules = [
    { path: "worker.mjs" },
    { path: "daraja-auth/env", contents: `export * from "../${pkg}/env.workerd.js";` },
    { path: `${pkg}/env.workerd.js` },
    { path: `${pkg}/daraja-auth`, contents: 'export * from "./workerd.js";' },
    { path: `${pkg}/workerd.js` },
    { path: `${pkg}/daraja_auth.wasm` },
  ];
  const host = fileURLToPath(new URL("miniflare.mjs", import.meta.url));
  const args = [host, JSON.stringify({ folder, modules, settings: env })];
  const workerd = await serve(node24.path, args, { ready: /^ready at (\S+)/m });
  t.after(workerd.stop);
  const [given, missing, stored, load] = await (await fetch(workerd.match[1])).json();
  assert.deepEqual([given, load], [read, "function"]);
  assert.equal(missing.message, "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set");
  assert.match(missing.hint, /^A Worker has them in \.dev\.vars .*: fromEnv\(\{\}, env\)\./);
  assert.equal(stored.message, "DARAJA_STORE: set, but no store can be opened by its address in this runtime");
  assert.match(
    stored.hint,
    /^Make the store in your program, and give it to fromEnv\(\{ store \}\): durableObjectStore\(/,
  );
  assert.doesNotMatch(JSON.stringify(stored), /Canary/);
});
