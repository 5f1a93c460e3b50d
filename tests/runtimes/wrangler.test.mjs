// wrangler bundles a worker that imports the package as the README says, and the bundle runs in workerd.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { before } from "node:test";
import { compatibilityDate } from "workerd";
import { run } from "../support/child.mjs";
import { tool } from "../support/npm-tools.mjs";
import { node24 } from "../support/runtimes.mjs";
import { suiteProject } from "./project.mjs";
import { worksInWorkerd } from "./workers.mjs";

const wrangler = tool("wrangler");

let worker;
before(async () => {
  if (!node24.path) return;
  const config = { name: "shop", main: "worker.mjs", compatibility_date: compatibilityDate };
  const folder = suiteProject("wrangler", { baseUrl: "" }, ["worker.mjs"], { "wrangler.json": config });
  const args = [wrangler.path, "deploy", "--dry-run", "--outdir", "dist"];
  const env = {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    HOME: folder,
  };
  const { code, stdout, stderr } = await run(node24.path, args, { cwd: folder, env });
  assert.equal(code, 0, stdout + stderr);
  const modules = readdirSync(join(folder, "dist")).filter((name) => /\.(js|wasm)$/.test(name));
  assert.deepEqual(modules.map((name) => name.replace(/^\w{40}-/, "")).sort(), [
    "daraja_auth.wasm",
    "simulator.wasm",
    "worker.js",
  ]);
  modules.sort((name) => (name === "worker.js" ? -1 : 1));
  worker = { folder: join(folder, "dist"), modules: modules.map((path) => ({ path })) };
});

worksInWorkerd(`wrangler ${wrangler.version}'s bundle`, () => worker);
