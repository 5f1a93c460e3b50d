// The recipe for Cloudflare Workers. wrangler starts it in workerd, with a simulated Daraja.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../support/child.mjs";
import { tool } from "../../support/npm-tools.mjs";
import { node24, on } from "../../support/runtimes.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";
import { filesOf, outcomesOf, pay, payment, recipeProject, variablesOf } from "./recipe.mjs";

test("customers of a worker pay with one token, and a firewall's block gives them 502", on(node24), async (t) => {
  const daraja = await startSimulator("recipe-cloudflare");
  t.after(() => daraja.close());
  const outcomes = outcomesOf(daraja);
  const variables = Object.entries(variablesOf(daraja)).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  const cwd = recipeProject("cloudflare", {
    ...filesOf("cloudflare"),
    "payment.js": payment,
    ".dev.vars": variables.join(""),
  });
  const env = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_UPDATE_NOTIFIER: "1" };
  const args = [tool("wrangler").path, "dev", "--ip", "127.0.0.1", "--port", "0"];
  const server = await serve(node24.path, args, { cwd, env, ready: /http:\/\/127\.0\.0\.1:\d+/ });
  t.after(server.stop);
  const answers = [await pay(server.match[0]), await pay(server.match[0])];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202],
  );
  assert.deepEqual(outcomes(), ["token", "accepted", "accepted"]);
  await daraja.generateElsewhere();
  daraja.simulator.inject({ kind: "blocked-403", path: "/oauth/", times: 1 });
  const { status, body } = await pay(server.match[0]);
  assert.deepEqual([status, body.message], [502, "The payment could not be started."]);
});
