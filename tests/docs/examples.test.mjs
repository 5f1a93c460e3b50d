// The examples, from the packed package: customers pay with them, against a simulated Daraja.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { bun, deno, node24, on } from "../support/runtimes.mjs";
import { startSimulator } from "../support/simulator-server.mjs";
import { until } from "../support/visitors.mjs";
import { example, names, startLambda } from "./examples.mjs";

const PASSKEY = "a passkey for tests";
const PATH = "/mpesa/stkpush/v1/processrequest";
const asked = { message: "Enter your M-PESA PIN on your phone." };
const failed = { message: "The payment could not be started. If your phone asks for no PIN, please try again later." };
const order = { phoneNumber: "0712 345 678", amount: 100, reference: "Order 7" };

/** No update checks and no statistics, which would want the internet. */
const quiet = {
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_NO_UPDATE_CHECK: "1",
  NO_UPDATE_NOTIFIER: "1",
};

/** How each is started, if not by `npm start` alone; `paths` are where its customers pay. */
const examples = {
  express: { runtime: node24 },
  hono: { runtime: node24 },
  deno: { runtime: deno },
  bun: { runtime: bun },
  lambda: {
    runtime: node24,
    async start(t, chosen) {
      const { folder, runs } = example("lambda", chosen);
      await runs("build");
      return startLambda(t, join(folder, "dist", "index.cjs"), chosen);
    },
  },
  next: {
    runtime: node24,
    paths: ["/node/pay", "/edge/pay"],
    async start(_t, chosen) {
      const { runs, starts } = example("next", chosen);
      await runs("build");
      return starts("--hostname", "127.0.0.1");
    },
  },
  cloudflare: {
    runtime: node24,
    start(_t, chosen) {
      const ours = Object.entries(chosen.env).filter(([name]) => name.startsWith("DARAJA_"));
      const variables = ours.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
      const { starts } = example("cloudflare", chosen, { ".dev.vars": variables.join("") });
      return starts("--ip", "127.0.0.1", "--port", "0");
    },
  },
};
const plainly = (name) => (_t, chosen) => example(name, chosen).starts();

test("each example is tested", () => {
  assert.deepEqual(Object.keys(examples).sort(), names);
});

for (const [name, { runtime, paths = ["/pay"], start = plainly(name) }] of Object.entries(examples)) {
  test(`the example for ${name}`, on(runtime), async (t) => {
    const daraja = await startSimulator(`example-${name}`, { passkey: PASSKEY });
    t.after(() => daraja.close());
    const { consumerKey, consumerSecret } = daraja.app;
    const env = {
      DARAJA_CONSUMER_KEY: consumerKey,
      DARAJA_CONSUMER_SECRET: consumerSecret,
      DARAJA_BASE_URL: daraja.baseUrl,
      DARAJA_SHORTCODE: "600000",
      DARAJA_PASSKEY: PASSKEY,
      DARAJA_CALLBACK_URL: "https://shop.example/paid",
      ...quiet,
    };
    const server = await start(t, { program: runtime.path, env });
    t.after(server.stop);
    for (const path of paths) await pays(t, { path, url: server.match[0] + path, daraja, env, output: server.output });
  });
}

/** What customers see at a URL, and what Daraja sees of it. */
async function pays(t, { path, url, daraja, env, output }) {
  const { simulator } = daraja;
  let seen = simulator.requests.length;
  /** How the requests ended since the last look. */
  const outcomes = () => {
    const all = simulator.requests.slice(seen).map(({ outcome }) => outcome);
    seen += all.length;
    return all;
  };

  await t.test(`${path}: two customers are asked for their PIN, with one token`, async () => {
    assert.deepEqual(
      [await pay(url, order), await pay(url, order)],
      [
        { status: 202, body: asked },
        { status: 202, body: asked },
      ],
    );
    const requests = simulator.requests.slice(seen);
    assert.deepEqual(outcomes(), ["token", "accepted", "accepted"]);
    for (const { method, path, headers, body } of requests.slice(1)) {
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

  await t.test(`${path}: a customer pays although somebody else's token killed ours`, async () => {
    await daraja.generateElsewhere();
    assert.deepEqual(await pay(url, order), { status: 202, body: asked });
    assert.deepEqual(outcomes(), ["token", "dead-token", "token", "accepted"]);
  });

  await t.test(`${path}: what is no order is the customer's mistake, and Daraja is not asked`, async () => {
    const { status } = await pay(url, { ...order, phoneNumber: "12" });
    const { status: withoutAmount } = await pay(url, { ...order, amount: 0.5 });
    assert.deepEqual([status, withoutAmount, outcomes()], [400, 400, []]);
  });

  await t.test(`${path}: an outage is not the customer's business, and nothing is sent twice`, async () => {
    simulator.inject({ kind: "unavailable", path: "/mpesa/" });
    assert.deepEqual(await pay(url, order), { status: 502, body: failed });
    assert.deepEqual(outcomes(), ["unavailable"]);
  });

  await t.test(`${path}: what is wrong with the credentials is in the log, and not in the answer`, async () => {
    const log = () => output.stdout + output.stderr;
    const hints = () => log().match(/ERR_DARAJA_INVALID_CREDENTIALS: .*?other environment/gs)?.length ?? 0;
    const before = hints();
    await daraja.generateElsewhere();
    simulator.inject({ kind: "empty-400", path: "/oauth/" });
    assert.deepEqual(await pay(url, order), { status: 502, body: failed });
    assert.deepEqual(outcomes(), ["token", "dead-token", "empty-400"]);
    // Some servers print through another process, later.
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
  // Each payment has another id.
  const { checkoutRequestId, ...body } = JSON.parse(text);
  if (response.status === 202) assert.match(checkoutRequestId, /^ws_CO_\d+$/);
  return { status: response.status, body };
}
