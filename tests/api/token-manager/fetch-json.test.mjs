// TokenManager.fetch with the option `json`, and with a body that fetch would turn into "[object Object]".
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejects } from "../../support/installed.mjs";
import { withManagers } from "../../support/managers.mjs";

const { managed } = await withManagers("manager-fetch-json");
const REMIT = "/mpesa/b2b/v1/remittax";

describe("the option json", () => {
  test("is sent as JSON by POST, with its content type, and once more after a rejection", async () => {
    const { tokens, simulator, credentials, outcomes } = managed();
    const other = managed({ credentials: undefined, ...credentials }, { simulator });
    await tokens.getToken();
    await other.tokens.getToken();
    const payment = { Amount: 1, PhoneNumber: "254712345678" };
    assert.equal((await tokens.fetch(REMIT, { json: payment })).status, 200);
    assert.equal(outcomes("dead-token"), 1);
    for (const { method, headers, body } of simulator.requests.filter(({ path }) => path === REMIT)) {
      assert.equal(method, "POST");
      assert.equal(new Headers(headers).get("content-type"), "application/json");
      assert.deepEqual(JSON.parse(body), payment);
    }
  });

  test("keeps the caller's method and content type, in each form of headers", async () => {
    const { tokens, simulator } = managed();
    const type = "application/vnd.safaricom+json";
    for (const headers of [{ "content-type": type }, [["CONTENT-TYPE", type]], new Headers({ "Content-Type": type })]) {
      await tokens.fetch(REMIT, { method: "PUT", headers, json: [1, 2] });
      const { method, headers: sent, body } = simulator.requests.at(-1);
      assert.deepEqual([method, new Headers(sent).get("content-type"), body], ["PUT", type, "[1,2]"]);
    }
  });

  test("can be null, false, 0 or the empty text", async () => {
    const { tokens, simulator } = managed();
    for (const json of [null, false, 0, ""]) {
      await tokens.fetch(REMIT, { json });
      assert.equal(simulator.requests.at(-1).body, JSON.stringify(json));
    }
  });

  test("beside a body, or with a value that JSON does not have, is an error, and nothing is sent", async () => {
    const { tokens, simulator } = managed();
    const message = "json: expected a value that JSON has, and no body beside it";
    for (const init of [{ json: {}, body: "{}" }, { json: () => {} }, { json: Symbol("json") }]) {
      await rejects(tokens.fetch(REMIT, init), "ERR_DARAJA_INVALID_OPTION", message);
    }
    await assert.rejects(tokens.fetch(REMIT, { json: 1n }), { name: "TypeError" });
    assert.deepEqual(simulator.requests, []);
  });
});

test("a body that is a plain object or an array is an error that names json, and nothing is sent", async () => {
  const { tokens, simulator } = managed();
  for (const body of [{}, { Amount: 1 }, [1], Object.create(null)]) {
    const message = "body: expected text, bytes, a form or a stream, found an object";
    const error = await rejects(tokens.fetch(REMIT, { method: "POST", body }), "ERR_DARAJA_INVALID_OPTION", message);
    assert.match(error.hint, /^Pass it as json/);
  }
  assert.deepEqual(simulator.requests, []);
  for (const body of [new URLSearchParams("a=1"), new FormData(), new Blob(["x"]), new Uint8Array(2), "text"]) {
    assert.equal((await tokens.fetch(REMIT, { method: "POST", body })).status, 200);
  }
});
