// daraja-auth serve: it forwards the requests for Daraja's business APIs, with the live token.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { REMIT_PATH, send, servers } from "./servers.mjs";
import { LIVE, startUpstream } from "./upstream.mjs";

const { daraja, serve } = servers("forward");

/** The values of one header in a flat list. */
const valuesOf = (raw, name) => raw.filter((_, i) => i % 2 === 1 && raw[i - 1].toLowerCase() === name);

test("calls whose token another program ended succeed, and one new token is generated for all of them", async (t) => {
  const upstream = await daraja(t);
  const { token, call, stop } = await serve(t, upstream);
  const bearer = await token();
  await upstream.generateElsewhere();
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(bearer)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal(upstream.count("token"), 3);
  // The server still accepts the dead token, because it gave it out and the token's lifetime is not over.
  assert.notEqual(await token(), bearer);
  assert.equal((await call(bearer)).status, 200);
  const lines = await stop();
  assert.ok(lines.includes(`app POST ${REMIT_PATH} 200, sent twice`), lines.join("\n"));
});

test("each token that another program ends is replaced, and no call fails", async (t) => {
  const upstream = await daraja(t);
  const { token, call } = await serve(t, upstream);
  const bearer = await token();
  assert.equal((await call(bearer)).status, 200);
  for (let times = 1; times <= 3; times++) {
    await upstream.generateElsewhere();
    assert.equal((await call(bearer)).status, 200, `after ${times}`);
  }
});

test("at an endpoint that answers live tokens with an error of its own, each dead token is replaced", async (t) => {
  const dead = new Set([`Bearer ${LIVE}`]);
  const upstream = await startUpstream(t, ({ headers }, response) => {
    const [status, errorCode] = dead.has(headers.authorization) ? [404, "404.001.03"] : [500, "500.001.1001"];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ errorCode }));
  });
  const { token, call } = await serve(t, upstream);
  const bearer = await token();
  for (let times = 1; times <= 3; times++) {
    assert.equal((await call(bearer)).status, 500, `after ${times}`);
    dead.add(upstream.requests.at(-1).headers.authorization);
  }
});

test("an unknown token gets 404.001.03, and a request without a token gets 404.001.04", async (t) => {
  const upstream = await daraja(t);
  const { token, call, stop } = await serve(t, upstream);
  await token();
  const refusal = async (answer) => [answer.status, (await answer.json()).errorCode];
  assert.deepEqual(await refusal(await call("c9SQxWWhmdVRlyh0zh8gZDTkubVF")), [404, "404.001.03"]);
  const without = await call("", REMIT_PATH, { headers: { authorization: "Basic abc" } });
  assert.deepEqual(await refusal(without), [404, "404.001.04"]);
  assert.equal(upstream.count("accepted"), 0);
  await stop();
});

test("if an endpoint rejects fresh tokens too, its answer reaches the client after one more try", async (t) => {
  const calls = [];
  const refusal = '{"requestId":"1","errorCode":"404.001.03","errorMessage":"Invalid Access Token"}';
  const upstream = await startUpstream(t, (request, response) => {
    calls.push(request.headers.authorization);
    response.writeHead(404, { "content-type": "application/json", "x-own": "kept" }).end(refusal);
  });
  const { token, call } = await serve(t, upstream);
  const answer = await call(await token());
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("x-own"), "kept");
  assert.equal(await answer.text(), refusal);
  assert.equal(calls.length, 2);
});

test("a compressed rejection is recognized", async (t) => {
  const refusal = gzipSync('{"errorCode":"404.001.03"}');
  let calls = 0;
  const upstream = await startUpstream(t, (_, response) => {
    calls += 1;
    if (calls > 1) response.end("{}");
    else response.writeHead(404, { "content-encoding": "gzip" }).end(refusal);
  });
  const { token, call } = await serve(t, upstream);
  assert.equal((await call(await token())).status, 200);
  assert.equal(calls, 2);
});

test("an error that is too long to be examined reaches the client whole", async (t) => {
  const upstream = await startUpstream(t, (_, response) => response.writeHead(500).end("x".repeat(300_000)));
  const { token, call } = await serve(t, upstream);
  const answer = await call(await token());
  assert.deepEqual([answer.status, (await answer.text()).length], [500, 300_000]);
  assert.equal(upstream.requests.length, 1);
});

test("a request that ends with a 500 or a cut connection is not sent again", async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    if (request.url === "/mpesa/cut") response.destroy();
    else response.writeHead(500, "Broken Here").end('{"errorCode":"500.003.02"}');
  });
  const { url, token, call } = await serve(t, upstream);
  const bearer = await token();
  const headers = { authorization: `Bearer ${bearer}` };
  const broken = await send(`${url}/mpesa/x`, { method: "POST", headers, body: "{}" });
  assert.deepEqual([broken.status, broken.text], [500, '{"errorCode":"500.003.02"}']);
  const cut = await call(bearer, "/mpesa/cut");
  assert.equal(cut.status, 502);
  const { errorCode, errorMessage } = await cut.json();
  assert.equal(errorCode, "ERR_DARAJA_NETWORK");
  assert.equal(errorMessage, "Daraja cannot be reached. It may have carried out the request.");
  assert.deepEqual(
    upstream.requests.map(({ url }) => url),
    ["/mpesa/x", "/mpesa/cut"],
  );
});

test("a request whose second try gets no answer is logged as sent twice", async (t) => {
  const upstream = await startUpstream(t, (_, response) => {
    if (upstream.requests.length > 1) response.destroy();
    else response.writeHead(404).end('{"errorCode":"404.001.03"}');
  });
  const { token, call, stop } = await serve(t, upstream);
  assert.equal((await call(await token())).status, 502);
  const lines = await stop();
  assert.ok(lines.includes(`app POST ${REMIT_PATH} 502, sent twice`), lines.join("\n"));
});

test("method, path, query, body and headers arrive unchanged, except Host, Authorization and the connection's headers", async (t) => {
  const upstream = await startUpstream(t, (_, response) => {
    const headers = ["Content-Type", "application/json", "X-Twice", "a", "X-Twice", "b", "Connection", "x-hop"];
    response.writeHead(201, "Made", [...headers, "X-Hop", "1", "Keep-Alive", "timeout=9"]).end('{"a":1}');
  });
  const { url, token } = await serve(t, upstream);
  const path = "/mpesa/b2c/v3/payment%20request;v=1/~x!$&'()*+,=:@?a=%2F..%2f&b=c?d";
  const headers = [
    ["Authorization", `Bearer ${await token()}`],
    ["Host", new URL(url).host],
    ["X-Cased", "Kept"],
    ["X-Twice", "1"],
    ["X-Twice", "2"],
    ["Connection", "close, X-Private"],
    ["X-Private", "1"],
    ["TE", "trailers"],
    ["Proxy-Authorization", "Basic abc"],
    ["Content-Type", "application/json"],
    ["Content-Length", "7"],
  ].flat();
  const answer = await send(url, { method: "PUT", path, headers, body: '{"b":2}' });
  assert.deepEqual([answer.status, answer.text], [201, '{"a":1}']);
  assert.deepEqual(valuesOf(answer.rawHeaders, "x-twice"), ["a", "b"]);
  assert.equal(answer.headers["x-hop"], undefined);
  assert.equal(answer.headers["keep-alive"], undefined);
  const [seen] = upstream.requests;
  assert.deepEqual([seen.method, seen.url, seen.body.toString()], ["PUT", path, '{"b":2}']);
  assert.deepEqual(valuesOf(seen.rawHeaders, "x-twice"), ["1", "2"]);
  assert.ok(seen.rawHeaders.includes("X-Cased"));
  assert.deepEqual(valuesOf(seen.rawHeaders, "host"), [upstream.host]);
  assert.deepEqual(valuesOf(seen.rawHeaders, "authorization"), [`Bearer ${LIVE}`]);
  assert.deepEqual(valuesOf(seen.rawHeaders, "via"), ["1.1 daraja-auth"]);
  for (const name of ["x-private", "te", "proxy-authorization"]) assert.equal(seen.headers[name], undefined, name);
});

test("a request with chunks, Expect and trailers is forwarded as a plain body", async (t) => {
  const upstream = await startUpstream(t);
  const { url, token } = await serve(t, upstream);
  const authorization = `Bearer ${await token()}`;
  const outgoing = request(url, {
    method: "POST",
    path: "/mpesa/x",
    headers: { authorization, expect: "100-continue", trailer: "x-end", "transfer-encoding": "chunked" },
  });
  outgoing.addTrailers({ "x-end": "1" });
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  outgoing.write('{"a":');
  outgoing.end("1}");
  const [answer] = await once(outgoing, "response");
  assert.equal(answer.resume().statusCode, 200);
  const [{ headers, trailers, body }] = upstream.requests;
  assert.equal(body.toString(), '{"a":1}');
  assert.equal(headers["content-length"], "7");
  assert.deepEqual([headers["transfer-encoding"], headers.expect, headers.trailer], [undefined, undefined, undefined]);
  assert.deepEqual(trailers, {});
});

test("a body of 1 MiB is sent, and a larger one gets a 413", async (t) => {
  const upstream = await startUpstream(t);
  const { url, token } = await serve(t, upstream);
  const headers = { authorization: `Bearer ${await token()}` };
  const post = async (size, more = {}) =>
    (await send(`${url}/mpesa/x`, { method: "POST", headers: { ...headers, ...more }, body: "x".repeat(size) })).status;
  assert.equal(await post(1_048_576), 200);
  assert.equal(await post(1_048_577), 413);
  assert.equal(await post(3_000_000, { "transfer-encoding": "chunked" }), 413);
  assert.equal(upstream.requests.length, 1);
  assert.equal(upstream.requests[0].body.length, 1_048_576);
});

test("a redirect, a HEAD and a 204 come back as they are", async (t) => {
  const upstream = await startUpstream(t, ({ method, url }, response) => {
    if (url === "/mpesa/none") response.writeHead(204).end();
    else if (method === "HEAD") response.writeHead(200, { "content-length": "12" }).end();
    else response.writeHead(302, { location: "https://elsewhere.test/" }).end("moved");
  });
  const { url, token } = await serve(t, upstream);
  const headers = { authorization: `Bearer ${await token()}` };
  const moved = await send(`${url}/mpesa/moved`, { headers });
  assert.deepEqual([moved.status, moved.headers.location, moved.text], [302, "https://elsewhere.test/", "moved"]);
  const head = await send(`${url}/mpesa/head`, { method: "HEAD", headers });
  assert.deepEqual([head.status, head.headers["content-length"], head.text], [200, "12", ""]);
  assert.equal((await send(`${url}/mpesa/none`, { headers })).status, 204);
});

test("an answer that breaks off also breaks off for the client, and a client that hangs up ends the request to Daraja", async (t) => {
  let closed;
  const upstream = await startUpstream(t, ({ url }, response) => {
    if (url === "/mpesa/late") closed = once(response, "close");
    else response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
  });
  const { url, token, call, running } = await serve(t, upstream);
  const bearer = await token();
  await assert.rejects(async () => (await call(bearer, "/mpesa/half")).text());
  const late = request(`${url}/mpesa/late`, { headers: { authorization: `Bearer ${bearer}` } });
  late.on("error", () => {});
  late.end();
  while (closed === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  late.destroy();
  await closed;
  await running.until(/app GET \/mpesa\/late 0 /, "stderr");
});

test("the path of the base URL is put before every path", async (t) => {
  const upstream = await startUpstream(t);
  const { token, call } = await serve(t, { ...upstream, baseUrl: `${upstream.baseUrl}/daraja/` });
  assert.equal((await call(await token(), "/mpesa/x?a=b")).status, 200);
  assert.equal(upstream.requests[0].url, "/daraja/mpesa/x?a=b");
});

test("if the server has no token and Daraja grants none, a forwarded request gets a 503", async (t) => {
  const upstream = await daraja(t);
  const { call } = await serve(t, upstream);
  upstream.simulator.inject({ kind: "unavailable", times: 9 });
  const answer = await call(LIVE);
  assert.equal(answer.status, 503);
  assert.equal((await answer.json()).errorCode, "ERR_DARAJA_UNAVAILABLE");
});
