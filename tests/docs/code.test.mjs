// Some blocks of code in README and docs run in a new project. Every block is bundled. A bundle fails if an entry does
// not export a name.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { run } from "../support/child.mjs";
import { project, root } from "../support/packed.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
/** The blocks of JavaScript in a document, in their order. */
const blocksOf = (document) =>
  [...readFileSync(join(root, document), "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

describe("in an empty project,", () => {
  let daraja;
  let env;
  before(async () => {
    daraja = await startSimulator("docs-code");
    const { consumerKey, consumerSecret } = daraja.app;
    env = {
      DARAJA_CONSUMER_KEY: consumerKey,
      DARAJA_CONSUMER_SECRET: consumerSecret,
      DARAJA_BASE_URL: daraja.baseUrl,
    };
  });
  after(() => daraja.close());

  /** Runs a block as file.mjs, in a project like that of `npm init -y`. */
  async function ran(document, index, args = [], more = {}) {
    const code = blocksOf(document)[index];
    const folder = project("docs-code", { "package.json": { name: "shop", version: "1.0.0" }, "file.mjs": code });
    return run(process.execPath, ["file.mjs", ...args], { cwd: folder, env: { ...env, ...more } });
  }

  test("README's quick start prints that it got a token", async () => {
    const { stdout, stderr } = await ran("README.md", 0);
    assert.deepEqual([stdout, stderr], ["A token of 28 characters, for 3599 seconds\n", ""]);
  });

  test("README's payment is accepted", async () => {
    const { stdout, stderr } = await ran("README.md", 1, ["254712345678"]);
    assert.match(stdout, /^200 \{/);
    assert.equal(stderr, "");
    assert.equal(daraja.count("accepted"), 1);
  });

  test("README's payment without credentials gives an error that names the missing variables", async () => {
    const unset = { DARAJA_CONSUMER_KEY: undefined, DARAJA_CONSUMER_SECRET: undefined };
    const { code, stderr } = await ran("README.md", 1, ["254712345678"], unset);
    assert.equal(code, 1);
    assert.match(stderr, /DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set/);
    assert.match(stderr, /ERR_DARAJA_INVALID_OPTION/);
  });

  test("README's example of the simulator prints the code that its comment names", async () => {
    assert.equal((await ran("README.md", 2)).stdout, "ERR_DARAJA_BLOCKED\n");
  });

  test("docs/api.md's example of generateToken prints when its token ends, and explains a wrong secret", async () => {
    const index = blocksOf("docs/api.md").findIndex((code) => code.includes("generateToken"));
    const here = `const real = fetch; globalThis.fetch = (url, init) => real(url.replace("https://sandbox.safaricom.co.ke", ${JSON.stringify(daraja.baseUrl)}), init);\n`;
    const folder = project("docs-api", { "here.mjs": here, "file.mjs": blocksOf("docs/api.md")[index] });
    const asked = (more) =>
      run(process.execPath, ["--import=./here.mjs", "file.mjs"], { cwd: folder, env: { ...env, ...more } });
    assert.match((await asked({})).stdout, /^A token for 3599 seconds, until \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    const { stderr } = await asked({ DARAJA_CONSUMER_SECRET: "wrong" });
    assert.match(stderr, /^ERR_DARAJA_INVALID_CREDENTIALS: Daraja did not accept the consumer key and secret/);
  });
});

describe("each block of code can be bundled, and imports only names that the package exports", () => {
  for (const document of documents) {
    for (const [index, code] of blocksOf(document).entries()) {
      test(`${document}, block ${index + 1}`, async () => {
        const folder = project("docs-blocks", {});
        const { errors, warnings } = await build({
          stdin: { contents: code, resolveDir: folder, loader: "js" },
          bundle: true,
          write: false,
          format: "esm",
          platform: "node",
          target: "node20",
          logLevel: "silent",
          plugins: [{ name: "others", setup: ({ onResolve }) => onResolve({ filter: /./ }, ofOthers) }],
        });
        assert.deepEqual([...errors, ...warnings], []);
      });
    }
  }
});

/** Leaves other packages and the reader's own files out of the bundle, so their exports are not checked. */
const ofOthers = ({ path, importer }) =>
  importer !== "<stdin>" || /^daraja-auth(\/|$)/.test(path) ? undefined : { path, external: true };
