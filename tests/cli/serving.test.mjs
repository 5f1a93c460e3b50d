// daraja-auth simulate: where it listens, how it ends, and clients that behave badly.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { shop } from "./cli.mjs";
import { APPS, hanging, simulators } from "./simulator.mjs";

const { run, simulate } = simulators("serving");

test("a port in use is a failure that says so", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const port = String(server.address().port);
  const { code, stdout, stderr } = await run(["simulate", "--port", port]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    `EADDRINUSE: port ${port} of 127.0.0.1 is in use\nStop what listens there, or choose another --port; 0 takes a free one.\n`,
  );
});

test("a host that is not an address of this machine is a failure that says so", async () => {
  // RFC 5737 reserves this address for documentation.
  const { code, stderr } = await run(["simulate", "--host", "192.0.2.1", "--port", "0"]);
  assert.equal(code, 1);
  assert.equal(stderr, "EADDRNOTAVAIL: 192.0.2.1 is not an address of this machine\n127.0.0.1 always is.\n");
});

test("on another host than loopback the simulator warns, and names an address for programs of this machine", async (t) => {
  const { running, stop, url } = await simulate(t, "--host", "0.0.0.0");
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  await running.until(/^Anyone who can reach 0\.0\.0\.0 on this network can use the simulator/, "stderr");
  assert.equal((await fetch(`${url}/oauth/v1/generate`)).status, 400);
  await stop();
  const quiet = await simulate(t, "--host", "127.0.0.2");
  await quiet.stop();
  assert.equal(quiet.running.stderr, "");
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`${signal} ends the simulator, although a client waits for an answer and another keeps its connection`, async (t) => {
    const { stop, running, url } = await simulate(t, ...APPS, "--fault", "hang:path=/mpesa/hang");
    const idle = connect(new URL(url).port, "127.0.0.1");
    const closed = once(idle, "close");
    await once(idle, "connect");
    const reset = once(await hanging(`${url}/mpesa/hang`), "error");
    // The line is printed while the request hangs, so that a person who watches sees why no answer comes.
    await running.until(/---\S* +\/mpesa\/hang/);
    await fetch(`${url}/mpesa/x`);
    assert.deepEqual(await stop(signal), ["GET --- /mpesa/hang - hang", "GET 404 /mpesa/x - malformed-header"]);
    assert.equal((await reset)[0].code, "ECONNRESET");
    await closed;
    assert.match(running.stdout, /Stopped after 2 requests: 1 hang, 1 malformed-header\n$/);
  });
}

test("a second signal, such as npx sends, does not disturb the end of the simulator", async (t) => {
  const { running } = await simulate(t);
  // Both signals are sent while the process is stopped, so that neither arrives after its end. They differ, because a
  // stopped process gets two signals of one kind as one.
  for (const signal of ["SIGSTOP", "SIGINT", "SIGTERM", "SIGCONT"]) running.kill(signal);
  assert.deepEqual(await running.ended, { code: 0, signal: null });
  assert.match(running.stdout, /Stopped after 0 requests\n$/);
});

test("if the reader of the log is gone, the simulator ends without a stack", async (t) => {
  const { running, url } = await simulate(t);
  running.stopReading();
  await fetch(`${url}/oauth/v1/generate`).catch(() => {});
  assert.deepEqual(await running.ended, { code: 0, signal: null });
  assert.equal(running.stderr, "");
});

test("the beginning of a cut answer arrives, and a broken connection does not disturb other clients", async (t) => {
  const faults = ["--fault", "cut:path=/oauth/", "--fault", "latency:ms=60000,path=/mpesa/late"];
  const { ask, call, running, stop, token, url } = await simulate(t, ...APPS, ...faults);
  const cut = await ask(shop);
  assert.equal(cut.status, 200);
  const chunks = [];
  await assert.rejects(async () => {
    for await (const chunk of cut.body) chunks.push(chunk);
  });
  assert.match(Buffer.concat(chunks).toString(), /^\{"access_token":"/);
  const bearer = await token(shop);
  const late = await hanging(`${url}/mpesa/late`, { authorization: `Bearer ${bearer}` });
  late.destroy();
  assert.equal((await call(bearer)).status, 200);
  await running.until(/latency/);
  await stop();
});

test("a method or a Host that no Request can have gets a 400, and two slashes do not lead to another host", async (t) => {
  const { stop, url } = await simulate(t);
  const status = async (method, path, headers = {}) => {
    const asking = request(url, { method, path, headers });
    asking.end();
    const [response] = await once(asking, "response");
    response.resume();
    return response.statusCode;
  };
  assert.equal(await status("TRACE", "/"), 400);
  assert.equal(await status("GET", "/", { host: "a b" }), 400);
  assert.equal(await status("GET", "//developer.safaricom.co.ke/"), 404);
  assert.equal(await status("OPTIONS", "*"), 404);
  assert.equal(await status("GET", "/developer.safaricom.co.ke/x", { host: "" }), 404);
  assert.deepEqual(await stop(), [
    "TRACE 400 / - bad-request",
    "GET 400 / - bad-request",
    "GET 404 //developer.safaricom.co.ke/ - malformed-header",
    "OPTIONS 404 /* - malformed-header",
    "GET 404 /developer.safaricom.co.ke/x - malformed-header",
  ]);
});

test("a body of over 1 MiB gets a 413, and a body that breaks off gets a line in the log", async (t) => {
  const { running, stop, url } = await simulate(t);
  const post = async (size) => (await fetch(`${url}/mpesa/x`, { method: "POST", body: "x".repeat(size) })).status;
  assert.deepEqual([await post(1_048_576), await post(1_048_577), await post(10_000_000)], [404, 413, 413]);
  const breaking = request(`${url}/mpesa/x?y=1`, { method: "POST", headers: { "content-length": 9 } });
  breaking.on("error", () => {});
  breaking.write("x", () => breaking.destroy());
  await running.until(/broken-off/);
  assert.deepEqual(await stop(), [
    "POST 404 /mpesa/x - malformed-header",
    "POST 413 /mpesa/x - too-large",
    "POST 413 /mpesa/x - too-large",
    "POST --- /mpesa/x - broken-off",
  ]);
  assert.match(running.stdout, /Stopped after 4 requests: 1 malformed-header, 2 too-large, 1 broken-off\n$/);
});
