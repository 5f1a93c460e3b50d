// No error, event or inspection of a TokenManager shows a secret, an Authorization value or a token. A record shows no
// secret.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { format, inspect } from "node:util";
import { answers } from "../../support/daraja-server.mjs";
import { accessToken, encoded, credentials as pair, rejection } from "../../support/installed.mjs";
import { BRIEF, strays, withManagers } from "../../support/managers.mjs";

const { managed, generateToken, memoryStore } = await withManagers("manager-secrets");
const noStrays = strays();
const { consumerSecret } = pair;

/** Ways in which logs print values. */
function printed(...values) {
  return values.flatMap((value) => [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, maxStringLength: null }),
    inspect(value, { customInspect: false, showProxy: true, depth: Number.POSITIVE_INFINITY }),
    format("%s %o %j", value, value, value),
    ...(value instanceof Error ? [value.message, value.stack, String(value.cause), inspect(value.cause)] : []),
  ]);
}

function assertHidden(values, ...tokens) {
  for (const text of printed(...values)) {
    for (const secret of [consumerSecret, encoded, ...tokens])
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
}

for (const { name, status, headers, body, bodyRepeated = 1, expect } of answers) {
  if (!expect.code) continue;
  test(`if the answer ${name} repeats secret and token, no error shows them to the first caller or to a later one`, async () => {
    const echo = `${consumerSecret} Basic ${encoded} ${accessToken}`;
    const fetch = async () => {
      const text = `${body.repeat(bodyRepeated)} ${echo}`;
      return new Response(status === 204 ? null : text, { status, headers });
    };
    const { tokens, events } = managed({ ...pair, fetch, retries: 0, policy: BRIEF });
    const errors = [await rejection(tokens.getToken()), await rejection(tokens.getToken({ deadlineMs: 10 }))];
    for (const error of errors) assert.equal(error.name, "DarajaError");
    assertHidden([...errors, events, tokens], accessToken);
  });
}

describe("no secret and no token", () => {
  const granting = async () => Response.json({ access_token: accessToken, expires_in: "3599" });

  test("is in a manager, its class or its events", async () => {
    const { tokens, events } = managed({ ...pair, fetch: granting });
    await tokens.getToken();
    assertHidden([tokens, tokens.constructor, Object.getPrototypeOf(tokens), events, { tokens }], accessToken);
    assert.equal(JSON.stringify(tokens), "{}");
  });

  test("is in the error of a fetch that throws its arguments", async () => {
    const fetch = async (url, init) => {
      throw Object.assign(new Error(`could not send ${init.headers.Authorization}`), { config: { url, init } });
    };
    const { tokens, events } = managed({ ...pair, fetch, retries: 0 });
    assertHidden([await rejection(tokens.getToken()), events, await rejection(tokens.getToken())]);
  });

  test("is in the error of a store that throws a record", async () => {
    const inner = memoryStore();
    let fails = false;
    let value = "";
    const store = {
      async load(key) {
        if (fails) throw Object.assign(new Error("broken"), { value });
        return inner.load(key);
      },
      async compareAndSwap(key, expected, next, options) {
        ({ value } = next);
        return inner.compareAndSwap(key, expected, next, options);
      },
    };
    const { tokens, simulator, events } = managed({ ...pair, fetch: granting, store, policy: BRIEF });
    await tokens.getToken();
    fails = true;
    simulator.advance(3_599_000);
    const error = await rejection(tokens.getToken());
    assert.equal(error.code, "ERR_DARAJA_STORE_UNAVAILABLE");
    assertHidden([error, events], accessToken);
  });

  test("is in the error of a report or an option with a token or secret in the wrong place", async () => {
    const { tokens } = managed({ ...pair, fetch: granting });
    const token = await tokens.getToken();
    const errors = [
      await rejection(tokens.report(token)),
      await rejection(tokens.report("x", token)),
      await rejection(tokens.report("x", { [accessToken]: 1 })),
      await rejection(tokens.getToken({ signal: accessToken })),
      await rejection(tokens.getToken({ [consumerSecret]: 1 })),
      await rejection(tokens.fetch(`https://${accessToken}.example`)),
    ];
    for (const { code } of errors) assert.equal(code, "ERR_DARAJA_INVALID_OPTION");
    assertHidden(errors, accessToken);
  });

  test("is in the error of an API that rejects fresh tokens", async () => {
    const { tokens, simulator, credentials, events } = managed({ policy: { budget: 1 } });
    const all = [];
    for (let i = 0; i < 3; i++) {
      all.push((await tokens.getToken()).accessToken);
      await generateToken({ ...credentials, fetch: simulator.fetch });
      const error = await tokens.report(all.at(-1), { endpoint: `/${i}` }).catch((error) => error);
      if (error instanceof Error) assertHidden([error, events], ...all);
    }
    assertHidden([events], ...all, credentials.consumerSecret);
  });

  test("is in the record, except for the token", async () => {
    const store = memoryStore();
    const written = [];
    const { compareAndSwap } = store;
    store.compareAndSwap = (key, expected, next, options) => {
      written.push(key, next.value);
      return compareAndSwap(key, expected, next, options);
    };
    const { tokens } = managed({ ...pair, fetch: granting, store });
    await tokens.getToken();
    for (const text of written) {
      for (const secret of [consumerSecret, encoded, pair.consumerKey]) assert.ok(!text.includes(secret));
    }
    await noStrays();
  });
});
