// npm run bench [-- --quick]: what the package costs, as ratios that hold on any machine. It asserts nothing.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { quick } = parseArgs({ options: { quick: { type: "boolean", default: false } } }).values;
const root = fileURLToPath(new URL("..", import.meta.url));
if (!existsSync(join(root, "node_modules", "mpesa-api"))) {
  console.error("The benchmark compares with packages from npm. Fetch them first: npm ci");
  process.exit(1);
}
if (!existsSync(join(root, "pkg", "index.js"))) {
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
}

const { project } = await import("../tests/packed.mjs");
const { startServer } = await import("../bench/server.mjs");
const { benchCall } = await import("../bench/call.mjs");
const { benchCold } = await import("../bench/cold.mjs");
const { benchManager } = await import("../bench/manager.mjs");
const { benchSizes } = await import("../bench/sizes.mjs");
const { benchStores } = await import("../bench/stores.mjs");
const { benchWorkerd } = await import("../bench/workerd.mjs");

const folder = project(`bench-${process.pid}`, {
  "package.json": { private: true },
  "node_modules/empty-package/package.json": { exports: { import: "./index.mjs", require: "./index.cjs" } },
  "node_modules/empty-package/index.mjs": "",
  "node_modules/empty-package/index.cjs": "",
});
const server = await startServer();
try {
  const { baseUrl } = server;
  console.log("Times are this machine's, now. Ratios compare what ran in turns in this one run: read those.");
  await benchCall({ folder, baseUrl, rounds: quick ? 1000 : 5000 });
  await benchManager({ folder, baseUrl, rounds: quick ? 1000 : 5000 });
  await benchStores({ folder, baseUrl, rounds: quick ? 300 : 2000, processes: quick ? 8 : 64 });
  await benchCold({ folder, baseUrl, rounds: quick ? 10 : 40 });
  await benchWorkerd({ folder, baseUrl, rounds: quick ? 5 : 20 });
  benchSizes({ folder });
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
