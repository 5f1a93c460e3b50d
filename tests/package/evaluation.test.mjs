import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { project } from "../support/packed.mjs";

const IMPORTS = [
  'import "daraja-auth";',
  'import { DarajaError, generateToken } from "daraja-auth";',
  'import { Simulator } from "daraja-auth/simulator";',
  'import { redisStore } from "daraja-auth/redis"; import { postgresStore } from "daraja-auth/postgres";',
  'import { DarajaTokenObject } from "daraja-auth/durable-object"; import { dynamodbStore } from "daraja-auth/dynamodb";',
  'import { fromEnv } from "daraja-auth/env";',
];
/** The conditions of each entry. The .wasm files stay outside the bundle, as in a real bundle for these runtimes. */
const CONDITIONS = { index: [], workerd: ["workerd"], "edge-light": ["edge-light"] };

describe("evaluating the package", () => {
  let folder;
  before(() => {
    folder = project(`evaluation-${process.pid}`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const bundle = async (contents, conditions) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      conditions,
      external: ["*.wasm", "*.wasm?module"],
      format: "esm",
      minify: true,
      write: false,
      logLevel: "silent",
      // The folder is in the project, and the project's tsconfig.json has paths that must not apply.
      tsconfigRaw: {},
    });
    return outputFiles[0].text.trim();
  };

  for (const contents of IMPORTS) {
    for (const [entry, conditions] of Object.entries(CONDITIONS)) {
      test(`${contents} with ${entry} adds no byte to a bundle if it is not used`, async () => {
        assert.equal(await bundle(contents, conditions), "");
      });
    }
  }

  test("works with each CommonJS entry if a program has put a value on Object.prototype before", () => {
    const pkg = join(folder, "node_modules/daraja-auth/pkg");
    const entries = readdirSync(pkg).filter((name) => name.endsWith(".cjs"));
    assert.ok(entries.length >= 12, entries.join());
    for (const entry of entries) {
      const code = `Object.prototype.evil = "evil"; require(${JSON.stringify(join(pkg, entry))})`;
      execFileSync(process.execPath, ["--eval", code], { stdio: ["ignore", "ignore", "pipe"] });
    }
  });

  // For example, jest's jsdom has no TextDecoder.
  test("needs only the language itself, and leaves no global behind", () => {
    const context = createContext();
    const code = readFileSync(join(folder, "node_modules/daraja-auth/pkg/index.cjs"), "utf8");
    const module = { exports: {} };
    runInContext("delete globalThis.WebAssembly", context);
    runInContext(`(module, exports) => {${code}\n}`, context)(module, module.exports);
    const exported = ["DarajaError", "TokenManager", "generateToken", "isTokenRejected", "memoryStore"];
    assert.deepEqual(Object.keys(module.exports).sort(), exported);
    assert.deepEqual(Object.keys(context), []);
  });

  test("is followed by a first call that needs neither Buffer nor Uint8Array.fromHex", async () => {
    const { generateToken } = await import(pathToFileURL(join(folder, "node_modules/daraja-auth/pkg/index.js")));
    const body = '{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}';
    const response = new Response(body, { headers: { "content-type": "application/json" } });
    const { Buffer } = globalThis;
    const { fromHex } = Uint8Array;
    let call;
    try {
      globalThis.Buffer = undefined;
      Uint8Array.fromHex = undefined;
      call = generateToken({ consumerKey: "key", consumerSecret: "secret", fetch: async () => response });
    } finally {
      // Node's own fetch needs Buffer, so the test restores it as soon as the module has started.
      globalThis.Buffer = Buffer;
      if (fromHex) Uint8Array.fromHex = fromHex;
      else delete Uint8Array.fromHex;
    }
    assert.equal((await call).accessToken, "c9SQxWWhmdVRlyh0zh8gZDTkubVF");
  });
});
