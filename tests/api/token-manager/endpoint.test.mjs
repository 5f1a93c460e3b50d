// Endpoints that reject tokens: when the manager replaces the token, and when it blames the endpoint.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejects, settled } from "../../support/installed.mjs";
import { withManagers } from "../../support/managers.mjs";

const { managed, generateToken, isTokenRejected, Simulator } = await withManagers("manager-endpoint");
const REMIT = "/mpesa/b2b/v1/remittax";
const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"Amount":1}' };

describe("if another program ends tokens while an endpoint is under load, the rejections", () => {
  test("cost each call at most one retry, and new tokens stay within the budget", async () => {
    const { tokens, simulator, events, credentials, outcomes, generated } = managed();
    await tokens.getToken();
    const elsewhere = () => generateToken({ ...credentials, fetch: simulator.fetch });
    for (let foreign = 1; foreign <= 10; foreign++) {
      await elsewhere();
      const before = outcomes("dead-token");
      const all = await Promise.all(Array.from({ length: 25 }, () => tokens.fetch(REMIT, post)));
      assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]), `foreign token ${foreign}`);
      assert.ok(outcomes("dead-token") - before <= 25);
      await settled();
    }
    assert.equal(generated(), 1 + 10 + 10);
    assert.ok(events.some(({ type }) => type === "contention"));
    await elsewhere();
    const message = "Fresh tokens are rejected again and again";
    const all = Array.from({ length: 25 }, () =>
      rejects(tokens.fetch(REMIT, post), "ERR_DARAJA_TOKEN_REJECTED", message),
    );
    for (const { retryAfterMs } of await Promise.all(all)) assert.ok(retryAfterMs > 0 && retryAfterMs <= 30_000);
    assert.equal(generated(), 1 + 10 + 11);
  });
});

describe("an endpoint that accepted a token", () => {
  const QUERY = "/mpesa/transactionstatus/v1/query";
  const processing = () =>
    Response.json({ errorCode: "500.001.1001", errorMessage: "The transaction is being processed" }, { status: 500 });

  /** Another program ends the token twice. Each time, `use` then uses the manager. Gives the number of all tokens. */
  async function endedTwice(use) {
    const simulator = new Simulator();
    const fetch = async (url, init) => {
      const response = await simulator.fetch(url, init);
      return url.includes("/oauth/") || !response.ok ? response : processing();
    };
    const { tokens, generated, credentials } = managed({ fetch }, { simulator });
    await tokens.getToken();
    for (let times = 1; times <= 2; times++) {
      await generateToken({ ...credentials, fetch: simulator.fetch });
      await use(tokens);
      await settled();
    }
    return generated();
  }

  test("is not blamed when it rejects the next token, even if its first answer was a business error", async () => {
    const statuses = [];
    const use = async ({ fetch }) => statuses.push((await fetch(QUERY, post)).status);
    assert.equal(await endedTwice(use), 5);
    assert.deepEqual(statuses, [500, 500]);
    assert.equal(await isTokenRejected(processing()), false);
  });

  test("is not blamed either if another client sends the requests, and accepted() was called", async () => {
    const use = async (tokens) => {
      const { accessToken } = await tokens.getToken();
      const successor = await tokens.report(accessToken, { endpoint: QUERY });
      assert.notEqual(successor.accessToken, accessToken);
      tokens.accepted(successor.accessToken, { endpoint: QUERY });
    };
    assert.equal(await endedTwice(use), 5);
  });
});
