// daraja-auth/axios: real clients of axios 1 and 0.x use a manager's tokens. A server with the simulator answers.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import FormData from "form-data";
import { project, root } from "../../support/packed.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";

const PAY = "/mpesa/b2b/v1/remittax";
const require = createRequire(join(project("axios"), "index.js"));
const { DarajaError, memoryStore, TokenManager } = require("daraja-auth");
const { withDaraja } = require("daraja-auth/axios");

for (const [version, name] of [
  ["axios 1", "axios"],
  ["axios 0", "axios-0"],
]) {
  const axios = createRequire(join(root, "tests", "index.js"))(name);

  describe(`withDaraja, with ${version}`, () => {
    let daraja;
    let tokens;
    let client;
    before(async () => {
      daraja = await startSimulator(`axios-${name}`);
    });
    after(() => daraja.close());
    beforeEach(() => {
      daraja.simulator.clearFaults();
      tokens = new TokenManager({ ...daraja.app, baseUrl: daraja.baseUrl, store: memoryStore() });
      client = withDaraja(axios.create(), tokens);
    });
    const outcomes = (already) => daraja.simulator.requests.slice(already).map(({ outcome }) => outcome);

    test("a request for a path goes to the manager's base URL, with a live token and a JSON body", async () => {
      const already = daraja.simulator.requests.length;
      const { status } = await client.post(PAY, { Amount: 1 });
      assert.equal(status, 200);
      assert.deepEqual(outcomes(already), ["token", "accepted"]);
      const { body, path, headers } = daraja.simulator.requests.at(-1);
      assert.deepEqual([path, body], [PAY, '{"Amount":1}']);
      assert.match(String(Object.entries(headers)), /application\/json/);
    });

    test("the client's own baseURL is kept, and a path without a slash is joined to it", async () => {
      const own = withDaraja(axios.create({ baseURL: `${daraja.baseUrl}/mpesa/` }), tokens);
      assert.equal((await own.post("b2b/v1/remittax", {})).status, 200);
      assert.equal(daraja.simulator.requests.at(-1).path, PAY);
    });

    test("a rejected token is replaced, and the same body is sent once more", async () => {
      await tokens.getToken();
      await daraja.generateElsewhere();
      const already = daraja.simulator.requests.length;
      assert.equal((await client.post(PAY, { Amount: 7 })).status, 200);
      assert.deepEqual(outcomes(already), ["dead-token", "token", "accepted"]);
      assert.equal(daraja.simulator.requests.at(-1).body, '{"Amount":7}');
    });

    test("a rejected token is replaced also if the caller's validateStatus accepts every status", async () => {
      await tokens.getToken();
      await daraja.generateElsewhere();
      assert.equal((await client.post(PAY, {}, { validateStatus: null })).status, 200);
    });

    test("a stream is sent once: the caller gets the rejection, and the next call has a new token", async () => {
      await tokens.getToken();
      await daraja.generateElsewhere();
      const already = daraja.simulator.requests.length;
      const body = Readable.from([Buffer.from('{"Amount":1}')]);
      const headers = { "Content-Type": "application/json" };
      await assert.rejects(client.post(PAY, body, { headers }), ({ response }) => response.status === 404);
      assert.equal((await client.post(PAY, {})).status, 200);
      assert.deepEqual(outcomes(already), ["dead-token", "token", "accepted"]);
    });

    test("a form of the package form-data is also sent once", async () => {
      await tokens.getToken();
      await daraja.generateElsewhere();
      const already = daraja.simulator.requests.length;
      const form = new FormData();
      form.append("Amount", "1");
      const headers = form.getHeaders();
      await assert.rejects(client.post(PAY, form, { headers }), ({ response }) => response.status === 404);
      assert.equal((await client.post(PAY, {})).status, 200);
      assert.deepEqual(outcomes(already), ["dead-token", "token", "accepted"]);
    });

    test("answers without a body, 204, 205 and 304, reach the caller", async (t) => {
      const server = createServer((request, response) => {
        request.resume();
        const [, kind, status] = request.url.split("/");
        if (kind === "status") return response.writeHead(Number(status)).end();
        return response.end('{"access_token":"abcdefghijkl","expires_in":"3599"}');
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      t.after(() => server.close());
      t.after(() => server.closeAllConnections());
      const baseUrl = `http://127.0.0.1:${server.address().port}`;
      const bodiless = withDaraja(axios.create(), new TokenManager({ ...daraja.app, baseUrl }));
      for (const expected of [204, 205, 304]) {
        const { status } = await bodiless.post(`/status/${expected}`, {}, { validateStatus: null });
        assert.equal(status, expected);
      }
    });

    test("a 503 gives axios's own error, and the request is not sent again", async () => {
      await tokens.getToken();
      const already = daraja.simulator.requests.length;
      daraja.simulator.inject({ kind: "unavailable", path: "/mpesa/", times: 1 });
      await assert.rejects(client.post(PAY, {}), (error) => {
        assert.equal(error.isAxiosError, true);
        assert.equal(error.response.status, 503);
        assert.equal(error.config.url, PAY);
        return true;
      });
      assert.deepEqual(outcomes(already), ["unavailable"]);
    });

    test("a failed request for a token gives the DarajaError of getToken", async () => {
      daraja.simulator.inject({ kind: "blocked-403", path: "/oauth/", times: 1 });
      await assert.rejects(client.post(PAY, {}), (error) => {
        assert.ok(error instanceof DarajaError);
        assert.equal(error.code, "ERR_DARAJA_BLOCKED");
        return true;
      });
    });

    test("neither an answer nor an error shows the token when it is logged", async () => {
      const { accessToken } = await tokens.getToken();
      const shown = (value) => inspect(value, { depth: 12 }) + JSON.stringify(value?.toJSON?.() ?? {});
      assert.ok(!shown(await client.post(PAY, {})).includes(accessToken), "an answer");
      daraja.simulator.inject({ kind: "unavailable", path: "/mpesa/", times: 1 });
      const error = await client.post(PAY, {}).catch((failure) => failure);
      assert.equal(error.response.status, 503);
      assert.ok(!shown(error).includes(accessToken), "an error");
    });

    test("the caller's interceptors run once for each request and see no token, and another client of axios sends no token", async () => {
      await tokens.getToken();
      await daraja.generateElsewhere();
      const seen = [];
      client.interceptors.request.use((config) => {
        seen.push(["request", config.headers.Authorization]);
        return config;
      });
      client.interceptors.response.use((response) => {
        seen.push(["response", response.status]);
        return response.data;
      });
      assert.equal(typeof (await client.post(PAY, {})), "object");
      assert.deepEqual(seen, [
        ["request", undefined],
        ["response", 200],
      ]);
      await assert.rejects(axios.post(daraja.baseUrl + PAY, {}), ({ response }) => response.status === 404);
    });

    test("the token replaces an Authorization header and the option auth", async () => {
      const auth = { username: "me", password: "mine" };
      assert.equal((await client.post(PAY, {}, { headers: { authorization: "Basic bWU=" }, auth })).status, 200);
    });

    test("another origin gets no request, and the error asks for a URL of the environment's origin", async () => {
      let hits = 0;
      const other = createServer((_, response) => response.end(String(++hits)));
      await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
      const { port } = other.address();
      try {
        for (const [url, config] of [
          [`http://127.0.0.1:${port}/x`, {}],
          [`//127.0.0.1:${port}/x`, {}],
          ["/x", { baseURL: `http://127.0.0.1:${port}` }],
          [`@127.0.0.1:${port}/x`, { baseURL: "http://user" }],
        ]) {
          await assert.rejects(client.get(url, config), (error) => {
            assert.equal(error.code, "ERR_DARAJA_INVALID_OPTION", `${url}: ${error}`);
            assert.match(error.message, /^url: expected the environment's origin, found (another origin|no URL)$/);
            return true;
          });
        }
        assert.equal(hits, 0);
      } finally {
        other.close();
      }
    });

    test("a redirect is not followed", async () => {
      let hits = 0;
      const target = createServer((_, response) => response.end(String(++hits)));
      await new Promise((resolve) => target.listen(0, "127.0.0.1", resolve));
      const location = `http://127.0.0.1:${target.address().port}/`;
      const server = createServer((request, response) => {
        if (!request.url.startsWith("/oauth/")) return response.writeHead(302, { Location: location }).end();
        return response.end('{"access_token":"abcdefghijkl","expires_in":"3599"}');
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const baseUrl = `http://127.0.0.1:${server.address().port}`;
      const redirected = withDaraja(axios.create(), new TokenManager({ ...daraja.app, baseUrl }));
      try {
        await assert.rejects(redirected.get("/x"), ({ response }) => response.status === 302);
        assert.equal(hits, 0);
      } finally {
        server.close();
        target.close();
      }
    });

    test("an abort during the request for a token rejects as axios does, and the caller's request is not sent", async () => {
      const already = daraja.simulator.requests.length;
      daraja.simulator.inject({ kind: "hang", path: "/oauth/", times: 1 });
      const controller = new AbortController();
      const call = client.post(PAY, {}, { signal: controller.signal });
      while (daraja.simulator.requests.length === already) await new Promise(setImmediate);
      controller.abort();
      await assert.rejects(call, (error) => axios.isCancel(error));
      assert.deepEqual(
        daraja.simulator.requests.slice(already).filter(({ path }) => path === PAY),
        [],
      );
      tokens.close();
    });
  });
}

describe("withDaraja", () => {
  const hint = (text) => (error) => error.code === "ERR_DARAJA_INVALID_OPTION" && error.hint.includes(text);

  test("a client that is not axios's is refused, and the hint says what to pass", () => {
    const tokens = new TokenManager({ consumerKey: "key", consumerSecret: "secret" });
    for (const client of [undefined, null, fetch, {}, { defaults: {} }]) {
      assert.throws(() => withDaraja(client, tokens), hint("axios.create()"));
    }
  });

  test("an object that is not a manager is refused, and the hint says what to pass", () => {
    const axios = createRequire(join(root, "tests", "index.js"))("axios");
    for (const tokens of [undefined, {}, "token"]) {
      assert.throws(() => withDaraja(axios.create(), tokens), hint("TokenManager of the app"));
    }
  });
});
