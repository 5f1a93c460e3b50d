// Measures the cost of TokenManager: a token in the cache, a business call, and many callers at a cold start.
import https from "node:https";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { consumerKey, consumerSecret } from "../tests/support/daraja-server.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

/** This many calls are timed together, because one takes less time than a clock can measure. */
const BATCH = 10_000;
/** The callers of one manager that starts cold. */
const CROWD = 10_000;

/** A token in the cache in plain JavaScript: getToken compares the clock with the token's end. */
class Plain {
  #token;
  #until = 0;

  set(token) {
    this.#token = token;
    this.#until = token.expiresAt - 10_000;
  }

  async getToken() {
    if (Date.now() < this.#until) return this.#token;
    throw new Error("this one cannot renew");
  }
}

/** How long something takes. */
const timed = (run) => async () => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

/** mpesa-node always asks Daraja's own address, so its connections are led to the tests' server. */
function peerAt(baseUrl) {
  const Mpesa = createRequire(import.meta.url)("mpesa-node");
  const peer = new Mpesa({ consumerKey, consumerSecret, environment: "sandbox" });
  const { hostname, port } = new URL(baseUrl);
  https.globalAgent.createConnection = () => connect(port, hostname);
  return () => peer.oAuth();
}

export async function benchManager({ folder, baseUrl, rounds }) {
  const { TokenManager, generateToken, memoryStore } = createRequire(join(folder, "package.json"))("daraja-auth");
  const options = { baseUrl, consumerKey, consumerSecret };
  const tokens = new TokenManager(options);
  const plain = new Plain();
  plain.set(await tokens.getToken());

  const batch = (manager) => async () => {
    const start = performance.now();
    for (let i = 0; i < BATCH; i++) await manager.getToken();
    return performance.now() - start;
  };
  const gets = { ours: batch(tokens), plain: batch(plain) };
  await alternate(3, gets);
  const live = await alternate(Math.max(10, rounds / 20), gets);
  printTable(`await getToken() with a live token (${BATCH} calls each)`, [
    { name: "a plain async method", times: live.plain },
    { name: "TokenManager", times: live.ours, base: live.plain, aim: 1 },
  ]);

  const peer = await alternate(Math.max(20, rounds / 20), { asked: timed(peerAt(baseUrl)) });
  printTable(
    "A token for a business call, as mpesa-node gets it: by a request each time, which ends the previous token",
    [
      { name: "one token by mpesa-node", times: peer.asked },
      { name: `${BATCH} × getToken()`, times: live.ours, base: peer.asked },
    ],
  );

  // Paths of the test's server that answer any request in the same way.
  const headers = { Authorization: `Bearer ${(await tokens.getToken()).accessToken}` };
  const init = { method: "POST", headers, body: '{"Amount":1}', redirect: "manual" };
  const call = (run) => timed(async () => (await run()).text());
  for (const [what, answer, aim] of [
    ["is refused, but not for its token", "json-400-without-code", 1.15],
    ["fails with 500, which is no token rejection", "json-500", 1.05],
    ["succeeds", "token", 1.05],
  ]) {
    const path = `/answers/${answer}`;
    const calls = {
      ours: call(() => tokens.fetch(path, { method: "POST", body: '{"Amount":1}' })),
      bare: call(() => fetch(baseUrl + path, init)),
      // The cheapest way to read the body, if the response must stay readable.
      copied: call(async () => {
        const response = await fetch(baseUrl + path, init);
        await response.clone().text();
        return response;
      }),
    };
    await alternate(Math.min(rounds, 300), calls);
    const { ours, bare, copied } = await alternate(rounds, calls);
    printTable(`A business call that ${what} (${rounds} calls each)`, [
      { name: "fetch", times: bare },
      { name: "fetch, and the text of a copy", times: copied, base: bare },
      { name: "tokens.fetch", times: ours, base: bare, aim },
    ]);
  }
  tokens.close();

  const crowds = {
    crowd: timed(async () => {
      const cold = new TokenManager({ ...options, store: memoryStore() });
      await Promise.all(Array.from({ length: CROWD }, () => cold.getToken()));
      cold.close();
    }),
    one: timed(() => generateToken(options)),
  };
  await alternate(2, crowds);
  const { crowd, one } = await alternate(Math.max(5, rounds / 200), crowds);
  printTable(`${CROWD} callers of a cold TokenManager, until the last has its token`, [
    { name: "one generateToken", times: one },
    { name: `${CROWD} × getToken`, times: crowd, base: one },
  ]);
}
