// Recipes with a server at a simulated Daraja: Express, NestJS, Lambda, and several processes.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startDynalite, table } from "../../stores/engines/dynalite.mjs";
import { run, serve } from "../../support/child.mjs";
import { node24, on } from "../../support/runtimes.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";
import { blocksOf, filesOf, outcomesOf, pay, payment, recipeProject, variablesOf } from "./recipe.mjs";

const require = createRequire(import.meta.url);
const READY = /http:\/\/[\w.]+:(\d+)/;

let daraja;
let outcomes;
before(async () => {
  daraja = await startSimulator("recipes-servers");
  outcomes = outcomesOf(daraja);
});
after(() => daraja.close());

/** Starts a server of the project on a port of its own. */
async function starts(t, cwd, args, env = {}) {
  const server = await serve(node24.path, args, {
    cwd,
    env: { ...variablesOf(daraja), PORT: "0", ...env },
    ready: READY,
  });
  t.after(server.stop);
  return { ...server, url: `http://127.0.0.1:${server.match[1]}` };
}

/**
 * Two customers pay with one token. Another program ends the token, and a third customer pays. A fourth customer gets
 * an error, because the firewall blocks the request for a token.
 */
async function customersPay(url) {
  assert.deepEqual(outcomes(), []);
  for (let customer = 0; customer < 2; customer++) {
    const { status, body } = await pay(`${url}/pay`);
    assert.ok([201, 202].includes(status), JSON.stringify(body));
    assert.match(body.CheckoutRequestID, /^ws_CO_/);
  }
  assert.deepEqual(outcomes(), ["token", "accepted", "accepted"]);
  await daraja.generateElsewhere();
  assert.match((await pay(`${url}/pay`)).body.CheckoutRequestID, /^ws_CO_/);
  assert.deepEqual(outcomes(), ["token", "dead-token", "token", "accepted"]);
  await daraja.generateElsewhere();
  daraja.simulator.inject({ kind: "blocked-403", path: "/oauth/", times: 1 });
  const { status, body } = await pay(`${url}/pay`);
  assert.deepEqual([status, body.message], [502, "The payment could not be started."]);
  assert.deepEqual(outcomes(), ["token", "dead-token", "blocked-403"]);
}

test("Express: customers pay, the callback is accepted, and an error is only in the log", on(node24), async (t) => {
  const cwd = recipeProject("express", { ...filesOf("express"), "payment.js": payment });
  const { url, output } = await starts(t, cwd, ["server.js"]);
  await customersPay(url);
  assert.match(output.stderr, /ERR_DARAJA_BLOCKED/);
  const stkCallback = { CheckoutRequestID: "ws_CO_1", ResultCode: 1032, ResultDesc: "Request cancelled by user" };
  assert.equal((await pay(`${url}/paid`, { Body: { stkCallback } })).body.ResultCode, 0);
  assert.match(output.stdout, /ws_CO_1 Request cancelled by user/);
});

test("NestJS: TypeScript compiles the files, and customers pay", on(node24), async (t) => {
  const tsc = join(dirname(require.resolve("typescript-5/package.json")), "bin", "tsc");
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    outDir: "dist",
    strict: true,
    allowJs: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ["node"],
  };
  const main = `import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";
const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, "127.0.0.1");
console.log(await app.getUrl());
`;
  const cwd = recipeProject("nestjs", {
    ...filesOf("nestjs"),
    "payment.js": payment,
    "main.ts": main,
    "tsconfig.json": { compilerOptions, files: ["main.ts", "payment.js"] },
  });
  const { code, stdout } = await run(node24.path, [tsc, "--pretty", "false"], { cwd });
  assert.equal(code, 0, stdout);
  const { url, output } = await starts(t, cwd, ["dist/main.js"]);
  await customersPay(url);
  assert.match(output.stderr, /ERR_DARAJA_BLOCKED/);
});

test("Lambda: two instances share one token in DynamoDB", on(node24), async (t) => {
  const dynalite = await startDynalite();
  t.after(() => dynalite.stop());
  const { "index.mjs": code } = filesOf("lambda");
  const cwd = recipeProject("lambda", { "index.mjs": code.replace("daraja-tokens", table), "payment.js": payment });
  const file = pathToFileURL(join(cwd, "index.mjs")).href;
  const invoke = `const { handler } = await import(${JSON.stringify(file)});
const event = { body: JSON.stringify({ phone: "254712345678", amount: 1 }) };
console.log(JSON.stringify([await handler(event), await handler(event)]));`;
  const env = {
    ...variablesOf(daraja),
    AWS_ENDPOINT_URL: `http://127.0.0.1:${dynalite.port}`,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  outcomes();
  for (let instance = 0; instance < 2; instance++) {
    const { stdout, stderr } = await run(node24.path, ["--input-type=module", "--eval", invoke], { cwd, env });
    assert.ok(stdout.startsWith("["), stderr);
    for (const { statusCode, body } of JSON.parse(stdout)) {
      assert.equal(statusCode, 202);
      assert.match(body, /ws_CO_/);
    }
  }
  assert.deepEqual(outcomes(), ["token", ...Array.from({ length: 4 }, () => "accepted")]);
});

test("pm2: all processes that the configuration starts use the same token", on(node24), async (t) => {
  const store = mkdtempSync(join(tmpdir(), "daraja-recipe-"));
  t.after(() => rmSync(store, { recursive: true, force: true }));
  const files = filesOf("express");
  const { "tokens.js": _, ...configuration } = filesOf("docker-pm2");
  const cwd = recipeProject("pm2", {
    ...files,
    ...configuration,
    "payment.js": payment,
    "tokens.js": tokensFile("fileStore").replace("/var/lib/shop/daraja-tokens", store),
    // Starts the processes as pm2 does: with node:cluster, so that they share the port.
    "pm2.cjs": `const cluster = require("node:cluster");
const [{ script, exec_mode, node_args }] = require("./ecosystem.config.cjs").apps;
if (exec_mode !== "cluster" || node_args !== "--env-file=.env") throw new Error("another configuration");
cluster.setupPrimary({ exec: script, execArgv: [node_args] });
for (let instance = 0; instance < 3; instance++) cluster.fork();
`,
    ".env": "",
  });
  outcomes();
  const { url } = await starts(t, cwd, ["pm2.cjs"]);
  const answers = await Promise.all(Array.from({ length: 12 }, () => pay(`${url}/pay`)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  assert.deepEqual(outcomes(), ["token", ...Array.from({ length: 12 }, () => "accepted")]);
});

/** The version of docker-pm2.md's tokens.js with that store. */
function tokensFile(store) {
  return blocksOf("docker-pm2").find(({ code }) => code.includes(store)).code;
}
