// How calls fail, and which connections are kept or closed.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";
import { createServer } from "node:net";
import { before, describe, test } from "node:test";
import { certificate } from "../../support/certificate.mjs";
import { settled } from "../../support/installed.mjs";
import { installed } from "./installed.mjs";
import { serve, serveBytes, serveSecurely } from "./servers.mjs";

let fetch;
before(async () => {
  ({ fetch } = await installed("ends"));
});

/** A signal that counts its listeners. */
function watched() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args) => {
    listeners -= 1;
    remove(...args);
  };
  return { signal, abort: (reason) => controller.abort(reason), listeners: () => listeners };
}

const reason = new Error("enough");

describe("an abort", () => {
  test("before the call sends nothing", async (t) => {
    const { url, sockets } = await serve(t, (_, response) => response.end());
    const watch = watched();
    watch.abort(reason);
    await assert.rejects(fetch(url, { signal: watch.signal }), (error) => error === reason);
    assert.deepEqual([sockets.size, watch.listeners()], [0, 0]);
  });

  test("right after the call rejects with its reason", async (t) => {
    const { url } = await serve(t, () => {});
    const watch = watched();
    const call = fetch(url, { signal: watch.signal });
    watch.abort(reason);
    await assert.rejects(call, (error) => error === reason);
  });

  test("before the headers rejects with its reason and closes the connection", async (t) => {
    const watch = watched();
    let closed;
    const { url } = await serve(t, (request) => {
      closed = once(request.socket, "close");
      watch.abort(reason);
    });
    await assert.rejects(fetch(url, { signal: watch.signal }), (error) => error === reason);
    await closed;
    await settled();
    assert.equal(watch.listeners(), 0);
  });

  for (const coding of ["identity", "gzip"]) {
    test(`in the body (${coding}) rejects each read with the reason, and closes the connection`, async (t) => {
      let closed;
      const { url } = await serve(t, (request, response) => {
        closed = once(request.socket, "close");
        response.writeHead(200, { "Content-Encoding": coding });
        response.write(coding === "gzip" ? Buffer.from("1f8b0800000000000003", "hex") : "half");
      });
      const watch = watched();
      const response = await fetch(url, { signal: watch.signal });
      const copy = response.clone();
      const reading = response.text();
      watch.abort(reason);
      await assert.rejects(reading, (error) => error === reason);
      await assert.rejects(copy.text(), (error) => error === reason);
      await closed;
      await settled();
      assert.equal(watch.listeners(), 0);
    });
  }

  test("after the body changes nothing, and no listener is left", async (t) => {
    const { url } = await serve(t, (_, response) => response.end("whole"));
    const watch = watched();
    const response = await fetch(url, { signal: watch.signal });
    assert.equal(await response.text(), "whole");
    await settled();
    assert.equal(watch.listeners(), 0);
    watch.abort(reason);
  });

  test("by AbortSignal.timeout rejects with its TimeoutError", async (t) => {
    const { url } = await serve(t, () => {});
    await assert.rejects(fetch(url, { signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
  });
});

describe("the fetch of daraja-auth/node rejects with a code", () => {
  test("if no server listens at the port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    server.close();
    await once(server, "close");
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), { code: "ECONNREFUSED" });
  });

  test("if the host name is unknown", () =>
    assert.rejects(fetch("http://daraja.invalid/"), { code: /^(ENOTFOUND|EAI_AGAIN)$/ }));

  for (const [how, end] of [
    ["closes", (socket) => socket.end()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ]) {
    test(`if the server ${how} the connection without an answer`, async (t) => {
      const { url } = await serveBytes(t, "", end);
      await assert.rejects(fetch(url), { code: "ECONNRESET" });
    });

    for (const [what, head] of [
      ["a length", "Content-Length: 100"],
      ["chunks", "Transfer-Encoding: chunked"],
    ]) {
      test(`if the server ${how} the connection in a body with ${what}`, async (t) => {
        const start = what === "chunks" ? "5\r\nstart\r\n" : "start";
        const { url } = await serveBytes(t, `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${start}`, (socket) =>
          setImmediate(end, socket),
        );
        const response = await fetch(url).catch((error) => error);
        // A reset can overtake the headers.
        if (response instanceof Error) return assert.equal(response.code, "ECONNRESET");
        await assert.rejects(response.text(), { code: "ECONNRESET" });
      });
    }
  }

  test("if the answer is not HTTP, and the error contains no part of the answer", async (t) => {
    const { url } = await serveBytes(t, '{"access_token":"canary"}\r\n\r\n');
    await assert.rejects(fetch(url), (error) => {
      assert.match(error.code, /^HPE_/);
      assert.equal(error.rawPacket, undefined);
      assert.ok(!error.stack.includes("canary"));
      return true;
    });
  });

  test("if the headers are too long", async (t) => {
    const { url } = await serveBytes(t, `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`);
    await assert.rejects(fetch(url), { code: "HPE_HEADER_OVERFLOW" });
  });

  test("if the server switches to another protocol", async (t) => {
    const { url } = await serveBytes(
      t,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    );
    await assert.rejects(fetch(url), { code: "EPROTO" });
  });

  test("if the certificate is not trusted, unless the option agent trusts it", async (t) => {
    const { url } = await serveSecurely(t, (_, response) => response.end("safe"));
    await assert.rejects(fetch(url), { code: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/ });
    const agent = new Agent({ ca: certificate().cert });
    t.after(() => agent.destroy());
    assert.equal(await (await fetch(url, { agent })).text(), "safe");
  });
});

describe("a connection", () => {
  const ports = () => {
    const seen = [];
    return [seen, (request) => seen.push(request.socket.remotePort)];
  };

  test("is used again", async (t) => {
    const [seen, note] = ports();
    const { url } = await serve(t, (request, response) => {
      note(request);
      response.end("x");
    });
    for (let i = 0; i < 3; i++) await (await fetch(url)).text();
    assert.equal(new Set(seen).size, 1);
  });

  test("is used again although the caller did not read a short answer", async (t) => {
    const [seen, note] = ports();
    const { url } = await serve(t, (request, response) => {
      note(request);
      response.end(seen.length === 1 ? "unread" : "");
    });
    for (let i = 0; i < 3; i++) {
      const watch = watched();
      await fetch(url, { signal: watch.signal });
      while (watch.listeners() > 0) await settled();
    }
    assert.equal(new Set(seen).size, 1);
  });

  test("that is closed while it is idle is not used again", async (t) => {
    const [seen, note] = ports();
    const { url, sockets } = await serve(t, (request, response) => {
      note(request);
      response.end("x");
    });
    const agent = new PlainAgent({ keepAlive: true });
    await (await fetch(url, { agent })).text();
    for (const socket of sockets) socket.destroy();
    while (Object.keys(agent.freeSockets).length > 0) await settled();
    assert.equal(await (await fetch(url, { agent })).text(), "x");
    assert.equal(new Set(seen).size, 2);
    agent.destroy();
  });

  for (const method of ["GET", "POST"]) {
    test(`that the server closes before it answers the next ${method} fails that call, and nothing is sent twice`, async (t) => {
      const requests = [];
      const { url } = await serve(t, (request, response) => {
        requests.push(request.method);
        if (requests.length > 1) request.socket.destroy();
        else response.end("x");
      });
      await (await fetch(url)).text();
      await assert.rejects(fetch(url, { method }), { code: "ECONNRESET" });
      await settled();
      assert.deepEqual(requests, ["GET", method]);
    });
  }
});
