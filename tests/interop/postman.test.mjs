// newman runs the Postman collection, as users do, against the packed `daraja-auth simulate`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../support/child.mjs";
import { tool } from "../support/npm-tools.mjs";
import { root } from "../support/packed.mjs";
import { installed } from "./simulate.mjs";

/** The number of assertions of the collection, and the number without the folder that only runs on the simulator. */
const ASSERTIONS = 15;
const HARMLESS_ASSERTIONS = 8;

const file = (name) => join(root, "postman", name);
const read = (name) => JSON.parse(readFileSync(file(name), "utf8"));
const { folder, prints, simulate } = installed("postman");
const { path: newman, version } = tool("newman");

const TOKEN = "GET /oauth/v1/generate client_credentials";
const QUERY = "POST /mpesa/stkpushquery/v1/query {}";
const PUSH = "POST /mpesa/stkpush/v1/processrequest";

/** Runs the collection in an environment with some variables changed. Gives the exit code and the failed assertions. */
async function collection(environment, variables) {
  const report = join(folder, "report.json");
  const overrides = Object.entries(variables).flatMap(([name, value]) => ["--env-var", `${name}=${value}`]);
  const files = [file("daraja-auth.postman_collection.json"), "-e", file(`${environment}.postman_environment.json`)];
  const reporter = ["--reporters", "json", "--reporter-json-export", report];
  // The simulator is on this machine, so no proxy is used.
  const env = { NO_PROXY: "*" };
  const { code } = await run(process.execPath, [newman, "run", ...files, ...reporter, ...overrides], { env });
  const { stats, failures, executions } = JSON.parse(readFileSync(report, "utf8")).run;
  return {
    code,
    assertions: stats.assertions.total,
    failed: failures.map(({ source, error }) => `${source.name}: ${error.test ?? error.message}`),
    sent: executions.filter(({ response }) => response).length,
  };
}

/** The requests that a simulator got, one line for each. */
async function log(simulator) {
  const requests = await simulator.requests();
  return requests.map(({ request: { method, path, query, body } }) =>
    [method, path, query.grant_type ?? (path.endsWith("query") ? body : [])].flat().join(" "),
  );
}

test(`newman ${version}: every request passes on the simulator, with all ${ASSERTIONS} assertions`, async (t) => {
  const simulator = await simulate(t);
  const passed = { code: 0, assertions: ASSERTIONS, failed: [], sent: 12 };
  assert.deepEqual(await collection("simulator", { baseUrl: simulator.url }), passed);
  const refusals = [TOKEN, TOKEN.replace("client_credentials", "password"), TOKEN, TOKEN, QUERY, QUERY];
  assert.deepEqual(await log(simulator), [TOKEN, QUERY, TOKEN, QUERY, QUERY, ...refusals, PUSH]);
});

for (const [what, args, failed] of [
  ["lets a replaced token live", ["--no-supersede"], ["Use the replaced token: The other token has invalidated it"]],
  ["arrests a spike", ["--fault", "spike-arrest:path=/mpesa/"], ["Use the token: The gateway lets the token through"]],
  [
    "sends half of a token",
    ["--fault", "truncated:path=/oauth/"],
    [
      "Get a token: The answer has access_token and expires_in, and nothing else",
      "Get a token: The token has 28 characters, letters and digits",
      "Get a token: expires_in is digits, which are seconds",
      "Use the token: The gateway lets the token through",
      "Use the replaced token: The other token has invalidated it",
    ],
  ],
]) {
  test(`if the simulator ${what}, only the assertions about that fail, and newman exits with 1`, async (t) => {
    const { url } = await simulate(t, ...args);
    const { code, assertions, failed: actual } = await collection("simulator", { baseUrl: url });
    assert.deepEqual({ code, assertions, failed: actual }, { code: 1, assertions: ASSERTIONS, failed });
  });
}

test("each assertion fails if Daraja is unavailable", async (t) => {
  const { url } = await simulate(t, "--fault", "unavailable:rate=1");
  const { code, assertions, failed } = await collection("simulator", { baseUrl: url });
  assert.deepEqual([code, assertions, failed.length], [1, ASSERTIONS, ASSERTIONS], failed.join("\n"));
});

test("the sandbox gets only requests for a token and empty queries", async (t) => {
  const simulator = await simulate(t);
  const passed = { code: 0, assertions: HARMLESS_ASSERTIONS, failed: [], sent: 5 };
  assert.deepEqual(await collection("sandbox", { baseUrl: simulator.url, ...simulator.app }), passed);
  assert.deepEqual(await log(simulator), [TOKEN, QUERY, TOKEN, QUERY, QUERY]);
});

test("a host of Safaricom never counts as a simulator, even if the environment says so", async (t) => {
  const simulator = await simulate(t);
  const baseUrl = simulator.url.replace("127.0.0.1", "sandbox.safaricom.co.ke.localhost");
  const passed = { code: 0, assertions: HARMLESS_ASSERTIONS, failed: [], sent: 5 };
  assert.deepEqual(await collection("simulator", { baseUrl }), passed);
  assert.deepEqual(await log(simulator), [TOKEN, QUERY, TOKEN, QUERY, QUERY]);
});

const valuesOf = (name) => read(`${name}.postman_environment.json`).values;
const byKey = (values) => Object.fromEntries(values.map(({ key, value }) => [key, value]));

test("the sandbox's environment contains no secret", () => {
  const { baseUrl, isSimulator, ...secrets } = byKey(valuesOf("sandbox"));
  assert.deepEqual([baseUrl, isSimulator], ["https://sandbox.safaricom.co.ke", "false"]);
  assert.deepEqual(secrets, { consumerKey: "", consumerSecret: "", accessToken: "", replacedToken: "" });
});

test("the simulator's environment has the first sample app, and the port that `daraja-auth simulate` takes", async (t) => {
  const [, port] = /--port N .*\(default: (\d+)\)/.exec(await prints("simulate", "--help"));
  const { app } = await simulate(t);
  assert.deepEqual(byKey(valuesOf("simulator")), {
    baseUrl: `http://127.0.0.1:${port}`,
    isSimulator: "true",
    ...app,
    accessToken: "",
    replacedToken: "",
  });
});

test("both environments hide their secrets, and have every variable of the collection", () => {
  const text = readFileSync(file("daraja-auth.postman_collection.json"), "utf8");
  const used = new Set([...text.matchAll(/\{\{(\w+)\}\}|environment\.[gs]et\(\\"(\w+)\\"/g)].map(([, a, b]) => a ?? b));
  for (const values of ["sandbox", "simulator"].map(valuesOf)) {
    assert.deepEqual(values.map(({ key }) => key).sort(), [...used].sort());
    assert.deepEqual(
      values.filter(({ type }) => type === "secret").map(({ key }) => key),
      ["consumerKey", "consumerSecret", "accessToken", "replacedToken"],
    );
  }
});
