// The runtimes in which the package is tested. Each is an npm package that contains a binary.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isWhole } from "./matrix.mjs";

const require = createRequire(import.meta.url);

/** Deno's flags: no prompts, and no downloads. */
const denoFlags = ["run", "--no-prompt", "--node-modules-dir=manual", "--no-remote", "--cached-only", "--no-check"];

/** The runtimes: name, version, and how to start a file. `path` is undefined if this machine has no such runtime. */
export const runtimes = [
  runtime("Node 20", "node-20", "bin/node"),
  runtime("Node 22", "node-22", "bin/node"),
  runtime("Node 24", "node-24", "bin/node"),
  runtime("Node 26", "node-26", "bin/node"),
  runtime("Deno", "@deno/linux-x64-glibc", "deno", [...denoFlags, "--allow-net=127.0.0.1"]),
  runtime("Bun", "@oven/bun-linux-x64", "bin/bun"),
];
export const [node20, , node24, , deno, bun] = runtimes;
/** Every Node above, or in `npm test` only the one that runs the tests. */
export const nodes = isWhole
  ? runtimes.filter(({ name }) => name.startsWith("Node"))
  : [{ name: "This Node", version: process.versions.node, flags: [], path: process.execPath }];

/** Options for node:test. Without the runtime the test is skipped with a reason, but in CI it runs and fails. */
export function on({ name, path }) {
  const hint = "npm run test:all fetches it, on Linux on x64";
  return { skip: !path && process.env.CI !== "true" && `no ${name} here: ${hint}` };
}

function runtime(name, npm, file, flags = []) {
  try {
    const manifest = require.resolve(`${npm}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    return { name, version, flags, path: join(dirname(manifest), file) };
  } catch {
    // Without its npm package, the Node that runs the tests stands for its own major version.
    const [major] = process.versions.node.split(".");
    if (name !== `Node ${major}`) return { name, version: "missing", flags, path: undefined };
    return { name, version: process.versions.node, flags, path: process.execPath };
  }
}
