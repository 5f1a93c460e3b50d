// The code of docs/manager.md runs unchanged: sealing, and the programs that get a manager's events.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { project, root } from "../support/packed.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

const document = readFileSync(join(root, "docs", "manager.md"), "utf8");
const recipe = (name) => new RegExp(`\\n${name}:\\n\\n\`\`\`js\\n(.*?)\`\`\``, "s").exec(document)[1];

const head = (baseUrl, app) => `
import { TokenManager } from "daraja-auth";
const options = ${JSON.stringify({ baseUrl, ...app })};
`;

describe("the code of docs/manager.md", () => {
  let daraja;
  before(async () => {
    daraja = await startSimulator("manager-page");
  });
  after(() => daraja.close());

  /** Runs a file that contains a recipe, and gives what it prints. */
  async function printed(name, text, files = {}) {
    const folder = project(`manager-page-${name}`, { "package.json": { type: "module" }, "recipe.js": text, ...files });
    const { code, stdout, stderr } = await run(process.execPath, [join(folder, "recipe.js")], { cwd: folder });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }

  test("OpenTelemetry: each event is counted and timed, and belongs to the span in which it happened", async () => {
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

  test("sealing: the stored text contains no token, and can be opened again", async () => {
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

  test("diagnostics_channel: a subscriber gets each event", async () => {
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
