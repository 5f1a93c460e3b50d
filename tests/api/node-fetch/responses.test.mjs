// The responses: status, headers, and every way to read a body.
import assert from "node:assert/strict";
import { once } from "node:events";
import { before, test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { installed } from "./installed.mjs";
import { serve, serveBytes } from "./servers.mjs";

let fetch;
before(async () => {
  ({ fetch } = await installed("responses"));
});

const text = "Habari ü".repeat(1000);
const answer =
  (body, headers = {}, status = 200) =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

test("a response has the members of a Response", async (t) => {
  const { url } = await serve(t, answer("x", { "Content-Type": "text/plain", "X-A": "1" }, 201));
  const response = await fetch(`${url}a?b=c#d`);
  const { status, statusText, ok, redirected, type, bodyUsed } = response;
  assert.deepEqual(
    { status, statusText, ok, redirected, type, bodyUsed },
    { status: 201, statusText: "Created", ok: true, redirected: false, type: "basic", bodyUsed: false },
  );
  assert.equal(response.url, `${url}a?b=c`);
  assert.equal(await response.text(), "x");
  assert.equal(response.bodyUsed, true);
});

test("header names ignore case, values are joined as the standard says, and cookies stay separate", async (t) => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Two: a\r\nx-two: b\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n";
  const { url } = await serveBytes(t, `${head}X-Latin: caf\xe9\r\nRetry-After: 1\r\nRetry-After: 2\r\n\r\n`);
  const { headers } = await fetch(url);
  assert.deepEqual([headers.get("x-two"), headers.get("X-TWO"), headers.has("X-Two")], ["a, b", "a, b", true]);
  assert.deepEqual(headers.getSetCookie(), ["a=1", "b=2"]);
  assert.equal(headers.get("x-latin"), "café");
  assert.equal(headers.get("retry-after"), "1, 2");
  assert.equal(headers.get("absent"), null);
  const own = [...headers].filter(([name]) => !/^(connection|keep-alive)$/.test(name));
  assert.deepEqual(own, [
    ["content-length", "0"],
    ["retry-after", "1, 2"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-latin", "café"],
    ["x-two", "a, b"],
  ]);
  assert.throws(() => headers.set("a", "b"), { name: "TypeError" });
});

for (const [how, read, expected] of [
  ["text()", (response) => response.text(), text],
  ["clone() and text()", async (response) => (await response.clone().text()) && response.text(), text],
  ["arrayBuffer()", async (response) => Buffer.from(await response.arrayBuffer()).toString(), text],
  ["bytes()", async (response) => Buffer.from(await response.bytes()).toString(), text],
  ["blob()", async (response) => (await response.blob()).text(), text],
  ["a loop", (response) => collected(response.body), text],
  ["tee()", async (response) => (await Promise.all(response.body.tee().map(collected)))[1], text],
  ["pipeThrough()", (response) => collected(response.body.pipeThrough(new TransformStream())), text],
  ["pipeTo()", (response) => piped(response.body), text],
  ["a reader into its own buffer", (response) => filled(response.body.getReader({ mode: "byob" })), text],
]) {
  test(`a body is read by ${how}, and only once`, async (t) => {
    const { url } = await serve(t, answer(text));
    const response = await fetch(url);
    assert.equal(await read(response), expected);
    await assert.rejects(response.text(), {
      name: "TypeError",
      message: "The body is used: it was read, cancelled or locked",
    });
    assert.throws(() => response.clone(), { name: "TypeError" });
  });
}

async function collected(stream) {
  const decoder = new TextDecoder();
  let all = "";
  for await (const chunk of stream) all += decoder.decode(chunk, { stream: true });
  return all;
}

async function piped(stream) {
  const { readable, writable } = new TransformStream();
  const [all] = await Promise.all([collected(readable), stream.pipeTo(writable)]);
  return all;
}

async function filled(reader) {
  const decoder = new TextDecoder();
  let all = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(1000));
    if (done) return all;
    all += decoder.decode(value, { stream: true });
  }
}

test("json() and formData() parse the body", async (t) => {
  const { url } = await serve(t, (request, response) =>
    request.url === "/json"
      ? response.end('\ufeff{"a":1}')
      : response.writeHead(200, { "content-type": "application/x-www-form-urlencoded" }).end("a=b"),
  );
  assert.deepEqual(await (await fetch(`${url}json`)).json(), { a: 1 });
  assert.deepEqual([...(await (await fetch(url)).formData())], [["a", "b"]]);
});

test("a reader locks the body, gives bytes, and can be released", async (t) => {
  const { url } = await serve(t, answer("x"));
  const { body } = await fetch(url);
  const reader = body.getReader();
  assert.equal(body.locked, true);
  assert.throws(() => body.getReader(), { name: "TypeError" });
  const { done, value } = await reader.read();
  assert.deepEqual([done, value.constructor, [...value]], [false, Uint8Array, [120]]);
  reader.releaseLock();
  await assert.rejects(reader.read(), { name: "TypeError" });
  const next = body.getReader();
  assert.deepEqual(await next.read(), { done: true, value: undefined });
  assert.equal(await next.closed, undefined);
});

test("clones read the same body, each at its own pace", async (t) => {
  const long = text.repeat(50);
  const { url } = await serve(t, answer(long));
  const response = await fetch(url);
  const copies = [response.clone(), response.clone()];
  assert.equal(await copies[0].text(), long);
  await copies[1].body.cancel();
  assert.equal(await response.text(), long);
});

const gzipThenBrotli = (bytes) => brotliCompressSync(gzipSync(bytes));
const unchanged = (bytes) => bytes;
for (const [coding, encode] of [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["GZIP , br", gzipThenBrotli],
  ["identity", unchanged],
  ["unknown", unchanged],
]) {
  test(`a body with the Content-Encoding ${coding} (${encode.name}) is read`, async (t) => {
    const { url } = await serve(t, answer(encode(Buffer.from(text)), { "Content-Encoding": coding }));
    assert.equal(await (await fetch(url)).text(), text);
  });
}

test("a body that is not in its declared coding fails with a code", async (t) => {
  const { url } = await serve(t, answer("no gzip", { "Content-Encoding": "gzip" }));
  await assert.rejects((await fetch(url)).text(), { code: "Z_DATA_ERROR" });
});

test("a body with over five codings is refused", async (t) => {
  const { url } = await serve(t, answer("x", { "Content-Encoding": "gzip,gzip,gzip,gzip,gzip,gzip" }));
  await assert.rejects(fetch(url), { name: "TypeError", message: "fetch: the answer has over 5 content codings" });
});

for (const [what, init, head] of [
  ["to HEAD", { method: "HEAD" }, "200 OK\r\nContent-Length: 9\r\nContent-Encoding: gzip"],
  ["with status 204", {}, "204 No Content"],
  ["with status 304", {}, "304 Not Modified\r\nContent-Length: 9"],
]) {
  test(`an answer ${what} has no body`, async (t) => {
    const { url } = await serveBytes(t, `HTTP/1.1 ${head}\r\n\r\n`);
    const response = await fetch(url, init);
    assert.deepEqual([response.body, await response.text()], [null, ""]);
  });
}

test("an HTTP/1.0 answer ends with its connection", async (t) => {
  const { url } = await serveBytes(t, "HTTP/1.0 200 OK\r\n\r\nold");
  assert.equal(await (await fetch(url)).text(), "old");
});

test("an informational response (1xx) is skipped", async (t) => {
  const early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const { url } = await serveBytes(t, `${early}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
  const response = await fetch(url);
  assert.deepEqual([response.status, response.headers.get("link"), await response.text()], [200, null, "ok"]);
});

for (const redirect of [undefined, "follow", "manual"]) {
  test(`a redirect is not followed with redirect: ${redirect}`, async (t) => {
    const { url } = await serve(t, answer("", { Location: "/elsewhere" }, 302));
    const response = await fetch(url, { redirect });
    assert.deepEqual([response.status, response.headers.get("location"), response.ok], [302, "/elsewhere", false]);
  });
}

test("a redirect is an error with redirect: error", async (t) => {
  const { url } = await serve(t, answer("", { Location: "/elsewhere" }, 307));
  const message = 'fetch: the answer is a redirect (HTTP 307), and redirect is "error"';
  await assert.rejects(fetch(url, { redirect: "error" }), { name: "TypeError", message });
});

test("an endless body is not read far ahead of the caller, and a cancel closes its connection", async (t) => {
  let written = 0;
  let closed;
  const { url } = await serve(t, (_, response) => {
    closed = once(response, "close");
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(16_384))) written += 16_384;
    };
    response.on("drain", more);
    more();
  });
  const response = await fetch(url);
  const reader = response.body.getReader();
  await reader.read();
  await reader.cancel();
  await closed;
  // The server can write until the buffers of both sockets and the 64 KiB that are read ahead are full.
  assert.ok(written < 16_777_216, `${written} bytes were written`);
});
