import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { packed, project } from "../support/packed.mjs";

/** The sizes are exact and the same on every machine, so a gate needs no margin. */
const BUDGETS = [
  { what: "the default entry, the module inside it", files: ["index.js"], limit: 48 * 1024 },
  { what: "the workerd entry and its module", files: ["workerd.js", "daraja_auth.wasm"], limit: 40 * 1024 },
  { what: "daraja-auth/axios", files: ["axios.js"], limit: 3 * 1024 },
  { what: "daraja-auth/pool", files: ["pool.js"], limit: 2 * 1024 },
  { what: "daraja-auth/env", files: ["env.js"], limit: 3 * 1024 },
  { what: "daraja-auth/env for workers", files: ["env.workerd.js"], limit: 3 * 1024 },
  ...["redis", "postgres", "durable-object", "dynamodb", "file"].map((store) => ({
    what: `daraja-auth/${store}`,
    files: [`${store}.js`],
    limit: 3 * 1024,
  })),
];

for (const { what, files, limit } of BUDGETS) {
  test(`${what} has at most ${limit} bytes after gzip`, (t) => {
    const folder = project(`sizes-${process.pid}`);
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const sizes = files.map((file) => {
      const bytes = readFileSync(join(folder, "node_modules/daraja-auth/pkg", file));
      return gzipSync(bytes, { level: 9 }).length;
    });
    const total = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${files.map((file, i) => `${file} ${sizes[i]}`).join(" + ")} = ${total} of ${limit} bytes`);
    assert.ok(total <= limit, `${total} bytes, ${total - limit} over the budget`);
  });
}

// The tarball contains the simulator's module twice: as digits for bundlers and pages, and as a file for other uses.
const MAX_TARBALL_BYTES = 600_000;

test(`the tarball has at most ${MAX_TARBALL_BYTES} bytes`, (t) => {
  const { size } = statSync(packed());
  t.diagnostic(`${size} of ${MAX_TARBALL_BYTES} bytes`);
  assert.ok(size <= MAX_TARBALL_BYTES, `${size - MAX_TARBALL_BYTES} bytes over the budget`);
});
