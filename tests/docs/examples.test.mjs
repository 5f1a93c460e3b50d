// The examples run with the packed package, and customers pay with them at a simulated Daraja.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Redis } from "ioredis";
import { startDynalite, table } from "../stores/engines/dynalite.mjs";
import { freePort } from "../stores/engines/program.mjs";
import { startRedis } from "../stores/engines/redis.mjs";
import { startUpstash, token } from "../stores/engines/upstash.mjs";
import { root } from "../support/packed.mjs";
import { bun, deno, node24, on } from "../support/runtimes.mjs";
import { startSimulator } from "../support/simulator-server.mjs";
import { until } from "../support/visitors.mjs";
import { example, names, startLambda } from "./examples.mjs";

const PASSKEY = "a passkey for tests";
const PATH = "/mpesa/stkpush/v1/processrequest";
const asked = { message: "Enter your M-PESA PIN on your phone." };
const failed = { message: "The payment could not be started. If your phone asks for no PIN, please try again later." };
const order = { phoneNumber: "0712 345 678", amount: 100, reference: "Order 7" };

/** Turns off update checks and statistics, which need the internet. */
const quiet = {
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_NO_UPDATE_CHECK: "1",
  NO_UPDATE_NOTIFIER: "1",
};

/**
 * The runtime of each example. Customers pay at `paths`, or at /pay. `store` starts the example's store. `start` starts
 * an example that needs more than `npm start`.
 */
const examples = {
  express: { runtime: node24 },
  hono: { runtime: node24 },
  deno: { runtime: deno },
  bun: { runtime: bun },
  lambda: {
    runtime: node24,
    async store(t) {
      const engine = await startDynalite();
      t.after(() => engine.stop());
      return {
        DARAJA_TABLE: table,
        AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${engine.port}`,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      };
    },
    async start(t, chosen) {
      const { folder, runs } = example("lambda", chosen);
      await runs("build");
      return startLambda(t, join(folder, "dist", "index.cjs"), chosen);
    },
  },
  next: {
    runtime: node24,
    paths: ["/node/pay", "/edge/pay"],
    async store(t) {
      const redis = await startRedis();
      const client = new Redis({ port: redis.port, host: "127.0.0.1" });
      const upstash = await startUpstash(client);
      t.after(async () => {
        client.disconnect();
        await upstash.stop();
        await redis.stop();
      });
      return { UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${upstash.port}`, UPSTASH_REDIS_REST_TOKEN: token };
    },
    async start(_t, chosen) {
      const { runs, starts } = example("next", chosen);
      await runs("build");
      return starts("--hostname", "127.0.0.1");
    },
  },
  cloudflare: {
    runtime: node24,
    start(_t, chosen) {
      return example("cloudflare", chosen, ".dev.vars").starts("--ip", "127.0.0.1", "--port", "0");
    },
  },
};
const plainly = (name) => (_t, chosen) => example(name, chosen).starts();

test("each example is tested, and examples/README.md has the paths where customers pay", () => {
  assert.deepEqual(Object.keys(examples).sort(), names);
  const page = readFileSync(join(root, "examples", "README.md"), "utf8");
  for (const [name, { paths = ["/pay"] }] of Object.entries(examples)) {
    const row = page.split("\n").find((line) => line.startsWith(`| [${name}](${name})`));
    const told = [...row.matchAll(/`http:\/\/127\.0\.0\.1:\d+(\/[^`]*)`/g)].map(([, path]) => path);
    assert.deepEqual(told, name === "lambda" ? [] : paths, name);
  }
});

/** A simulated Daraja, and the variables that lead to it. */
async function darajaFor(t, name) {
  const daraja = await startSimulator(`example-${name}`, { passkey: PASSKEY });
  t.after(() => daraja.close());
  const { consumerKey, consumerSecret } = daraja.app;
  const variables = {
    DARAJA_CONSUMER_KEY: consumerKey,
    DARAJA_CONSUMER_SECRET: consumerSecret,
    DARAJA_BASE_URL: daraja.baseUrl,
    DARAJA_SHORTCODE: "600000",
    DARAJA_PASSKEY: PASSKEY,
    DARAJA_CALLBACK_URL: "https://shop.example/paid",
  };
  return { daraja, variables };
}

for (const [name, { runtime, paths = ["/pay"], store = () => ({}), start = plainly(name) }] of Object.entries(
  examples,
)) {
  test(`customers pay with the example for ${name}`, on(runtime), async (t) => {
    const { daraja, variables } = await darajaFor(t, name);
    Object.assign(variables, await store(t));
    const server = await start(t, { program: runtime.path, variables, quiet });
    t.after(server.stop);
    for (const path of paths) {
      const place = { path, isFirst: path === paths[0], isLast: path === paths.at(-1) };
      await pays(t, { ...place, url: server.match[0] + path, daraja, env: variables, output: server.output });
    }
  });
}

test("four instances of the Lambda function share one token, and no payment is lost", on(node24), async (t) => {
  const { daraja, variables } = await darajaFor(t, "lambda-fleet");
  Object.assign(variables, await examples.lambda.store(t));
  const chosen = { program: node24.path, variables, quiet };
  const { folder, runs } = example("lambda", chosen);
  await runs("build");
  const file = join(folder, "dist", "index.cjs");
  const instances = await Promise.all(Array.from({ length: 4 }, () => startLambda(t, file, chosen)));
  for (const { stop } of instances) t.after(stop);
  const paid = await Promise.all(Array.from({ length: 60 }, (_, i) => pay(instances[i % 4].match[0], order)));
  assert.deepEqual(new Set(paid.map(({ status }) => status)), new Set([202]));
  assert.deepEqual([daraja.count("token"), daraja.count("accepted"), daraja.count("dead-token")], [1, 60, 0]);
  // npm start makes one call on this machine, as examples/README.md says, with the token of the instances.
  assert.match(await runs("start"), /statusCode: 202/);
  assert.equal(daraja.count("token"), 1);
});

test("the Express example prints from Daraja's callback whether a customer has paid", on(node24), async (t) => {
  const { daraja, variables } = await darajaFor(t, "callback");
  const { DARAJA_CALLBACK_URL: _, ...others } = variables;
  const chosen = { program: node24.path, variables: { ...others, PORT: String(await freePort()) }, quiet };
  const server = await example("express", chosen).starts();
  t.after(server.stop);
  await pay(`${server.match[0]}/pay`, order);
  await until(() => /^ws_CO_\d+: paid, \w+$/m.test(server.output.stdout));
  daraja.simulator.setStkResult("cancelled");
  await pay(`${server.match[0]}/pay`, order);
  await until(() => /^ws_CO_\d+: not paid: .*cancel/im.test(server.output.stdout));
});

describe("the settings of the paybill", async () => {
  const { paybillFrom } = await import("../../examples/stk-push.mjs");

  test("have defaults for the sandbox and for a local simulator, whose callbacks go to the example's server", () => {
    const { shortcode, callbackUrl } = paybillFrom({}, "https://sandbox.safaricom.co.ke");
    assert.deepEqual([shortcode, callbackUrl], ["174379", "https://example.com/paid"]);
    assert.equal(paybillFrom({ PORT: "8080" }, "http://127.0.0.1:8254").callbackUrl, "http://127.0.0.1:8080/paid");
  });

  test("cause an error in production that names the variables that are not set", () => {
    const message =
      "DARAJA_PASSKEY, DARAJA_CALLBACK_URL: not set, and api.safaricom.co.ke moves real money. Set what Safaricom gave you with your paybill.";
    assert.throws(() => paybillFrom({ DARAJA_SHORTCODE: "600000" }, "https://api.safaricom.co.ke"), { message });
  });
});

/** Tests what customers see at a URL, and which requests Daraja gets. */
async function pays(t, { path, isFirst, isLast, url, daraja, env, output }) {
  const { simulator } = daraja;
  let seen = simulator.requests.length;
  /** How the requests ended since the last call of this function. */
  const outcomes = () => {
    const all = simulator.requests.slice(seen).map(({ outcome }) => outcome);
    seen += all.length;
    return all;
  };

  await t.test(`${path}: two customers are asked for their PIN, and one token is used`, async () => {
    assert.deepEqual(
      [await pay(url, order), await pay(url, order)],
      [
        { status: 202, body: asked },
        { status: 202, body: asked },
      ],
    );
    const requests = simulator.requests.slice(seen);
    assert.deepEqual(outcomes(), [...(isFirst ? ["token"] : []), "accepted", "accepted"]);
    for (const { method, path, headers, body } of requests.slice(-2)) {
      assert.deepEqual([method, path], ["POST", PATH]);
      assert.match(new Headers(headers).get("content-type"), /^application\/json/);
      const sent = JSON.parse(body);
      assert.match(sent.Timestamp, /^20\d{12}$/);
      assert.deepEqual(sent, {
        BusinessShortCode: "600000",
        Password: Buffer.from(`600000${env.DARAJA_PASSKEY}${sent.Timestamp}`).toString("base64"),
        Timestamp: sent.Timestamp,
        TransactionType: "CustomerPayBillOnline",
        Amount: 100,
        PartyA: "254712345678",
        PartyB: "600000",
        PhoneNumber: "254712345678",
        CallBackURL: "https://shop.example/paid",
        AccountReference: "Order 7",
        TransactionDesc: "Payment",
      });
    }
  });

  await t.test(`${path}: a customer pays although another program's token has ended ours`, async () => {
    await daraja.generateElsewhere();
    assert.deepEqual(await pay(url, order), { status: 202, body: asked });
    assert.deepEqual(outcomes(), ["token", "dead-token", "token", "accepted"]);
  });

  await t.test(`${path}: a wrong order is refused as the customer's mistake, and Daraja gets no request`, async () => {
    const { status } = await pay(url, { ...order, phoneNumber: "12" });
    const { status: ofHalfAShilling } = await pay(url, { ...order, amount: 0.5 });
    assert.deepEqual([status, ofHalfAShilling, outcomes()], [400, 400, []]);
  });

  await t.test(`${path}: the answer to the customer hides an outage, and nothing is sent twice`, async () => {
    simulator.inject({ kind: "unavailable", path: "/mpesa/" });
    assert.deepEqual(await pay(url, order), { status: 502, body: failed });
    assert.deepEqual(outcomes(), ["unavailable"]);
  });

  // The example asks for no token for some time after this error, so only the last path is tested with the error.
  if (!isLast) return;
  await t.test(`${path}: an error of the credentials is in the log, and not in the answer`, async () => {
    const log = () => output.stdout + output.stderr;
    const hints = () => log().match(/ERR_DARAJA_INVALID_CREDENTIALS: .*?other environment/gs)?.length ?? 0;
    const before = hints();
    await daraja.generateElsewhere();
    simulator.inject({ kind: "empty-400", path: "/oauth/" });
    assert.deepEqual(await pay(url, order), { status: 502, body: failed });
    assert.deepEqual(outcomes(), ["token", "dead-token", "empty-400"]);
    // Some servers print through another process, so the log comes later.
    await until(() => hints() === before + 1);
    for (const secret of [env.DARAJA_CONSUMER_SECRET, env.DARAJA_PASSKEY]) assert.ok(!log().includes(secret));
  });
}

async function pay(url, order) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  assert.match(response.headers.get("content-type"), /^application\/json/, text);
  // Each payment has a different id.
  const { checkoutRequestId, ...body } = JSON.parse(text);
  if (response.status === 202) assert.match(checkoutRequestId, /^ws_CO_\d+$/);
  return { status: response.status, body };
}
