// npm run bench [-- PART…] [--quick] [--node 20,22,24,26]: measures the cost of the package. It compares times as
// ratios, which differ less between machines than times. It asserts nothing.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PARTS = ["call", "cold", "manager", "stores", "serve", "serve-memory", "workerd", "sizes"];
/** The parts whose results depend on the version of Node. */
const OF_NODE = ["call", "cold", "manager"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, node: { type: "string" } },
});
const { quick, node } = values;
const unknown = positionals.find((part) => !PARTS.includes(part));
if (unknown) {
  console.error(`There is no part ${unknown}. The parts are ${PARTS.join(", ")}.`);
  process.exit(2);
}
const root = fileURLToPath(new URL("..", import.meta.url));
if (!existsSync(join(root, "node_modules", "mpesa-node"))) {
  console.error(
    "The benchmark compares with packages from npm. Fetch them first: npm ci --workspaces --include-workspace-root",
  );
  process.exit(1);
}
if (!existsSync(join(root, "pkg", "index.js"))) {
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
}

if (node) await inEach(node.split(","));
else await measure(positionals.length > 0 ? positionals : PARTS);

/** Runs this script in other versions of Node, which the npm packages of the tests contain. */
async function inEach(versions) {
  const { nodes } = await import("../tests/support/runtimes.mjs");
  for (const version of versions) {
    const { path } = nodes.find(({ name }) => name === `Node ${version}`) ?? {};
    if (!path) {
      console.error(
        `There is no Node ${version} here. The tests' npm packages have ${nodes.map(({ name }) => name).join(", ")}.`,
      );
      process.exit(1);
    }
    const parts = positionals.length > 0 ? positionals : OF_NODE;
    const args = [fileURLToPath(import.meta.url), ...parts, ...(quick ? ["--quick"] : [])];
    execFileSync(path, args, { stdio: "inherit" });
  }
}

async function measure(parts) {
  const { project } = await import("../tests/support/packed.mjs");
  const { startServer } = await import("../bench/server.mjs");
  const folder = project(`bench-${process.pid}`, { "package.json": { private: true } });
  const server = await startServer();
  const { baseUrl } = server;
  const run = {
    call: async () => (await import("../bench/call.mjs")).benchCall({ folder, baseUrl, rounds: quick ? 1000 : 5000 }),
    cold: async () => (await import("../bench/cold.mjs")).benchCold({ folder, server, rounds: quick ? 10 : 40 }),
    manager: async () =>
      (await import("../bench/manager.mjs")).benchManager({ folder, baseUrl, rounds: quick ? 1000 : 5000 }),
    stores: async () => {
      const size = quick ? { rounds: 300, processes: 8 } : { rounds: 2000, processes: 64 };
      return (await import("../bench/stores.mjs")).benchStores({ folder, baseUrl, ...size });
    },
    serve: async () => (await import("../bench/serve.mjs")).benchServe({ folder, rounds: quick ? 20 : 100 }),
    "serve-memory": async () =>
      (await import("../bench/serve-memory.mjs")).benchServeMemory({ folder, requests: quick ? 100_000 : 1_000_000 }),
    workerd: async () =>
      (await import("../bench/workerd.mjs")).benchWorkerd({ folder, baseUrl, rounds: quick ? 5 : 20 }),
    sizes: async () => (await import("../bench/sizes.mjs")).benchSizes({ folder }),
  };
  try {
    console.log(
      "The times hold for this machine and this moment. The ratios compare programs that ran in turns, so read the ratios.",
    );
    for (const part of parts) await run[part]();
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
