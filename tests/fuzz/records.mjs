// For any record in the store, a manager gives a live token or a clear error, and asks for few tokens.
import assert from "node:assert/strict";
import { inspect } from "node:util";

const FIELDS = ["schema", "history", "epoch", "token", "obtainedAt", "expiresAt", "renewAt", "dead", "lease"].concat([
  "notBefore",
  "failures",
  "budget",
  "refusals",
  "sealed",
]);
/** Pauses so short that each input takes only milliseconds. */
const policy = {
  storeTimeoutMs: 200,
  storePatienceMs: 5,
  firstPauseMs: 1,
  longestPauseMs: 2,
  drainMs: 0,
};

/** A store with a record that another instance wrote, the record, and its key. */
async function written({ TokenManager, memoryStore }, simulator, credentials) {
  const store = memoryStore();
  let key;
  const { load } = store;
  store.load = (asked) => {
    key = asked;
    return load(asked);
  };
  const tokens = new TokenManager({ ...credentials, store, fetch: simulator.fetch, now: () => simulator.now() });
  await tokens.getToken();
  store.load = load;
  const { record } = await load(key);
  return { store, key, record };
}

/** @type {(outcome: any) => boolean} */
const isError = (outcome) => outcome instanceof Error;

export async function check(random, { TokenManager, DarajaError, Simulator, memoryStore }) {
  const simulator = new Simulator();
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const credentials = { consumerKey, consumerSecret };
  const { store, key, record } = await written({ TokenManager, memoryStore }, simulator, credentials);
  const value = JSON.parse(record.value);
  for (let times = random.below(4); times > 0; times--) {
    const field = random.pick(FIELDS);
    if (random.chance(0.2)) delete value[field];
    else value[field] = random.json([], 2);
  }
  const text = random.chance(0.3) ? random.mutate(JSON.stringify(value)) : JSON.stringify(value);
  const next = { version: random.chance(0.9) ? "theirs" : random.text(), value: text };
  await store.compareAndSwap(key, record.version, next, { ttlMs: 60_000 });
  const { length: before } = simulator.requests;
  const options = { ...credentials, store, fetch: simulator.fetch, now: () => simulator.now(), retries: 0, policy };
  const tokens = new TokenManager(options);
  for (let calls = 0; calls < 3; calls++) {
    /** @type {any} */
    const outcome = await tokens.getToken({ deadlineMs: 100 }).catch((error) => error);
    if (isError(outcome)) {
      assert.ok(outcome instanceof DarajaError, inspect(outcome));
      assert.notEqual(outcome.code, "ERR_DARAJA_INTERNAL", inspect(outcome));
      const shown = inspect(outcome, { depth: 9 });
      assert.ok(!shown.includes(consumerSecret), "the error shows the secret");
    } else {
      assert.ok(outcome.expiresAt > simulator.now(), `an expired token: ${inspect(outcome)}`);
      assert.equal(typeof outcome.accessToken, "string");
    }
    if (random.chance(0.3)) simulator.advance(random.below(4_000_000));
  }
  tokens.close();
  const generates = simulator.requests.length - before;
  assert.ok(generates <= 6, `${generates} requests for a token for three calls`);
}
