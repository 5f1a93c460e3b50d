// The recipes of docs/manager.md, as they stand there: other HTTP clients with a manager's tokens, and its events.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { project, root } from "../support/packed.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

const document = readFileSync(join(root, "docs", "manager.md"), "utf8");
const recipe = (name) => new RegExp(`\\n${name}:\\n\\n\`\`\`js\\n(.*?)\`\`\``, "s").exec(document)[1];

const PAY = "/mpesa/b2c/v3/paymentrequest";
const QUERY = "/mpesa/transactionstatus/v1/query";
const head = (baseUrl, app) => `
import { isTokenRejected, TokenManager } from "daraja-auth";
const options = ${JSON.stringify({ baseUrl, ...app })};
`;

/** How each client is imported, and how it posts to a path and gives the status of the answer. */
const CLIENTS = {
  axios: {
    imports: "",
    post: "(path) => daraja.post(path, { Amount: 1 }).then((r) => r.status, (error) => error.response.status)",
  },
  ky: {
    imports: 'import ky from "ky";',
    post: "(path) => daraja.post(path.slice(1), { json: { Amount: 1 }, throwHttpErrors: false }).then((r) => r.status)",
  },
  got: {
    imports: 'import got from "got";',
    post: "(path) => daraja.post(path.slice(1), { json: { Amount: 1 } }).then((r) => r.statusCode)",
  },
};

describe("a recipe of docs/manager.md", on(node24), () => {
  let daraja;
  before(async () => {
    daraja = await startSimulator("recipes");
  });
  after(() => daraja.close());

  /** What a file prints that has a recipe in it. */
  async function printed(name, text, files = {}) {
    const folder = project(`recipes-${name}`, { "package.json": { type: "module" }, "recipe.js": text, ...files });
    const { code, stdout, stderr } = await run(node24.path, [join(folder, "recipe.js")], { cwd: folder });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }

  for (const [name, { imports, post }] of Object.entries(CLIENTS)) {
    test(`${name}: a refused token is replaced and the request sent once more; another refusal is the answer`, async () => {
      const { simulator, baseUrl, app } = daraja;
      simulator.inject({ kind: "unavailable", path: QUERY, times: 1 });
      const already = simulator.requests.length;
      const client = recipe(name).replaceAll("https://api.safaricom.co.ke", baseUrl);
      const statuses = await printed(
        name,
        `${imports}
${head(baseUrl, app)}
const tokens = new TokenManager(options);
${client}
const post = ${post};
const statuses = [await post("${PAY}")];
const { memoryStore } = await import("daraja-auth");
await new TokenManager({ ...options, store: memoryStore() }).getToken();
statuses.push(await post("${PAY}"), await post("${QUERY}"));
console.log(JSON.stringify(statuses));
`,
      );
      assert.deepEqual(statuses, [200, 200, 503]);
      assert.deepEqual(
        simulator.requests.slice(already).map(({ outcome }) => outcome),
        ["token", "accepted", "token", "dead-token", "token", "accepted", "unavailable"],
      );
    });
  }

  test("OpenTelemetry: each event is counted and timed, and belongs to the span that it happened in", async () => {
    const { baseUrl, app } = daraja;
    const providers = `
import { context, metrics, ROOT_CONTEXT, trace } from "@opentelemetry/api";
export const seen = [];
const instrument = (name) => ({ add: (_, { type }) => seen.push(name + " " + type), record: (_, { type }) => seen.push(name + " " + type) });
metrics.setGlobalMeterProvider({ getMeter: () => ({ createCounter: instrument, createHistogram: instrument }) });
const active = trace.setSpan(ROOT_CONTEXT, { addEvent: (name) => seen.push("span " + name) });
context.setGlobalContextManager({ active: () => active });
`;
    const text = `
import { seen } from "./providers.js";
${recipe("OpenTelemetry")}
${head(baseUrl, app)}
await new TokenManager({ ...options, onEvent }).getToken();
console.log(JSON.stringify(seen));
`;
    const seen = await printed("opentelemetry", text, { "providers.js": providers });
    assert.deepEqual(
      seen.filter((line) => line !== "daraja.token.duration lease-taken"),
      [
        "daraja.token.events lease-taken",
        "span daraja.token.lease-taken",
        "daraja.token.events generated",
        "daraja.token.duration generated",
        "span daraja.token.generated",
      ],
    );
  });

  test("sealing: what is stored has no token in it, and opens again", async () => {
    const { baseUrl, app } = daraja;
    const [, code] = /## Sealing\n.*?```js\n(.*?)```/s.exec(document);
    const text = `
import { memoryStore } from "daraja-auth";
process.env.DARAJA_SEAL_KEY = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
${code}
${head(baseUrl, app)}
let stored = "";
const inner = memoryStore();
const compareAndSwap = (key, expected, next, options) => {
  stored += next.value;
  return inner.compareAndSwap(key, expected, next, options);
};
const store = { ...inner, compareAndSwap };
const [first, second] = [1, 2].map(() => new TokenManager({ ...options, store, seal, open }));
const { accessToken } = await first.getToken();
console.log(JSON.stringify([stored.includes('"sealed":true'), stored.includes(accessToken), (await second.getToken()).accessToken === accessToken]));
`;
    assert.deepEqual(await printed("sealing", text), [true, false, true]);
  });

  test("diagnostics_channel: whoever subscribes gets each event", async () => {
    const { baseUrl, app } = daraja;
    const text = `
import { subscribe } from "node:diagnostics_channel";
${recipe("`diagnostics_channel`")}
${head(baseUrl, app)}
const seen = [];
subscribe("daraja-auth", ({ type }) => seen.push(type));
await new TokenManager({ ...options, onEvent }).getToken();
console.log(JSON.stringify(seen));
`;
    assert.deepEqual(await printed("channel", text), ["lease-taken", "generated"]);
  });
});
