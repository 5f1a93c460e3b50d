// daraja-auth serve: clients that attack it.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { encoded } from "../cli/cli.mjs";
import { send, servers } from "./servers.mjs";
import { LIVE, startUpstream } from "./upstream.mjs";

const { serve } = servers("hostile");

async function started(t, answer) {
  const upstream = await startUpstream(t, answer);
  const server = await serve(t, upstream);
  await server.token();
  const { host } = new URL(server.url);
  const head = (line, ...headers) =>
    [line, `Host: ${host}`, `Authorization: Bearer ${LIVE}`, ...headers, "", ""].join("\r\n");
  return { upstream, head, host, ...server };
}

const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

test("a path that could be read as another path, or as another host, is refused", async (t) => {
  const { raw, head, upstream, stop } = await started(t);
  const paths = [
    "//elsewhere.test/mpesa/x",
    "/\\elsewhere.test/x",
    "/mpesa/../oauth/v1/generate",
    "/mpesa/%2e%2e/oauth/v1/generate",
    "/mpesa/.%2E/x",
    "/mpesa/./x",
    "/mpesa/..",
    "/mpesa%2fx",
    "/mpesa/%5cx",
    "/mpesa/\u0001",
    "/mpesa/#x",
    "*",
    "mpesa/x",
    "ftp://elsewhere.test/x",
  ];
  for (const path of paths) {
    const answer = await raw(head(`GET ${path} HTTP/1.1`, "Connection: close"));
    assert.deepEqual(statuses(answer), [400], `${path}: ${answer}`);
  }
  // A segment that only begins with dots is not a dot segment.
  assert.deepEqual(statuses(await raw(head("GET /mpesa/..x/.y HTTP/1.1", "Connection: close"))), [200]);
  assert.deepEqual(
    upstream.requests.map(({ url }) => url),
    ["/mpesa/..x/.y"],
  );
  await stop();
});

test("a foreign host in Host or in the target is refused with 421, and Daraja's own hosts are accepted", async (t) => {
  const { url, raw, upstream } = await started(t);
  const authorization = `Bearer ${LIVE}`;
  const status = async (host) => (await send(`${url}/mpesa/x`, { headers: { authorization, host } })).status;
  assert.equal(await status("rebound.attacker.test"), 421);
  assert.equal(await status("169.254.169.254"), 421);
  assert.equal(await status("127.0.0.1.attacker.test:80"), 421);
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:9", "API.safaricom.co.ke"])
    assert.equal(await status(host), 200);
  const absolute = (target) =>
    raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`);
  assert.deepEqual(statuses(await absolute("http://elsewhere.test/mpesa/x")), [421]);
  assert.deepEqual(statuses(await absolute("http://user@localhost/mpesa/x")), [421]);
  assert.deepEqual(statuses(await absolute("https://api.safaricom.co.ke/mpesa/y")), [200]);
  assert.equal(upstream.requests.at(-1).url, "/mpesa/y");
  assert.equal(upstream.requests.at(-1).headers.host, upstream.host);
});

test("a malformed request, or one that hides another request, is refused, and the connection ends", async (t) => {
  const { raw, head, upstream } = await started(t);
  const second = "GET /mpesa/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const cases = [
    `${head("POST /mpesa/x HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n${second}`,
    `${head("POST /mpesa/x HTTP/1.1", "Transfer-Encoding: xchunked")}0\r\n\r\n${second}`,
    `${head("POST /mpesa/x HTTP/1.1", "Transfer-Encoding: chunked, identity")}0\r\n\r\n${second}`,
    `${head("POST /mpesa/x HTTP/1.1", "Content-Length: 5", "Content-Length: 6")}hello${second}`,
    `${head("POST /mpesa/x HTTP/1.1", "Content-Length: +5")}hello${second}`,
    `${head("POST /mpesa/x HTTP/1.1", "Content-Length : 5")}hello${second}`,
    head("POST /mpesa/x HTTP/1.1", "X: y\n\tz", "Content-Length: 5\nX: 1"),
    `${head("POST /mpesa/x HTTP/1.1", "Transfer-Encoding: chunked")}ffffffffffffffffff\r\nx\r\n0\r\n\r\n${second}`,
    `GET /mpesa/x HTTP/1.1\nHost: localhost\n\n${second}`,
    `GET /mpesa/x HTTP/1.1\r\n\r\n`,
    "GET /mpesa/x HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
  ];
  for (const text of cases) {
    const answer = await raw(text);
    assert.deepEqual(statuses(answer), [400], `${JSON.stringify(text)}: ${answer}`);
  }
  assert.deepEqual(upstream.requests, []);
});

test("the body of a GET is forwarded as its body, and the bytes after it are a separate request", async (t) => {
  const { raw, head, upstream } = await started(t);
  const first = `${head("GET /mpesa/a HTTP/1.1", "Content-Length: 5")}hello`;
  const answer = await raw(first + head("GET /mpesa/b HTTP/1.1", "Connection: close"));
  assert.deepEqual(statuses(answer), [200, 200]);
  assert.deepEqual(upstream.requests.map(({ url, body }) => [url, body.toString()]).sort(), [
    ["/mpesa/a", "hello"],
    ["/mpesa/b", ""],
  ]);
});

test("pipelined requests are answered in the order in which they came", async (t) => {
  const { raw, head } = await started(t, ({ url }, response) => {
    setTimeout(() => response.end(`<${url}>`), url === "/mpesa/0" ? 50 : 0);
  });
  const line = (i) => head(`GET /mpesa/${i} HTTP/1.1`, ...(i === 9 ? ["Connection: close"] : []));
  const answer = await raw(Array.from({ length: 10 }, (_, i) => line(i)).join(""));
  const order = [...answer.matchAll(/<\/mpesa\/(\d)>/g)].map(([, i]) => Number(i));
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("HTTP/1.0 is answered and its connection closed", async (t) => {
  const { raw, upstream } = await started(t);
  const answer = await raw(`GET /mpesa/x HTTP/1.0\r\nAuthorization: Bearer ${LIVE}\r\nHost: localhost\r\n\r\n`);
  assert.deepEqual(statuses(answer), [200]);
  assert.doesNotMatch(answer, /transfer-encoding/i);
  assert.equal(upstream.requests.length, 1);
});

test("headers of over 16 KiB get a 431, and neither CONNECT, TRACE nor the header Upgrade is forwarded", async (t) => {
  const { raw, head, upstream } = await started(t);
  assert.deepEqual(statuses(await raw(head("GET /mpesa/x HTTP/1.1", `X: ${"x".repeat(20_000)}`))), [431]);
  assert.deepEqual(statuses(await raw(head("TRACE /mpesa/x HTTP/1.1", "Connection: close"))), [405]);
  assert.equal(await raw(head("CONNECT elsewhere.test:443 HTTP/1.1")), "");
  const upgrade = ["Connection: Upgrade, close", "Upgrade: websocket"];
  assert.deepEqual(statuses(await raw(head("GET /mpesa/x HTTP/1.1", ...upgrade))), [200]);
  assert.equal(upstream.requests.at(-1).headers.upgrade, undefined);
});

test("half requests and many idle connections do not keep other clients from answers", async (t) => {
  const { url, call, head, stop } = await started(t);
  const { port } = new URL(url);
  const sockets = [];
  for (let i = 0; i < 500; i++) {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    if (i % 2) socket.write(head("POST /mpesa/x HTTP/1.1", "Content-Length: 100").slice(0, 60 + (i % 100)));
    sockets.push(socket);
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(LIVE)));
  assert.ok(answers.every(({ status }) => status === 200));
  for (const socket of sockets) socket.destroy();
  await stop();
});

test("the log shows no pair from a query, and no token from a path", async (t) => {
  const { url, upstream, stop } = await started(t);
  const authorization = `Bearer ${LIVE}`;
  await send(`${url}/mpesa/${LIVE}/x?key=${encoded(upstream.app)}`, { headers: { authorization } });
  const lines = await stop();
  assert.equal(lines.at(-1), "app GET /mpesa/[redacted]/x 200");
  assert.equal(upstream.requests.length, 1);
});
