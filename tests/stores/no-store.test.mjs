// The warning for a manager without a store in an environment that runs several processes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { project } from "../support/packed.mjs";

const folder = project("no-store");
const MANAGER = `new (require("daraja-auth").TokenManager)({ consumerKey: "key", consumerSecret: "secret" });`;
const STORE = `store: require("daraja-auth").memoryStore()`;

/** What Node prints on stderr for a script in that environment. */
function printed(script, env = {}, args = []) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(pm_|VERCEL|NODE_)/.test(name)));
  const options = { cwd: folder, encoding: "utf8", env: { ...clean, ...env } };
  const { stdout, stderr } = spawnSync(process.execPath, [...args, "--eval", script], options);
  assert.equal(stdout, "");
  return stderr.replace(/\(Use `node --trace-warnings.*\n/, "");
}

const warning = (place) =>
  `[DARAJA_AUTH_NO_STORE] DarajaAuthWarning: Without a store each process (${place}) has a token of its own, which ends ` +
  "the others' tokens. Give TokenManager a store, or memoryStore() if there is one process.\n";
const withoutPid = (text) => text.replace(/^\(node:\d+\) /gm, "");

describe("a TokenManager without a store", () => {
  for (const [place, env] of [
    ["VERCEL", { VERCEL: "1", AWS_LAMBDA_FUNCTION_NAME: "f" }],
    ["AWS_LAMBDA_FUNCTION_NAME", { AWS_LAMBDA_FUNCTION_NAME: "pay" }],
    ["K_SERVICE", { K_SERVICE: "pay" }],
    ["pm_id", { pm_id: "0" }],
  ]) {
    test(`warns once if ${place} is set`, () => {
      assert.equal(withoutPid(printed(MANAGER + MANAGER, env)), warning(place));
    });
  }

  test("warns in a worker of a cluster, and not in its primary", () => {
    const script = `require("node:fs").writeFileSync("worker.cjs", ${JSON.stringify(`${MANAGER} process.disconnect();`)});
      const cluster = require("node:cluster");
      ${MANAGER}
      cluster.setupPrimary({ exec: require("node:path").resolve("worker.cjs"), execArgv: [] });
      cluster.fork();`;
    assert.equal(withoutPid(printed(script)), warning("cluster"));
  });

  test("warns in a worker thread", () => {
    const script = `new (require("node:worker_threads").Worker)(${JSON.stringify(MANAGER)}, { eval: true });`;
    assert.equal(withoutPid(printed(script)), warning("worker_threads"));
  });

  test("does not warn in a single process or in a child process", () => {
    assert.equal(printed(MANAGER), "");
    const fork = `require("node:fs").writeFileSync("child.cjs", ${JSON.stringify(`${MANAGER} process.disconnect();`)});
      require("node:child_process").fork("./child.cjs", { execArgv: [] });`;
    assert.equal(printed(fork), "");
  });

  test("does not warn with memoryStore(), or if Node's option disables the warning", () => {
    const env = { VERCEL: "1" };
    assert.equal(printed(MANAGER.replace("{", `{ ${STORE},`), env), "");
    assert.equal(printed(MANAGER, env, ["--disable-warning=DARAJA_AUTH_NO_STORE"]), "");
  });

  test("does not warn for a variable that only Object.prototype has", () => {
    assert.equal(printed(`Object.prototype.VERCEL = "1"; ${MANAGER}`), "");
  });
});
