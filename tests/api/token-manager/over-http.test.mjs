// TokenManager against the simulator over real HTTP: many callers, rejections, endpoints that reject good tokens.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { rejects } from "../../support/installed.mjs";
import { project } from "../../support/packed.mjs";

const REMIT = "/mpesa/b2b/v1/remittax";

let daraja;
let listen;
let simulator;
let server;
let credentials;
before(async () => {
  const source = 'export * from "daraja-auth";\nexport * from "daraja-auth/simulator";\n';
  const folder = project(`manager-${process.pid}`, { "index.mjs": source });
  daraja = await import(pathToFileURL(join(folder, "index.mjs")).href);
  ({ listen } = await import(pathToFileURL(join(folder, "node_modules/daraja-auth/bin/listen.js")).href));
});
beforeEach(async () => {
  await server?.close();
  simulator = new daraja.Simulator();
  server = await listen(simulator.fetch);
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  credentials = { consumerKey, consumerSecret, baseUrl: server.url };
});
after(() => server?.close());

const outcomes = (outcome) => simulator.requests.filter((request) => request.outcome === outcome).length;
const generated = () => outcomes("token");
/** Another program gets a token, which ends the manager's token. */
const generateElsewhere = () => daraja.generateToken(credentials);
const post = (body = '{"Amount":1}') => ({ method: "POST", headers: { "Content-Type": "application/json" }, body });

/** Runs a test with a manager that is closed at its end. */
async function withManager(options, run) {
  const events = [];
  const tokens = new daraja.TokenManager({ ...credentials, onEvent: (event) => events.push(event), ...options });
  try {
    return await run(tokens, events);
  } finally {
    tokens.close();
  }
}
const types = (events) => events.map(({ type }) => type);

describe("a crowd", () => {
  test("of 10,000 callers of a cold manager gets one token with one request", () =>
    withManager({}, async (tokens) => {
      const all = await Promise.all(Array.from({ length: 10_000 }, () => tokens.getToken()));
      assert.equal(new Set(all).size, 1);
      assert.ok(Object.isFrozen(all[0]));
      assert.equal(tokens.peek(), all[0]);
      assert.equal(simulator.requests.length, 1);
    }));

  test("of a hundred calls with a rejected token shares one new token, and every call succeeds", () =>
    withManager({}, async (tokens, events) => {
      await tokens.getToken();
      await generateElsewhere();
      const responses = await Promise.all(Array.from({ length: 100 }, () => tokens.fetch(REMIT, post())));
      assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
      assert.equal(generated(), 3);
      assert.equal(outcomes("dead-token"), 100);
      assert.equal(outcomes("accepted"), 100);
      assert.deepEqual(types(events), ["lease-taken", "generated", "rejected", "lease-taken", "generated"]);
    }));

  test("whose token expires under load loses no call", () =>
    withManager({ now: () => simulator.now() }, async (tokens) => {
      let statuses = [];
      for (let lifetime = 0; lifetime < 5; lifetime++) {
        for (let part = 0; part < 4; part++) {
          const calls = Array.from({ length: 25 }, async () => (await tokens.fetch(REMIT, post())).status);
          statuses = statuses.concat(await Promise.all(calls));
          simulator.advance(900_000);
        }
      }
      assert.deepEqual(new Set(statuses), new Set([200]));
      assert.equal(outcomes("dead-token"), 0);
      assert.equal(generated(), 5);
    }));
});

describe("an endpoint that rejects valid tokens", () => {
  test("has its answers returned, and the token stays live for the other endpoints", () => {
    // A path of the product that the app Matatu has.
    const ECHO = "/mpesa/stkpush/v1/echo";
    const matatu = simulator.apps[1];
    const { consumerKey, consumerSecret } = matatu;
    return withManager({ consumerKey, consumerSecret }, async (tokens, events) => {
      assert.equal((await tokens.fetch(ECHO, post())).status, 200);
      for (let i = 0; i < 5; i++) {
        const response = await tokens.fetch("/mpesa/b2c/v3/paymentrequest", post());
        assert.equal(response.status, 401);
        assert.match((await response.json()).fault.faultstring, /no apiproduct match/);
      }
      // The manager tries one new token, because a token has the products that its app had when Daraja issued it.
      assert.equal(generated(), 2);
      assert.equal((await tokens.fetch(ECHO, post())).status, 200);
      assert.equal(outcomes("dead-token"), 0);
      const refused = events.filter(({ type, code }) => type === "rejected" && code === "ERR_DARAJA_TOKEN_REJECTED");
      assert.equal(refused.length, 4);
    });
  });

  test("is also recognized by report", () =>
    withManager({}, async (tokens) => {
      const first = await tokens.getToken();
      const second = await tokens.report(first.accessToken, { endpoint: "/mpesa/x" });
      assert.notEqual(second.accessToken, first.accessToken);
      assert.equal(await tokens.report(first.accessToken, { endpoint: "/mpesa/x" }), second);
      await rejects(
        tokens.report(second.accessToken, { endpoint: "/mpesa/x" }),
        "ERR_DARAJA_TOKEN_REJECTED",
        "The endpoint rejects fresh tokens",
      );
      assert.equal(generated(), 2);
    }));
});

describe("a business call", () => {
  test("that fails for another reason gives its answer, and nothing is generated or sent again", () =>
    withManager({}, async (tokens) => {
      for (const kind of ["unavailable", "quota", "spike-arrest", "blocked-403", "empty-400"]) {
        simulator.inject({ kind, path: "/mpesa/" });
        const before = simulator.requests.length;
        const response = await tokens.fetch(REMIT, post());
        assert.ok(response.status >= 400, kind);
        await response.text();
        const sent = simulator.requests.slice(before).filter(({ path }) => path === REMIT);
        assert.equal(sent.length, 1, kind);
      }
      assert.equal(generated(), 1);
    }));

  test("that breaks off is not sent again", () =>
    withManager({}, async (tokens) => {
      await tokens.getToken();
      simulator.inject({ kind: "cut", path: "/mpesa/" });
      const response = await tokens.fetch(REMIT, post());
      await assert.rejects(response.text());
      assert.equal(simulator.requests.filter(({ path }) => path === REMIT).length, 1);
    }));

  test("whose token is rejected a second time gives that rejection", () =>
    withManager({}, async (tokens) => {
      await tokens.getToken();
      const fetch = async (url, init) => {
        if (url.includes("/oauth/")) return simulator.fetch(url, init);
        return Response.json({ errorCode: "404.001.03" }, { status: 404 });
      };
      await withManager({ fetch }, async (others) => {
        const response = await others.fetch(REMIT, post());
        assert.equal(response.status, 404);
        assert.equal((await response.json()).errorCode, "404.001.03");
      });
      // One token for each manager, and one that replaces the rejected token.
      assert.equal(generated(), 3);
    }));
});
