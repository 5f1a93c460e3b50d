import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { project, root } from "../support/packed.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");
const section = (title) => readme.split(`\n## ${title}\n`)[1].split("\n## ")[0];
const rows = (text) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const documents = [
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
  "README.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "examples/README.md",
];

test("README's example runs as it stands there and prints when its token ends", async (t) => {
  const daraja = await startDaraja();
  t.after(() => daraja.close());
  const [, example] = /```js\n(.*?)```/s.exec(readme);
  // The example asks the sandbox; here that is the server on this machine.
  const fetchOf = `const real = fetch; globalThis.fetch = (url, init) => real(url.replace("https://sandbox.safaricom.co.ke", ${JSON.stringify(daraja.baseUrl)}), init);\n`;
  const folder = project("readme", { "here.mjs": fetchOf, "example.mjs": `import "./here.mjs";\n${example}` });
  const env = { ...process.env, DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
  const run = (extra) =>
    promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder, env: { ...env, ...extra } });
  assert.match((await run({})).stdout, /^A token for 3599 seconds, until \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
  const { stderr } = await run({ DARAJA_CONSUMER_SECRET: "wrong" });
  assert.match(
    stderr,
    /^ERR_DARAJA_INVALID_CREDENTIALS: Daraja did not accept the consumer key and secret \(HTTP 400\)\n/,
  );
});

test("README's example of the simulator runs and prints what it says", async () => {
  const [, example] = /```js\n([^`]*?daraja-auth\/simulator.*?)```/s.exec(readme);
  const folder = project("readme-simulator", { "example.mjs": example });
  const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder });
  assert.equal(stdout, "ERR_DARAJA_BLOCKED\n[ 'token', 'blocked-403' ]\n");
});

test("README lists every option, and no other", () => {
  const [, names] = /pub const NAMES: &str =\s*"(.*?)";/.exec(read("crates/core/src/options.rs"));
  assert.deepEqual(
    rows(section("Options")).map(([name]) => name.slice(1, -1)),
    names.split(" "),
  );
});

test("README lists every error code, in the order of the typings, with what is retryable", () => {
  const codes = [...new Set(read("js/error.ts").match(/ERR_DARAJA_\w+/g))];
  assert.deepEqual(
    rows(section("Errors")).map(([code]) => code.slice(1, -1)),
    codes,
  );
  const retryable = rows(section("Errors")).filter(([, , yes]) => yes === "yes");
  assert.deepEqual(
    retryable.map(([code]) => code.slice("`ERR_DARAJA_".length, -1)),
    ["RATE_LIMITED", "UNAVAILABLE", "TIMEOUT", "NETWORK", "STORE_UNAVAILABLE"],
  );
});

test("each row of README's runtimes has the versions that are tested, and names its tests", () => {
  const { dependencies, optionalDependencies } = JSON.parse(read("tests/package.json"));
  const versions = Object.values({ ...dependencies, ...optionalDependencies }).map((version) =>
    version.split("@").at(-1),
  );
  for (const [runtime, listed, proofs] of rows(section("Runtimes"))) {
    for (const version of listed.split(", ").filter((text) => /^\d/.test(text))) {
      assert.ok(versions.includes(version), `${runtime}: ${version} is not in tests/package.json`);
    }
    assert.match(proofs, /\]\(tests\//, runtime);
  }
});

test("every relative link in the documents leads to a file", () => {
  for (const document of documents) {
    for (const [, target] of read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), target)), `${document} links to ${target}`);
    }
  }
});

test("every file that ARCHITECTURE names exists", () => {
  for (const [, name] of read("ARCHITECTURE.md").matchAll(/`((?:src|crates|js|scripts|tests)\/[\w./-]+)`/g)) {
    assert.ok(existsSync(join(root, name)), name);
  }
});

test("no file has a conflict mark, a tab or a space at a line's end", () => {
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const texts = tracked.filter(
    (file) =>
      /\.(rs|m?js|cjs|md|toml|ts|cts|mts)$/.test(file) && !file.startsWith("pkg/") && existsSync(join(root, file)),
  );
  for (const file of texts) assert.doesNotMatch(read(file), /^(<<<<<<<|>>>>>>>)|\t|[ ]$/m, file);
});
