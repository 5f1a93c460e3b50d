// The request, as the server sees it and as the caller's fetch gets it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { answers, startDaraja } from "../../support/daraja-server.mjs";
import { accessToken, credentials, encoded, granted, installed, rejects } from "../../support/installed.mjs";
import { root } from "../../support/packed.mjs";

const { generateToken } = await installed("request");
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
let daraja;
let elsewhere;
before(async () => {
  daraja = await startDaraja();
  elsewhere = await startDaraja();
});
after(() => Promise.all([daraja.close(), elsewhere.close()]));

/** The arguments with which the caller's fetch is called. */
async function asked(options = {}) {
  const calls = [];
  async function fetch(...args) {
    calls.push({ self: this, args });
    return granted();
  }
  await generateToken({ ...credentials, fetch, ...options });
  assert.equal(calls.length, 1);
  const [{ self, args }] = calls;
  assert.equal(self, undefined);
  assert.equal(args.length, 2);
  return { url: args[0], init: args[1] };
}

test("the server gets one GET with the grant type, the pair, and our User-Agent", async () => {
  const sent = daraja.requests.length;
  await generateToken({ ...credentials, baseUrl: daraja.baseUrl });
  assert.equal(daraja.requests.length, sent + 1);
  const { method, url, headers } = daraja.requests[sent];
  assert.equal(method, "GET");
  assert.equal(url, "/oauth/v1/generate?grant_type=client_credentials");
  assert.equal(headers.authorization, `Basic ${encoded}`);
  assert.equal(headers.accept, "application/json");
  assert.equal(headers["user-agent"], `daraja-auth/${version}`);
  assert.equal(headers["cache-control"], "no-cache");
  assert.equal(headers["content-type"], undefined);
  assert.equal(headers.cookie, undefined);
});

test("a caller's fetch gets a URL as a string, and an init of plain data and a signal", async () => {
  const { url, init } = await asked();
  assert.equal(url, "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials");
  const { signal, ...rest } = init;
  assert.ok(signal instanceof AbortSignal);
  assert.deepEqual(rest, {
    method: "GET",
    headers: {
      Accept: "application/json",
      Authorization: `Basic ${encoded}`,
      "User-Agent": `daraja-auth/${version}`,
    },
    redirect: "manual",
    cache: "no-store",
  });
});

test("fetch gets a signal of its own, so it cannot leave a listener on the caller's signal", async () => {
  const { signal } = new AbortController();
  assert.notEqual((await asked({ signal })).init.signal, signal);
});

for (const [options, url] of [
  [{ environment: "sandbox" }, "https://sandbox.safaricom.co.ke/oauth/v1/generate"],
  [{ environment: "production" }, "https://api.safaricom.co.ke/oauth/v1/generate"],
  [{ environment: "production", path: "/oauth/v2/generate" }, "https://api.safaricom.co.ke/oauth/v2/generate"],
  [{ environment: "production", baseUrl: "https://proxy.example/m/" }, "https://proxy.example/m/oauth/v1/generate"],
  [{ baseUrl: "http://localhost:9", path: "/t" }, "http://localhost:9/t"],
  [{ baseUrl: "http://[::1]:9" }, "http://[::1]:9/oauth/v1/generate"],
]) {
  test(`with ${JSON.stringify(options)} the request goes to ${url}`, async () => {
    assert.equal((await asked(options)).url, `${url}?grant_type=client_credentials`);
  });
}

test("the global fetch is looked up at each call", async () => {
  const { fetch } = globalThis;
  try {
    for (const expiresIn of [60, 61]) {
      globalThis.fetch = async () => granted(String(expiresIn));
      assert.equal((await generateToken(credentials)).expiresIn, expiresIn);
    }
  } finally {
    globalThis.fetch = fetch;
  }
});

for (const { name, status, expect } of answers) {
  if (expect.code !== "ERR_DARAJA_REDIRECT") continue;
  test(`after the answer ${name} no other request is sent`, async () => {
    const sent = daraja.requests.length;
    const message = `The token endpoint redirects elsewhere (HTTP ${status})`;
    await rejects(
      generateToken({ ...credentials, baseUrl: daraja.baseUrl, path: `/answers/${name}`, retries: 10 }),
      "ERR_DARAJA_REDIRECT",
      message,
      { status, attempts: 1, retryable: false },
    );
    assert.equal(daraja.requests.length, sent + 1);
  });
}

test("credentials are never sent to the address of a redirect", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const path = `/redirect/${status}/${encodeURIComponent(`${elsewhere.baseUrl}/oauth/v1/generate`)}`;
    await rejects(
      generateToken({ ...credentials, baseUrl: daraja.baseUrl, path }),
      "ERR_DARAJA_REDIRECT",
      `The token endpoint redirects elsewhere (HTTP ${status})`,
    );
  }
  assert.deepEqual(elsewhere.requests, []);
});

test("a token is refused if fetch followed a redirect to get it", async () => {
  const response = granted();
  Object.defineProperty(response, "redirected", { value: true });
  const message = "The token endpoint redirects elsewhere (HTTP 200)";
  await rejects(generateToken({ ...credentials, fetch: async () => response }), "ERR_DARAJA_REDIRECT", message);
});

test("a redirect that the runtime hides is an error, too", () =>
  rejects(
    generateToken({ ...credentials, fetch: async () => Response.error() }),
    "ERR_DARAJA_REDIRECT",
    "The token endpoint redirects elsewhere",
    { status: undefined },
  ));

test("two calls send two requests and give two tokens", async () => {
  const sent = daraja.requests.length;
  const options = { ...credentials, baseUrl: daraja.baseUrl };
  const [one, other] = [await generateToken(options), await generateToken(options)];
  assert.notEqual(one.accessToken, other.accessToken);
  assert.equal(daraja.requests.length, sent + 2);
});

test("the end of a token counts from the moment when the request was sent", async (t) => {
  let now = 1_700_000_000_000;
  t.mock.method(Date, "now", () => now);
  const fetch = async () => {
    now += 5_000;
    return granted();
  };
  assert.deepEqual(await generateToken({ ...credentials, fetch }), {
    accessToken,
    expiresIn: 3599,
    expiresAt: 1_700_003_599_000,
  });
});

test("after two attempts, the end of the token counts from the second", async (t) => {
  let now = 1_700_000_000_000;
  t.mock.method(Date, "now", () => now);
  t.mock.method(Math, "random", () => 0);
  const responses = [new Response("", { status: 503 }), granted()];
  const fetch = async () => {
    now += 1_000;
    return responses.shift();
  };
  assert.equal((await generateToken({ ...credentials, fetch })).expiresAt, 1_700_000_001_000 + 3_599_000);
});

test("a token that has expired when it arrives is refused", async (t) => {
  let now = 1_700_000_000_000;
  t.mock.method(Date, "now", () => now);
  const fetch = (ms) => async () => {
    now += ms;
    return granted("2");
  };
  const message = "Expected a token from Daraja, found one that had expired when it arrived";
  await rejects(generateToken({ ...credentials, fetch: fetch(2_000) }), "ERR_DARAJA_MALFORMED_RESPONSE", message);
  assert.equal((await generateToken({ ...credentials, fetch: fetch(1_999) })).expiresIn, 2);
});

test("a clock that jumps back does not make the token's lifetime longer", async (t) => {
  let now = 1_700_000_000_000;
  t.mock.method(Date, "now", () => now);
  const fetch = async () => {
    now -= 86_400_000;
    return granted("60");
  };
  assert.equal((await generateToken({ ...credentials, fetch })).expiresAt, 1_700_000_060_000);
});
