import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packed, root } from "../support/packed.mjs";

test("publint reports nothing, not even a suggestion", async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(packed());
  const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: "suggestion" });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

const STORES = ["./redis", "./postgres", "./durable-object", "./dynamodb", "./file", "./testing"];
const ENTRIES = [".", "./simulator", "./env", "./node", "./axios", "./pool", ...STORES, "./package.json"];

test("Are the types wrong? reports nothing for any resolution", () => {
  const manifest = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
  const attw = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.attw);
  // The two .wasm files are for loaders. TypeScript cannot import them.
  const args = [attw, packed(), "--format", "json", "--exclude-entrypoints", "daraja_auth.wasm", "simulator.wasm"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", timeout: 120_000 });
  const { analysis } = JSON.parse(stdout || JSON.stringify({ analysis: stderr }));
  assert.deepEqual(Object.keys(analysis.entrypoints), ENTRIES);
  assert.deepEqual(analysis.problems, []);
});
