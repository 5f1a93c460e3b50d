// What TokenManager costs: a token that is there, a business call, and a crowd at a cold start.
import { createRequire } from "node:module";
import { join } from "node:path";
import { consumerKey, consumerSecret } from "../tests/daraja.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

/** So many calls are timed at once, since one takes less than a clock can tell. */
const BATCH = 10_000;
const CROWD = 10_000;

/** The same done well in plain JavaScript: a token and an instant to compare with. */
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

export async function benchManager({ folder, baseUrl, rounds }) {
  const { TokenManager, generateToken } = createRequire(join(folder, "package.json"))("daraja-auth");
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

  // A path of the test's server that answers any request the same way.
  const path = "/answers/json-400-without-code";
  const headers = { Authorization: `Bearer ${(await tokens.getToken()).accessToken}` };
  const init = { method: "POST", headers, body: '{"Amount":1}', redirect: "manual" };
  const timed = (run) => async () => {
    const start = performance.now();
    await (await run()).text();
    return performance.now() - start;
  };
  const calls = {
    ours: timed(() => tokens.fetch(path, { method: "POST", body: '{"Amount":1}' })),
    bare: timed(() => fetch(baseUrl + path, init)),
  };
  await alternate(Math.min(rounds, 300), calls);
  const { ours, bare } = await alternate(rounds, calls);
  printTable(`A business call that is refused for another reason, body looked through (${rounds} calls each)`, [
    { name: "fetch", times: bare },
    { name: "tokens.fetch", times: ours, base: bare, aim: 1.05 },
  ]);

  const granted = "/answers/token";
  const successes = {
    ours: timed(() => tokens.fetch(granted, { method: "POST", body: '{"Amount":1}' })),
    bare: timed(() => fetch(baseUrl + granted, init)),
  };
  await alternate(Math.min(rounds, 300), successes);
  const accepted = await alternate(rounds, successes);
  printTable(`A business call that succeeds (${rounds} calls each)`, [
    { name: "fetch", times: accepted.bare },
    { name: "tokens.fetch", times: accepted.ours, base: accepted.bare, aim: 1.05 },
  ]);
  tokens.close();

  const once = async (run) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const crowds = {
    crowd: () =>
      once(async () => {
        const cold = new TokenManager(options);
        await Promise.all(Array.from({ length: CROWD }, () => cold.getToken()));
        cold.close();
      }),
    one: () => once(() => generateToken(options)),
  };
  await alternate(2, crowds);
  const { crowd, one } = await alternate(Math.max(5, rounds / 200), crowds);
  printTable(`${CROWD} callers of a cold TokenManager, until the last has its token`, [
    { name: "one generateToken", times: one },
    { name: `${CROWD} × getToken`, times: crowd, base: one },
  ]);
}
