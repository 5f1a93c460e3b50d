// AWS Lambda: esbuild makes one file. The test moves it to a folder without node_modules, and calls its handler.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { run } from "../support/child.mjs";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { project } from "../support/packed.mjs";
import { node20, node24, on } from "../support/runtimes.mjs";

const esm = `import { generateToken, TokenManager } from "daraja-auth";

const app = {
  consumerKey: process.env.CONSUMER_KEY,
  consumerSecret: process.env.CONSUMER_SECRET,
  baseUrl: process.env.BASE_URL,
};
const tokens = new TokenManager(app);

export const handler = async ({ isKept }) => {
  const { accessToken, expiresIn } = await (isKept ? tokens.getToken() : generateToken(app));
  return { statusCode: 200, body: JSON.stringify({ accessToken, expiresIn }) };
};
`;
const cjs = esm
  .replace(/import (.*) from (.*);/, "const $1 = require($2);")
  .replace("export const handler", "exports.handler");
/** Loads the file as Lambda does, CommonJS by require and an ES module by import. Prints four answers as JSON. */
const invoke = `
  const file = process.argv[1];
  Promise.resolve(file.endsWith(".cjs") ? require(file) : import(file)).then(async ({ handler }) => {
    const answers = [];
    for (const isKept of [true, true, false, false]) answers.push(await handler({ isKept }));
    console.log(JSON.stringify(answers));
  });
`;
const bundles = [
  { name: "esm", entry: "handler.mjs", file: "index.mjs" },
  { name: "cjs", entry: "handler.mjs", file: "index.cjs" },
  { name: "cjs-from-cjs", entry: "handler.cjs", file: "index.cjs" },
];

let daraja;
let task;
before(async () => {
  daraja = await startDaraja();
  task = realpathSync(mkdtempSync(join(tmpdir(), "daraja-lambda-")));
  const folder = project("lambda", { "handler.mjs": esm, "handler.cjs": cjs });
  for (const { name, entry, file } of bundles) {
    await build({
      entryPoints: [join(folder, entry)],
      outfile: join(task, name, file),
      format: file === "index.mjs" ? "esm" : "cjs",
      platform: "node",
      target: "node20",
      bundle: true,
      minify: true,
      logLevel: "error",
    });
  }
});
after(async () => {
  rmSync(task, { recursive: true, force: true });
  await daraja.close();
});

for (const node of [node20, node24]) {
  describe(`one file for Lambda's ${node.name} (${node.version})`, () => {
    for (const { name, entry, file } of bundles) {
      test(`${entry} as ${name}, alone in its folder, gives tokens and keeps a manager's token`, on(node), async () => {
        const cwd = join(task, name);
        assert.deepEqual(readdirSync(cwd), [file]);
        const env = { CONSUMER_KEY: consumerKey, CONSUMER_SECRET: consumerSecret, BASE_URL: daraja.baseUrl };
        const args = ["--no-experimental-require-module", "--eval", invoke, join(cwd, file)];
        const { code, stdout, stderr } = await run(node.path, args, { cwd, env });
        assert.equal(code, 0, stderr);
        const answers = JSON.parse(stdout);
        assert.deepEqual(
          answers.map(({ statusCode }) => statusCode),
          [200, 200, 200, 200],
        );
        const [kept, again, fresh, another] = answers.map(({ body }) => JSON.parse(body));
        assert.deepEqual(Object.keys(kept), ["accessToken", "expiresIn"]);
        assert.deepEqual(again, kept);
        assert.equal(new Set([kept, fresh, another].map(({ accessToken }) => accessToken)).size, 3);
      });
    }
  });
}
