// Recipes with other HTTP clients: axios, got and ky use a manager's tokens at a simulated Daraja.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import { run } from "../../support/child.mjs";
import { node24, on } from "../../support/runtimes.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";
import { blocksOf, outcomesOf, recipeProject, variablesOf } from "./recipe.mjs";

const PAY = "/mpesa/b2c/v3/paymentrequest";
const QUERY = "/mpesa/transactionstatus/v1/query";

/** How each client sends a request, `{ path, json?, body?, headers? }`, and gives the status of the answer. */
const CLIENTS = {
  axios: `({ path, json, body, headers }) =>
    daraja.post(path, json ?? body, { headers }).then((r) => r.status, (error) => error.response.status)`,
  ky: `({ path, json, body, headers }) =>
    daraja.post(path.slice(1), { json, body, headers, duplex: "half", throwHttpErrors: false }).then((r) => r.status)`,
  got: `({ path, json, body, headers }) =>
    daraja.post(path.slice(1), { json, body, headers }).then((r) => r.statusCode)`,
};
const READABLE = "(await import('node:stream')).Readable.from([Buffer.from('{}')])";
const filled = (form) => `await (async () => { const form = new (${form})(); form.append("a", "1"); return form; })()`;
/** The bodies that each client can read only once. */
const STREAMS = {
  axios: { "a Readable": READABLE, "form-data's form": filled("(await import('form-data')).default") },
  // ky makes a Request of each call, and tokens.fetch reads the whole body of a Request, so it can send the body again.
  ky: {},
  got: { "a Readable": READABLE, "a FormData": filled("FormData") },
};

/** A server that answers /status/N with the status N and no body. Its tokens are those of the simulator. */
async function startBodiless(home) {
  const server = createServer(async (request, response) => {
    request.resume();
    const [, kind, status] = request.url.split("/");
    if (kind === "status") return response.writeHead(Number(status)).end();
    const { authorization } = request.headers;
    const granted = await fetch(home + request.url, { headers: { authorization } });
    response.setHeader("Content-Type", "application/json").end(await granted.text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { baseUrl: `http://127.0.0.1:${server.address().port}`, close };
}

describe("the recipe for", on(node24), () => {
  let daraja;
  let outcomes;
  let bodiless;
  before(async () => {
    daraja = await startSimulator("recipes-clients");
    bodiless = await startBodiless(daraja.baseUrl);
  });
  after(async () => {
    await bodiless.close();
    await daraja.close();
  });
  beforeEach(() => {
    daraja.simulator.clearFaults();
    outcomes = outcomesOf(daraja);
    outcomes();
  });

  for (const [name, post] of Object.entries(CLIENTS)) {
    /** Runs a program with the recipe, `post`, and `endToken`, which ends the token. Gives the JSON that it prints. */
    async function printed(program, baseUrl = daraja.baseUrl) {
      const text = `${blocksOf(name)[0].code}
import { generateToken } from "daraja-auth";
const endToken = () => generateToken({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  baseUrl: process.env.DARAJA_BASE_URL,
});
const post = ${post};
const json = { Amount: 1 };
${program}`;
      const cwd = recipeProject(`client-${name}`, { "recipe.js": text });
      const env = variablesOf({ ...daraja, baseUrl });
      const { code, stdout, stderr } = await run(node24.path, ["recipe.js"], { cwd, env });
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    }

    test(`${name}: a request is sent once more after a token rejection, and after no other answer`, async () => {
      daraja.simulator.inject({ kind: "unavailable", path: QUERY, times: 1 });
      const statuses = await printed(`const statuses = [await post({ path: "${PAY}", json })];
await endToken();
statuses.push(await post({ path: "${PAY}", json }), await post({ path: "${QUERY}", json }));
console.log(JSON.stringify(statuses));`);
      assert.deepEqual(statuses, [200, 200, 503]);
      assert.deepEqual(outcomes(), ["token", "accepted", "token", "dead-token", "token", "accepted", "unavailable"]);
    });

    test(`${name}: answers without a body reach the caller`, async () => {
      const program = `const statuses = [];
for (const status of [204, 205, 304]) statuses.push(await post({ path: "/status/" + status, json }));
console.log(JSON.stringify(statuses));`;
      const statuses = await printed(program, bodiless.baseUrl);
      assert.deepEqual(statuses, [204, 205, 304]);
    });

    for (const [kind, body] of Object.entries(STREAMS[name])) {
      test(`${name}: ${kind} is sent once, and the next request has a new token`, async () => {
        const statuses = await printed(`await post({ path: "${PAY}", json });
await endToken();
const body = ${body};
const headers = body.getHeaders?.() ?? (typeof body.append === "function" ? {} : { "Content-Type": "application/json" });
console.log(JSON.stringify([await post({ path: "${PAY}", body, headers }), await post({ path: "${PAY}", json })]));`);
        assert.deepEqual(statuses, [404, 200]);
        assert.deepEqual(outcomes(), ["token", "accepted", "token", "dead-token", "token", "accepted"]);
      });
    }
  }
});
