// biome-ignore-all lint/suspicious/noThenProperty: some tests need thenables
// A fetch that throws, never answers or gives nonsense ends its call with a DarajaError. A mock of a Response is
// accepted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessToken, credentials, granted, installed, rejection, rejects, settled } from "../../support/installed.mjs";

const { generateToken } = await installed("fetch");
const network = "ERR_DARAJA_NETWORK";
const valid = { ...credentials, retries: 0 };
const json = JSON.stringify({ access_token: accessToken, expires_in: "3599" });
const bytes = new TextEncoder().encode(json);

/** An object like a Response. Each read of its body gives one of these chunks. */
function streamed(...chunks) {
  const read = async () => (chunks.length > 0 ? { done: false, value: chunks.shift() } : { done: true });
  return { status: 200, headers: new Headers(), body: { getReader: () => ({ read, cancel() {} }) } };
}

for (const thrown of [new Error("a fetch of the caller's"), "a string", undefined, null, 0, Symbol("thrown")]) {
  const what = String(thrown);
  for (const [how, fetch] of [
    [
      "throws",
      () => {
        throw thrown;
      },
    ],
    ["rejects with", () => Promise.reject(thrown)],
  ]) {
    test(`a fetch that ${how} ${what} gives NETWORK, with that value as the cause`, async () => {
      const error = await rejects(generateToken({ ...valid, fetch }), network, "No answer from Daraja: fetch failed", {
        retryable: true,
        attempts: 1,
        status: undefined,
      });
      assert.equal(error.cause, thrown);
      assert.equal("cause" in error, thrown !== undefined);
    });
  }
}

for (const [what, response] of Object.entries({
  undefined: undefined,
  null: null,
  "a number": 7,
  "a string": "HTTP/1.1 200 OK",
  "an empty object": {},
  "an empty array": [],
  "a function": () => granted(),
  "a status of text": { status: "OK", headers: new Headers(), text: async () => json },
  "a bigint for a status": { status: 200n, headers: new Headers(), text: async () => json },
  "a symbol for a status": { status: Symbol("200"), headers: new Headers(), text: async () => json },
  "a status that is too low": { status: -1, headers: new Headers(), text: async () => json },
  "a status that is too high": { status: 1000, headers: new Headers(), text: async () => json },
  "a status that would wrap to 200": { status: 65_736, headers: new Headers(), text: async () => json },
  "a status and nothing else": { status: 200 },
  "a status and headers": { status: 200, headers: new Headers() },
  "a text that is not a function": { status: 200, text: json },
  "a body that has a reader": locked(),
  "a body whose getReader throws": streamedBy(() => {
    throw new Error("no reader");
  }),
})) {
  test(`a fetch that resolves with ${what} gives NETWORK`, () =>
    rejects(
      generateToken({ ...valid, fetch: async () => response }),
      network,
      "No answer from Daraja: fetch gave no Response",
    ));
}

function locked() {
  const response = granted();
  response.body.getReader();
  return response;
}

function streamedBy(getReader) {
  return { status: 200, headers: new Headers(), body: { getReader } };
}

test("a status that is not a number gives an error, and is not converted", async () => {
  const message = "No answer from Daraja: fetch gave no Response";
  for (const status of ["200", null, true, [], { valueOf: () => 200 }, 200n]) {
    const fetch = async () => ({ status, headers: new Headers(), text: async () => json });
    const { code, message: said } = await rejection(generateToken({ ...valid, fetch }));
    assert.deepEqual([code, said], ["ERR_DARAJA_NETWORK", message], typeof status);
  }
});

for (const name of ["status", "redirected", "headers", "body", "arrayBuffer"]) {
  test(`a Response whose ${name} throws gives NETWORK`, async () => {
    const thrown = new Error(name);
    const response = Object.defineProperty({ status: 200 }, name, {
      get() {
        throw thrown;
      },
    });
    const message = "No answer from Daraja: fetch gave no Response";
    const error = await rejects(generateToken({ ...valid, fetch: () => response }), network, message);
    assert.equal(error.cause, thrown);
  });
}

test("headers that throw give NETWORK", () => {
  const headers = {
    get() {
      throw new Error("get");
    },
  };
  const fetch = () => ({ status: 200, headers, text: async () => json });
  return rejects(generateToken({ ...valid, fetch }), network, "No answer from Daraja: fetch gave no Response");
});

for (const [what, response] of Object.entries({
  "a mock with status and text": { status: 200, text: async () => json },
  "a mock whose text does not give a promise": { status: 200, text: () => json },
  "a mock with plain headers": { status: 200, headers: { "content-type": "application/json" }, text: async () => json },
  "a mock with an arrayBuffer": { status: 200, arrayBuffer: async () => bytes.buffer },
  "a mock whose arrayBuffer is a Buffer": { status: 200, arrayBuffer: async () => Buffer.from(json) },
  "a Response as node-fetch 2 gives it": {
    status: 200,
    headers: new Headers(),
    body: { pipe() {}, on() {} },
    arrayBuffer: async () => bytes.buffer,
  },
  "a thenable": { then: (resolve) => resolve(granted()) },
  "a thenable that calls back three times": {
    then(resolve, reject) {
      resolve(granted());
      resolve(granted("1"));
      reject(new Error("too late"));
    },
  },
})) {
  test(`${what} is accepted as a Response`, async () => {
    assert.equal((await generateToken({ ...valid, fetch: () => response })).accessToken, accessToken);
  });
}

test("a thenable that throws gives NETWORK", async () => {
  const thrown = new Error("then");
  const thenable = {
    then() {
      throw thrown;
    },
  };
  const error = await rejects(
    generateToken({ ...valid, fetch: () => thenable }),
    network,
    "No answer from Daraja: fetch failed",
  );
  assert.equal(error.cause, thrown);
});

for (const [what, fetch] of Object.entries({
  "a fetch": () => new Promise(() => {}),
  "a thenable": () => ({ then() {} }),
  "a body": async () => new Response(new ReadableStream({})),
  "a text": async () => ({ status: 200, text: () => new Promise(() => {}) }),
})) {
  test(`${what} that never settles gives TIMEOUT`, async () => {
    const message = "Daraja did not answer within 20 ms";
    await rejects(generateToken({ ...valid, fetch, timeoutMs: 20 }), "ERR_DARAJA_TIMEOUT", message, {
      retryable: true,
      attempts: 1,
      cause: undefined,
    });
  });
}

test("an answer that comes after the time-out is cancelled and not read", async () => {
  let answer;
  let reads = 0;
  let cancelled = 0;
  const fetch = () => new Promise((resolve) => (answer = resolve));
  await rejection(generateToken({ ...valid, fetch, timeoutMs: 20 }));
  const read = () => {
    reads += 1;
    return new Promise(() => {});
  };
  answer({ status: 200, body: { getReader: () => ({ read }), cancel: () => cancelled++ } });
  await settled();
  assert.deepEqual({ reads, cancelled }, { reads: 0, cancelled: 1 });
});

test("an answer that comes after the time-out, and whose body would break off, leaves no unhandled rejection", async () => {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  let answer;
  const fetch = () => new Promise((resolve) => (answer = resolve));
  await rejection(generateToken({ ...valid, fetch, timeoutMs: 20 }));
  answer({ status: 200, headers: new Headers(), arrayBuffer: () => Promise.reject(new Error("Premature close")) });
  await settled();
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});

test("a time-out aborts the request and cancels the body of the answer", async () => {
  let aborted;
  let cancelled = false;
  const body = new ReadableStream({
    cancel() {
      cancelled = true;
    },
  });
  const fetch = async (_url, { signal }) => {
    aborted = signal;
    return new Response(body);
  };
  await rejection(generateToken({ ...valid, fetch, timeoutMs: 20 }));
  assert.equal(aborted.aborted, true);
  assert.equal(cancelled, true);
});

test("a call that has read the whole body aborts nothing", async () => {
  let aborted;
  const fetch = async (_url, { signal }) => {
    aborted = signal;
    return granted();
  };
  await generateToken({ ...valid, fetch });
  assert.equal(aborted.aborted, false);
});

test("many hostile calls at once do not disturb the correct calls between them", async () => {
  const hostile = [
    () => {
      throw undefined;
    },
    () => null,
    () => ({ status: 200n }),
    () => streamed("text"),
  ];
  const calls = Array.from({ length: 100 }, (_, i) => {
    const fetch = i % 5 === 0 ? async () => granted(String(i + 1)) : hostile[i % 4];
    return generateToken({ ...valid, fetch }).then(
      ({ expiresIn }) => expiresIn,
      ({ code }) => code,
    );
  });
  const expected = Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? i + 1 : network));
  assert.deepEqual(await Promise.all(calls), expected);
});
