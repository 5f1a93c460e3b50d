// TokenManager in an isolate of workerd, where no request may wait for a promise of another request.
import assert from "node:assert/strict";
import { startSimulator } from "../support/simulator-server.mjs";
import { ask, askAll, until, visit } from "../support/visitors.mjs";

/** A cancelled request leaves its lease behind. With this policy the lease ends after 3 seconds instead of 15. */
const brief = { timeoutMs: 2_000, policy: { leaseMarginMs: 1_000, storeTimeoutMs: 500 } };

/** Tests one manager in one isolate. `isolated` is the function of workers.mjs. */
export function managesInIsolates(isolated) {
  let simulators = 0;
  const inIsolate = (sentence, check, manager) =>
    isolated(() => startSimulator(`${process.pid}-${++simulators}`), sentence, check, manager);

  inIsolate("20 parallel requests to a cold isolate share one token", async ({ daraja, url }) => {
    const answers = await askAll(20, `${url}token`);
    assertOne(answers);
    // With the memory store, all acquisitions of one isolate share one record.
    assert.equal(daraja.count("token"), 1);
  });

  inIsolate("a manager of the global scope works, for parallel requests too", async ({ daraja, url }) => {
    const answers = await askAll(20, `${url}early`);
    assert.equal(answers[0].error, undefined);
    assertOne(answers);
    assert.equal(daraja.count("token"), 1);
  });

  inIsolate("an isolate that is used for hundreds of requests asks for no second token", async ({ daraja, url }) => {
    for (let round = 0; round < 30; round++) {
      for (const { status } of await askAll(10, `${url}pay`)) assert.equal(status, 200);
    }
    assert.equal(daraja.count("token"), 1);
    assert.equal(daraja.count("accepted"), 300);
  });

  inIsolate("a token that died is replaced once for 20 parallel requests", async ({ daraja, url }) => {
    await ask(`${url}pay`);
    await daraja.generateElsewhere();
    for (const { status } of await askAll(20, `${url}pay`)) assert.equal(status, 200);
    assert.equal(daraja.count("token"), 3);
    assert.equal(daraja.count("accepted"), 21);
  });

  inIsolate("20 parallel requests that fail each get the reason", async ({ daraja, url }) => {
    daraja.simulator.inject({ kind: "empty-400" });
    const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}refused`)));
    const codes = await Promise.all(responses.map((response) => response.json()));
    assert.deepEqual(new Set(codes.map(({ code }) => code)), new Set(["ERR_DARAJA_INVALID_CREDENTIALS"]));
    assert.equal(daraja.count("empty-400"), 1);
  });

  const hangsUp = "a client that hangs up in the middle of the first request for a token";

  inIsolate(
    `${hangsUp} leaves a lease, and after the lease ends parallel and later requests share one token`,
    async ({ daraja, url }) => {
      daraja.simulator.inject({ kind: "hang" });
      const holder = visit(`${url}token`);
      await until(() => daraja.counts.waiting === 1);
      const during = askAll(5, `${url}token`);
      holder.hangUp();
      await until(() => daraja.counts.dropped === 1);
      const after = await askAll(5, `${url}token`);
      assertOne([...(await during), ...after]);
      assert.equal(daraja.count("hang"), 1);
      assert.equal(daraja.count("token"), 1);
    },
    brief,
  );

  inIsolate(`${hangsUp} with waitUntil leaves its token to parallel and later requests`, async ({ daraja, url }) => {
    daraja.simulator.inject({ kind: "latency", ms: 5_000 });
    const holder = visit(`${url}token?waits=yes`);
    await until(() => daraja.counts.waiting === 1);
    const during = askAll(5, `${url}token`);
    holder.hangUp();
    // workerd knows that the client is gone, because it has served another request since then.
    await ask(`${url}visitors`);
    daraja.simulator.advance(5_000);
    const after = await askAll(5, `${url}token`);
    assertOne([...(await during), ...after]);
    assert.equal(daraja.counts.dropped, 0);
    assert.deepEqual([daraja.count("latency"), daraja.count("token")], [1, 0]);
  });

  inIsolate(
    "clients that hang up at any moment leave a cold isolate usable for parallel and later requests",
    async ({ daraja, url }) => {
      for (let client = 0; client < 20; client++) {
        visit(`${url}token${client % 2 ? "?waits=yes" : ""}`).hangUpAfter(client);
      }
      const during = await askAll(5, `${url}token`);
      const after = await askAll(5, `${url}token`);
      assertOne(after);
      assert.equal(new Set([...during, ...after].map(({ isolate }) => isolate)).size, 1);
      const { accessToken } = after[0];
      const path = "/mpesa/b2b/v1/remittax";
      const headers = { authorization: `Bearer ${accessToken}` };
      const { status } = await fetch(daraja.baseUrl + path, { method: "POST", headers });
      assert.equal(status, 200);
    },
    brief,
  );

  inIsolate(
    "clients that hang up while they wait for another request's token do not disturb that request",
    async ({ daraja, url }) => {
      daraja.simulator.inject({ kind: "latency", ms: 5_000 });
      const holder = ask(`${url}token`);
      await until(() => daraja.counts.waiting === 1);
      const waiting = Array.from({ length: 10 }, () => visit(`${url}token`));
      await until(async () => (await ask(`${url}visitors`)).visitors === 11);
      for (const client of waiting) client.hangUp();
      await ask(`${url}visitors`);
      daraja.simulator.advance(5_000);
      assertOne([await holder, ...(await askAll(5, `${url}token`))]);
      assert.deepEqual([daraja.count("latency"), daraja.count("token")], [1, 0]);
    },
  );
}

/** Checks that all answers come from one isolate, with one token. */
function assertOne(answers) {
  assert.equal(new Set(answers.map(({ isolate }) => isolate)).size, 1);
  assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1);
}
