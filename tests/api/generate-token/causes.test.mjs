// The cause of an error: the error that fetch threw, or a copy of its harmless parts. No way to print it shows a secret.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { inspect } from "node:util";
import { startDaraja } from "../../support/daraja-server.mjs";
import { accessToken, credentials, encoded, installed, rejection, rejects } from "../../support/installed.mjs";
import { assertHidden, printed } from "../../support/printed.mjs";

const { generateToken } = await installed("causes");
const { consumerSecret } = credentials;
const authorization = `Basic ${encoded}`;
const secrets = [consumerSecret, encoded];
const valid = { ...credentials, retries: 0 };

/** Errors of fetch that contain a secret, each in a different place. */
const errorsWith = (secret) => ({
  "the text itself": secret,
  "a message": new Error(`cannot send ${secret}`),
  "a stack": Object.assign(new Error("x"), { stack: `Error: x\n    at ${secret}` }),
  "a nested cause": new Error("a", { cause: new Error("b", { cause: new Error(secret) }) }),
  "an AggregateError": new AggregateError([new Error("a"), new Error(secret)], "all failed"),
  "axios's config": Object.assign(new Error("x"), { config: { headers: { Authorization: secret } } }),
  "a request with rawHeaders": Object.assign(new Error("x"), { request: { rawHeaders: ["Authorization", secret] } }),
  "an array": [[[secret]]],
  "a key": { [secret]: 1 },
  "a hidden property": Object.defineProperty(new Error("x"), "headers", { value: { secret } }),
  "a symbol's property": { [Symbol("headers")]: secret },
  "a symbol's description": { headers: Symbol(secret) },
  "a key that is a symbol": { [Symbol(secret)]: 1 },
  "an inherited message": Object.create(new Error(secret)),
  Headers: Object.assign(new Error("x"), { headers: new Headers({ authorization: secret }) }),
  "a Map": Object.assign(new Error("x"), { headers: new Map([["authorization", secret]]) }),
  "a Set": new Set([secret]),
  "a Buffer": Object.assign(new Error("x"), { data: Buffer.from(secret) }),
  "a URL": Object.assign(new Error("x"), { url: new URL(`https://h/?${encodeURIComponent(secret)}`) }),
  "a boxed string": Object.assign(new Error("x"), { header: new String(secret) }),
  "a function": Object.assign(new Error("x"), { toJSON: () => secret }),
  "an inspect method": Object.assign(new Error("x"), { [inspect.custom]: () => secret }),
  "an inherited inspect method": new (class extends Error {
    [inspect.custom]() {
      return secret;
    }
  })("x"),
  "an inherited toJSON": new (class extends Error {
    toJSON() {
      return { secret };
    }
  })("x"),
  "an inherited name": new (class extends Error {
    get name() {
      return secret;
    }
  })("x"),
  "a getter": {
    get header() {
      return secret;
    },
  },
  "a getter that throws": {
    get header() {
      throw secret;
    },
  },
  "a cycle": cycle(secret),
  "the end of a long list": Array.from({ length: 5_000 }, (_, i) => (i === 4_999 ? secret : i)),
  "a Request": Object.assign(new Error("x"), { request: new Request("https://h/", { headers: { a: secret } }) }),
});

function cycle(secret) {
  const error = new Error("x");
  error.self = error;
  error.deep = { error, secret };
  return error;
}

for (const [which, secret] of Object.entries({ consumerSecret, encoded, authorization })) {
  for (const [what, thrown] of Object.entries(errorsWith(secret))) {
    test(`a cause that has ${which} in ${what} is replaced by one that does not show it`, async () => {
      const error = await rejects(
        generateToken({ ...valid, fetch: () => Promise.reject(thrown) }),
        "ERR_DARAJA_NETWORK",
        "No answer from Daraja: fetch failed",
      );
      assert.notEqual(error.cause, thrown);
      const { message } = error.cause;
      assert.ok(["", "x", "a", "all failed", "withheld: it may show a secret"].includes(message), message);
      assertHidden(error, ...secrets);
    });
  }
}

const bytes = Buffer.from(consumerSecret);
const inHex = bytes.toString("hex");
const pairs = inHex.match(/../g);
const older = (members) => Object.setPrototypeOf(new Error("x"), Object.create(Error.prototype, members));
let reads = 0;

/** Errors that show the secret in another spelling, and a part of that spelling. */
for (const [what, [thrown, part]] of Object.entries({
  "a Buffer's bytes": [new Error(inspect(bytes)), pairs.slice(2, 9).join(" ")],
  "numbers of bytes": [new Error(JSON.stringify([...bytes])), [...bytes].slice(2, 9).join()],
  "hex with colons": [pairs.join(":"), pairs.slice(2, 9).join(":")],
  "single characters": [new Error([...consumerSecret].join(" ")), [...consumerSecret.slice(2, 9)].join(" ")],
  "a constant": [new Error(`KEY_${inHex.toUpperCase()}`), inHex.toUpperCase()],
  "a getter's second value": [
    Object.defineProperty(new Error("x"), "code", { get: () => (reads++ > 0 ? inHex : "EPIPE") }),
    inHex,
  ],
  "toJSON of an older class": [older({ toJSON: { value: () => inHex } }), inHex],
  "the inspect method of an older class": [older({ [inspect.custom]: { value: () => inHex } }), inHex],
})) {
  test(`a cause that shows the secret in ${what} is withheld`, async () => {
    const error = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
    assert.notEqual(error.cause, thrown);
    assertHidden(error, part);
  });
}

for (const [what, thrown] of Object.entries({
  "an error": new Error("x"),
  "a TypeError with a cause": new TypeError("fetch failed", {
    cause: Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED", port: 9 }),
  }),
  "a DOMException": new DOMException("This operation was aborted", "AbortError"),
  "a text": "socket hang up",
  "an error with a code of SQL": Object.assign(new Error('relation "app.other" does not exist'), { code: "42P01" }),
  "an error of HTTP/2": Object.assign(new Error("x"), { code: "ERR_HTTP2_GOAWAY_SESSION" }),
  "an AggregateError": new AggregateError([new Error("connect ETIMEDOUT ::1:9"), new Error("x")], "all failed"),
  "an error of Node's": Object.assign(new Error("getaddrinfo ENOTFOUND sandbox.safaricom.co.ke"), {
    errno: -3008,
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    hostname: "sandbox.safaricom.co.ke",
  }),
})) {
  test(`${what} without a secret is the unchanged cause`, async () => {
    const error = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
    assert.equal(error.cause, thrown);
    assertHidden(error, ...secrets);
  });
}

for (const [what, [thrown, kept]] of Object.entries({
  "an object": [
    { message: "refused", code: "ECONNREFUSED", codes: [1] },
    { message: "refused", code: "ECONNREFUSED" },
  ],
  "a cycle": [cycle("harmless"), { message: "x" }],
  "an AggregateError with a key in it": [
    Object.assign(new AggregateError([new Error("::1"), new Error("key q1w2e3r4t5y6u7i8")]), { code: "ETIMEDOUT" }),
    { name: "AggregateError", message: "", code: "ETIMEDOUT" },
  ],
  "an error of a library": [
    new (class LibraryError extends Error {
      code = "UND_ERR_SOCKET";
      socket = {};
    })("other side closed", { cause: new Error("read ECONNRESET") }),
    { message: "other side closed", code: "UND_ERR_SOCKET" },
  ],
  "a text with something like a key": [
    new Error("no app with the key q1w2e3r4t5y6u7i8 at https://proxy.example:8080"),
    { message: "no app with the key [redacted] at https://proxy.example:8080" },
  ],
})) {
  test(`the cause for ${what} is a copy of the parts that a diagnosis needs`, async () => {
    const { cause } = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
    assert.notEqual(cause, thrown);
    assert.ok(cause instanceof Error);
    assert.deepEqual(Object.fromEntries(Object.keys(kept).map((key) => [key, cause[key]])), kept);
    if (thrown.cause) assert.equal(cause.cause, thrown.cause);
    if (thrown.errors) {
      assert.equal(cause.errors[0], thrown.errors[0]);
      assert.equal(cause.errors[1].message, "key [redacted]");
    }
    for (const key of ["codes", "self", "deep", "socket"]) assert.ok(!(key in cause), key);
  });
}

const fetchFailed = (fields) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), fields) });

for (const [thrown, hint] of [
  [
    fetchFailed({ code: "ENOTFOUND", hostname: "sandbox.example" }),
    "sandbox.example was not found (ENOTFOUND). Check baseUrl, and the network's DNS.",
  ],
  [
    Object.assign(new Error("x"), { code: "ECONNREFUSED", address: "127.0.0.1", port: 8253 }),
    "127.0.0.1:8253 refused the connection (ECONNREFUSED). Check baseUrl: probably nothing listens there.",
  ],
  [
    fetchFailed({ code: "ECONNRESET" }),
    "Daraja ended the connection (ECONNRESET). A proxy or a firewall between may do that. Try again.",
  ],
  [
    new TypeError("fetch failed", {
      cause: Object.assign(new AggregateError([new Error("x")]), { code: "ETIMEDOUT" }),
    }),
    "Daraja could not be reached (ETIMEDOUT). Check the network, its firewall and its proxy. " +
      "Raise Node's --network-family-autoselection-attempt-timeout if the host has several addresses.",
  ],
  [
    fetchFailed({ code: "SELF_SIGNED_CERT_IN_CHAIN", host: "api.example" }),
    "api.example has a certificate that is not trusted here (SELF_SIGNED_CERT_IN_CHAIN). " +
      "Name its authority's file in NODE_EXTRA_CA_CERTS, and check the machine's clock.",
  ],
  [new Error("x"), "Check network, DNS, proxy and TLS; error.cause has what fetch said."],
]) {
  test(`the hint explains the error of fetch: ${hint.slice(0, 40)}…`, async () => {
    const error = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
    assert.equal(error.hint, hint);
  });
}

test("in a page the hint says that a page cannot call Daraja", async (t) => {
  const { navigator } = globalThis;
  const value = { userAgent: "Mozilla/5.0" };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
  t.after(() =>
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true }),
  );
  const { hint } = await rejection(
    generateToken({ ...valid, fetch: () => Promise.reject(new TypeError("Failed to fetch")) }),
  );
  assert.equal(hint, "A page cannot call Daraja, which sends no CORS headers: call it from a server.");
});

/** The forms in which programs write a text. A search for the text itself does not find them. */
const FORMS = {
  "percent-encoded": (text) => encodeURIComponent(text),
  "percent-encoded twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "percent-encoded, each byte": (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(""),
  "in the escapes of JSON": (text) => text.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64url": (text) => Buffer.from(text).toString("base64url"),
  "in hexadecimal digits": (text) => Buffer.from(text).toString("hex"),
  "in the entities of HTML": (text) => text.replace(/./g, (c) => `&#${c.charCodeAt(0)};`),
};

for (const [form, write] of Object.entries(FORMS)) {
  for (const secret of [consumerSecret, `${credentials.consumerKey}:${consumerSecret}`, accessToken]) {
    const text = write(secret);
    test(`a cause shows no ${secret === accessToken ? "token" : "secret"} of ${secret.length} characters ${form}`, async () => {
      for (const thrown of [
        text,
        new Error(`cannot send ${text}`),
        new Error("x", { cause: new Error(`Authorization: ${text}`) }),
        Object.assign(new Error("x"), { code: text, config: { text } }),
        Object.assign(new Error("x"), { stack: `Error: x\n    at ${text}` }),
        Object.create({
          get header() {
            return text;
          },
        }),
      ]) {
        const error = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
        for (const shown of [...printed(error), ...printed(error.cause)]) assert.ok(!shown?.includes(text), shown);
      }
    });
  }
}

test("a cause is unchanged although a framework has patched all errors, as Next.js does", async (t) => {
  const name = Symbol.for("nodejs.util.inspect.custom");
  Object.defineProperty(Error.prototype, name, { value: () => "patched", configurable: true });
  t.after(() => delete Error.prototype[name]);
  const thrown = new TypeError("refused");
  const { cause } = await rejection(generateToken({ ...valid, fetch: () => Promise.reject(thrown) }));
  assert.equal(cause, thrown);
});

test("a refused connection gives NETWORK, with Node's own error as the cause", async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const error = await rejects(
    generateToken({ ...valid, baseUrl: `http://127.0.0.1:${port}` }),
    "ERR_DARAJA_NETWORK",
    "No answer from Daraja: fetch failed",
    { retryable: true, attempts: 1 },
  );
  assert.equal(error.cause.message, "fetch failed");
  assert.equal(error.cause.cause.code, "ECONNREFUSED");
  assertHidden(error, ...secrets);
});

test("a connection that breaks off in the body gives NETWORK, with Node's own error as the cause", async () => {
  const daraja = await startDaraja();
  const error = await rejection(generateToken({ ...valid, baseUrl: daraja.baseUrl, path: "/cut" }));
  await daraja.close();
  assert.equal(error.code, "ERR_DARAJA_NETWORK");
  assert.equal(error.cause.message, "terminated");
  assertHidden(error, ...secrets);
});
