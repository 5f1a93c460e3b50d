// The requests that are sent, with method, headers and body, and the requests that are refused.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { before, test } from "node:test";
import { installed } from "./installed.mjs";
import { serve } from "./servers.mjs";

let fetch;
before(async () => {
  ({ fetch } = await installed("requests"));
});

/** A server that answers with the request that it got. */
const mirror = (t) =>
  serve(t, async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") }));
  });
const sent = async (...args) => (await fetch(...args)).json();

test("a GET has five headers: host, accept, accept-encoding, user-agent and connection; and no body", async (t) => {
  const { url } = await mirror(t);
  const { method, headers, body } = await sent(url);
  const { host, ...rest } = headers;
  assert.deepEqual([method, host, body], ["GET", new URL(url).host, ""]);
  assert.deepEqual(rest, {
    accept: "*/*",
    "accept-encoding": "gzip, deflate, br",
    "user-agent": "node",
    connection: "keep-alive",
  });
});

test("with cache: no-store, two headers say no-cache, as the fetch standard demands", async (t) => {
  const { url } = await mirror(t);
  const { headers } = await sent(url, { cache: "no-store" });
  assert.deepEqual([headers["cache-control"], headers.pragma], ["no-cache", "no-cache"]);
});

for (const [what, headers] of Object.entries({
  "an object": { "X-One": " 1 ", Accept: "application/json" },
  pairs: [
    ["x-one", "1"],
    ["accept", "application/json"],
  ],
  "a Map": new Map([
    ["X-ONE", 1],
    ["accept", "application/json"],
  ]),
  Headers: new Headers({ "x-one": "1", accept: "application/json" }),
})) {
  test(`headers may be ${what}, and they replace the defaults`, async (t) => {
    const { url } = await mirror(t);
    const { headers: got } = await sent(url, { headers });
    assert.deepEqual([got["x-one"], got.accept], ["1", "application/json"]);
  });
}

test("a header that is given twice, in upper and lower case, is sent once with both values", async (t) => {
  const { url } = await mirror(t);
  const { headers } = await sent(url, {
    headers: [
      ["X-Two", "a"],
      ["x-two", "b"],
    ],
  });
  assert.equal(headers["x-two"], "a, b");
});

const bytes = new TextEncoder().encode("Habari ü");
for (const [what, make, type, length] of [
  ["a string", () => "Habari ü", "text/plain;charset=UTF-8", "9"],
  ["a Uint8Array", () => bytes, undefined, "9"],
  ["an ArrayBuffer", () => bytes.slice().buffer, undefined, "9"],
  ["a DataView", () => new DataView(bytes.slice().buffer), undefined, "9"],
  ["a Blob", () => new Blob([bytes], { type: "text/x" }), "text/x", "9"],
  ["a web stream", () => new Blob([bytes]).stream(), undefined, undefined],
  ["a stream of Node", () => Readable.from([bytes]), undefined, undefined],
]) {
  for (const method of ["POST", "DELETE"]) {
    test(`the body of a ${method} may be ${what}`, async (t) => {
      const { url } = await mirror(t);
      const { headers, ...got } = await sent(url, { method, body: make(), duplex: "half" });
      assert.deepEqual(got, { method, url: "/", body: "Habari ü" });
      assert.deepEqual([headers["content-type"], headers["content-length"]], [type, length]);
      assert.equal(headers["transfer-encoding"], length ? undefined : "chunked");
    });
  }
}

test("URLSearchParams are sent as a form, unless the caller gives another content type", async (t) => {
  const { url } = await mirror(t);
  const init = { method: "POST", body: new URLSearchParams({ a: "b c" }) };
  const { headers, body } = await sent(url, init);
  assert.deepEqual([headers["content-type"], body], ["application/x-www-form-urlencoded;charset=UTF-8", "a=b+c"]);
  const { headers: other } = await sent(url, { ...init, headers: { "content-type": "text/x" } });
  assert.equal(other["content-type"], "text/x");
});

test("the caller's Content-Length header is ignored", async (t) => {
  const { url } = await mirror(t);
  const { headers, body } = await sent(url, { method: "POST", body: "whole", headers: { "Content-Length": "2" } });
  assert.deepEqual([headers["content-length"], body], ["5", "whole"]);
});

test("a POST without a body has Content-Length: 0", async (t) => {
  const { url } = await mirror(t);
  const { headers } = await sent(url, { method: "post" });
  assert.equal(headers["content-length"], "0");
});

test("a URL and a Request are accepted, and init replaces a Request's own values", async (t) => {
  const { url } = await mirror(t);
  assert.equal((await sent(new URL("a?b=c#d", url))).url, "/a?b=c");
  const request = new Request(url, { method: "PUT", body: "old", headers: { "x-a": "1" } });
  const { method, headers, body } = await sent(request, { body: "new" });
  assert.deepEqual([method, headers["x-a"], body], ["PUT", "1", "new"]);
});

test("a body that fails while it is read rejects the call with its error", async (t) => {
  const { url } = await mirror(t);
  const broken = new Error("the caller's stream broke");
  const body = (async function* () {
    yield bytes;
    throw broken;
  })();
  await assert.rejects(fetch(url, { method: "POST", body }), (error) => error === broken);
});

test("a stream is cancelled when the call is aborted", async (t) => {
  const controller = new AbortController();
  const { url } = await serve(t, (request) => request.once("data", () => controller.abort()));
  let cancelled;
  const isCancelled = new Promise((resolve) => {
    cancelled = resolve;
  });
  let pulls = 0;
  const body = new ReadableStream({
    pull: (stream) => {
      pulls += 1;
      if (pulls === 1) stream.enqueue(bytes);
      else return new Promise(() => {});
    },
    cancel: cancelled,
  });
  await assert.rejects(fetch(url, { method: "POST", body, signal: controller.signal }), { name: "AbortError" });
  await isCancelled;
});

const expected = "a string, bytes, URLSearchParams, a Blob or a stream";
for (const [what, init, message] of [
  [
    "an object",
    { body: {} },
    `expected the body to be ${expected}, found an object, which JSON.stringify makes a string`,
  ],
  ["FormData", { body: new FormData() }, `expected the body to be ${expected}, found an object of the class FormData`],
  ["a number", { body: 7 }, `expected the body to be ${expected}, found a number`],
  ["a body with GET", { method: "GET", body: "x" }, "a GET request cannot have a body"],
  ["the method CONNECT", { method: "connect" }, "the method CONNECT is not allowed"],
  [
    "transfer-encoding",
    { headers: { "Transfer-Encoding": "gzip" } },
    "the header Transfer-Encoding cannot be set here",
  ],
  ["connection", { headers: { connection: "close" } }, "the header connection cannot be set here"],
  ["a header that is no pair", { headers: [["a"]] }, "expected pairs of a header's name and value"],
  ["headers of text", { headers: "a: b" }, "expected pairs of a header's name and value"],
  ["a dispatcher", { dispatcher: {} }, "the option dispatcher is not supported here"],
  ["an integrity", { integrity: "sha256-x" }, "the option integrity is not supported here"],
]) {
  test(`${what} is refused with a TypeError, and nothing is sent`, async (t) => {
    let requests = 0;
    const { url } = await serve(t, (_, response) => {
      requests += 1;
      response.end();
    });
    await assert.rejects(fetch(url, { method: "POST", ...init }), { name: "TypeError", message: `fetch: ${message}` });
    assert.equal(requests, 0);
  });
}

for (const [what, url, message] of [
  ["the scheme ftp", "ftp://127.0.0.1/", "fetch: expected an http: or https: URL, found ftp:"],
  ["a password", "http://user:password@127.0.0.1/", "fetch: expected a URL without a user name and a password"],
]) {
  test(`a URL with ${what} is refused`, () => assert.rejects(fetch(url), { name: "TypeError", message }));
}

test("a header with a line break is refused, and the error does not show its value", async (t) => {
  const { url } = await mirror(t);
  const headers = { Authorization: "Bearer canary\r\nX-Evil: 1" };
  await assert.rejects(fetch(url, { headers }), (error) => {
    assert.equal(error.code, "ERR_INVALID_CHAR");
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("canary"));
    return true;
  });
});

test("a value on Object.prototype is not a member of the init", async (t) => {
  const { url } = await mirror(t);
  const expected = await sent(url);
  const names = "method headers body redirect agent cache dispatcher integrity auth path timeout socketPath";
  for (const name of names.split(" ")) {
    Object.prototype[name] = "evil";
    const answer = await fetch(url).catch((error) => error);
    delete Object.prototype[name];
    assert.deepEqual(await answer.json?.(), expected, `${name}: ${answer}`);
  }
});
