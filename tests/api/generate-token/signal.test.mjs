// The caller's signal: it ends a call at any step with its own reason, and leaves no listener or timer.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, mock, test } from "node:test";
import { startDaraja } from "../../support/daraja-server.mjs";
import { accessToken, credentials, granted, installed, rejection, rejects, settled } from "../../support/installed.mjs";

const { generateToken } = await installed("signal");
let daraja;
before(async () => {
  daraja = await startDaraja();
});
after(() => daraja.close());

const valid = (path) => ({ ...credentials, baseUrl: daraja.baseUrl, path });

/** A signal that counts its listeners, and the function that aborts it. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const counts = { added: 0, removed: 0 };
  for (const [method, count] of [
    ["addEventListener", "added"],
    ["removeEventListener", "removed"],
  ]) {
    signal[method] = (...args) => {
      counts[count] += 1;
      return AbortSignal.prototype[method].apply(signal, args);
    };
  }
  return { signal, counts, abort: (reason) => controller.abort(reason) };
}

function nothingIsLeftOn(signal) {
  assert.deepEqual(getEventListeners(signal, "abort"), []);
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
    [],
  );
}

const reasons = { "an error": new Error("enough"), text: "enough", null: null, zero: 0, "an object": { enough: true } };
for (const [what, reason] of Object.entries(reasons)) {
  test(`a call whose signal has already aborted with ${what} rejects with that reason, and nothing is sent`, async () => {
    const fetch = () => assert.fail("a request was sent");
    const signal = AbortSignal.abort(reason);
    assert.equal(await rejection(generateToken({ ...credentials, fetch, signal })), reason);
    nothingIsLeftOn(signal);
  });
}

test("a call whose signal has aborted without a reason rejects with an AbortError, as fetch does", async () => {
  const signal = AbortSignal.abort();
  const error = await rejection(generateToken({ ...credentials, signal }));
  assert.equal(error, signal.reason);
  assert.equal(error.name, "AbortError");
});

test("a call with AbortSignal.timeout rejects with its TimeoutError", async () => {
  const signal = AbortSignal.timeout(30);
  const error = await rejection(generateToken({ ...valid("/hang"), signal }));
  assert.equal(error, signal.reason);
  assert.equal(error.name, "TimeoutError");
});

for (const path of ["/hang", "/hang-body"]) {
  test(`an abort during ${path} rejects with its reason, and ends the request`, async () => {
    const { signal, counts, abort } = counted();
    const reason = new Error("enough");
    // A path of its own, because requests of other tests may arrive late.
    const own = `${path}/abort`;
    const sent = () => daraja.requests.filter(({ url }) => url.startsWith(own));
    const call = rejection(generateToken({ ...valid(own), signal }));
    while (sent().length === 0) await new Promise(setImmediate);
    if (path === "/hang-body") await new Promise((resolve) => setTimeout(resolve, 20));
    abort(reason);
    assert.equal(await call, reason);
    const [request] = sent();
    while (!request.closedEarly) await new Promise(setImmediate);
    assert.equal(sent().length, 1);
    assert.equal(counts.added, counts.removed);
    nothingIsLeftOn(signal);
  });
}

test("an abort in the pause between attempts rejects with its reason, and nothing more is sent", async () => {
  const { signal, counts, abort } = counted();
  const reason = new Error("enough");
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    return new Response("", { status: 503, headers: { "retry-after": "5" } });
  };
  const call = rejection(generateToken({ ...credentials, fetch, signal }));
  await settled();
  assert.equal(sent, 1);
  abort(reason);
  assert.equal(await call, reason);
  assert.equal(sent, 1);
  assert.deepEqual(counts, { added: 2, removed: 2 });
  nothingIsLeftOn(signal);
});

test("an abort by the caller's fetch itself rejects with its reason", async () => {
  const { signal, counts, abort } = counted();
  const reason = new Error("enough");
  const fetch = async () => {
    abort(reason);
    return granted();
  };
  assert.equal(await rejection(generateToken({ ...credentials, fetch, signal })), reason);
  assert.deepEqual(counts, { added: 1, removed: 1 });
  nothingIsLeftOn(signal);
});

for (const [what, fetch, outcome] of [
  ["a token", async () => granted(), undefined],
  ["an error", async () => new Response("", { status: 400 }), "ERR_DARAJA_INVALID_CREDENTIALS"],
  ["a network error", () => Promise.reject(new Error("ECONNREFUSED")), "ERR_DARAJA_NETWORK"],
  ["a time-out", () => new Promise(() => {}), "ERR_DARAJA_TIMEOUT"],
]) {
  test(`after ${what} no listener is left on the signal, and no timer runs`, async () => {
    const { signal, counts } = counted();
    const options = { ...credentials, fetch, signal, retries: 0, timeoutMs: what === "a time-out" ? 20 : 60_000 };
    const result = await generateToken(options).catch((error) => error);
    assert.equal(result.code, outcome);
    assert.deepEqual(counts, { added: 1, removed: 1 });
    nothingIsLeftOn(signal);
  });
}

test("one signal serves a thousand calls, and none of them leaves a listener", async () => {
  const { signal } = new AbortController();
  const warned = mock.method(process, "emitWarning");
  const one = () => generateToken({ ...credentials, fetch: async () => granted(), signal });
  for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 10 }, one));
  assert.equal(warned.mock.callCount(), 0);
  nothingIsLeftOn(signal);
});

test("an abort after the call has its token changes nothing", async () => {
  const controller = new AbortController();
  const call = generateToken({ ...credentials, fetch: async () => granted(), signal: controller.signal });
  assert.equal((await call).accessToken, accessToken);
  controller.abort(new Error("too late"));
  assert.equal((await call).accessToken, accessToken);
});

/** An object with a signal's methods, such as a polyfill's signal or a malicious caller's. */
const like = (more = {}) =>
  Object.defineProperties(
    { aborted: false, addEventListener() {}, removeEventListener() {} },
    Object.getOwnPropertyDescriptors(more),
  );

test("an object like a signal is accepted as a signal", async () => {
  const token = await generateToken({ ...credentials, fetch: async () => granted(), signal: like() });
  assert.equal(token.accessToken, accessToken);
});

test("a call with an aborted polyfill that has no reason rejects with an AbortError", async () => {
  const error = await rejection(generateToken({ ...credentials, signal: like({ aborted: true }) }));
  assert.equal(error?.name, "AbortError");
});

test("a call with an aborted signal whose reason throws rejects with an AbortError", async () => {
  const signal = like({
    aborted: true,
    get reason() {
      throw new Error("reason");
    },
  });
  const error = await rejection(generateToken({ ...credentials, signal }));
  assert.equal(error?.name, "AbortError");
});

test("a signal that calls its listener at once ends the call, and aborts a request that was sent", async () => {
  let aborted;
  const fetch = (_url, { signal }) => {
    aborted = signal;
    return new Promise(() => {});
  };
  const signal = like({ addEventListener: (_type, listener) => listener(), reason: "at once" });
  assert.equal(await rejection(generateToken({ ...credentials, fetch, signal })), "at once");
  assert.ok(aborted === undefined || aborted.aborted);
});

for (const what of ["aborted", "addEventListener", "removeEventListener"]) {
  test(`a signal whose ${what} throws when it is read is refused`, () => {
    const signal = Object.defineProperty(like(), what, {
      get() {
        throw new Error(what);
      },
    });
    const message = "signal: expected an AbortSignal, found a property that throws when it is read";
    return rejects(generateToken({ ...credentials, signal }), "ERR_DARAJA_INVALID_OPTION", message);
  });
}

test("a signal whose addEventListener throws gives NETWORK, and nothing is sent", async () => {
  const thrown = new Error("addEventListener");
  const signal = like({
    addEventListener() {
      throw thrown;
    },
  });
  const fetch = () => assert.fail("a request was sent");
  const message = "No answer from Daraja: it could not be asked";
  const error = await rejects(
    generateToken({ ...credentials, fetch, signal, retries: 0 }),
    "ERR_DARAJA_NETWORK",
    message,
  );
  assert.equal(error.cause, thrown);
});

test("a call succeeds although its signal's removeEventListener throws", async () => {
  const signal = like({
    removeEventListener() {
      throw new Error("removeEventListener");
    },
  });
  assert.equal(
    (await generateToken({ ...credentials, fetch: async () => granted(), signal })).accessToken,
    accessToken,
  );
});

test("if addEventListener throws in the pause between attempts, the call ends with a DarajaError", async () => {
  let listened = 0;
  const signal = like({
    addEventListener() {
      listened += 1;
      if (listened > 1) throw new Error("addEventListener");
    },
  });
  const fetch = async () => new Response("", { status: 503 });
  const message = "No answer from Daraja: it could not be asked";
  await rejects(generateToken({ ...credentials, fetch, signal }), "ERR_DARAJA_NETWORK", message);
});

test("if aborted throws when it is read between attempts, the call ends with a DarajaError", async () => {
  let reads = 0;
  const signal = like({
    get aborted() {
      reads += 1;
      if (reads > 2) throw new Error("aborted");
      return false;
    },
  });
  const fetch = async () => new Response("", { status: 503 });
  const message = "No answer from Daraja: it could not be asked";
  await rejects(generateToken({ ...credentials, fetch, signal }), "ERR_DARAJA_NETWORK", message);
});
