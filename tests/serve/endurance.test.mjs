// daraja-auth serve with slow clients and with very many idle ones. These tests wait for real time limits, so only
// `npm run test:all` runs them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { servers } from "./servers.mjs";
import { LIVE, startUpstream } from "./upstream.mjs";

const { serve } = servers("endurance");
/** The highest number of connections at one time: MAX_CONNECTIONS of bin/serve/server.js. */
const MOST = 2048;
const IDLE = 10_000;

async function started(t) {
  const upstream = await startUpstream(t);
  const server = await serve(t, upstream);
  await server.token();
  const { host, port } = new URL(server.url);
  const head = (...headers) =>
    ["POST /mpesa/x HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${LIVE}`, ...headers, "", ""].join("\r\n");
  return { upstream, head, port: Number(port), ...server };
}

/** Opens a connection. `begin` gets the socket when it is open. The promise `closed` gives all that came back. */
function openConnection(port, begin) {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("error", () => {});
  socket.on("data", (text) => {
    answer += text;
  });
  const opened = new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
  const closed = new Promise((resolve) => socket.once("close", () => resolve(answer)));
  socket.once("connect", () => begin?.(socket));
  return { socket, opened, closed };
}

/** Sends one byte every half second, as long as the connection is open. */
function sendSlowly(socket, byte) {
  const timer = setInterval(() => socket.write(byte), 500);
  socket.once("close", () => clearInterval(timer));
}

test("a client that sends headers or a body byte by byte is disconnected, and its request does not reach Daraja", async (t) => {
  const { head, port, call, upstream, stop } = await started(t);
  const slow = Array.from({ length: 100 }, (_, i) =>
    openConnection(port, (socket) => {
      socket.write(i % 2 ? head("Content-Length: 100000") : head("X: 1").slice(0, -4));
      sendSlowly(socket, i % 2 ? "x" : "y");
    }),
  );
  await Promise.all(slow.map(({ opened }) => opened));
  assert.equal((await call(LIVE)).status, 200);
  const answers = await Promise.all(slow.map(({ closed }) => closed));
  for (const answer of answers) assert.match(answer, /^(HTTP\/1\.1 408 |$)/);
  assert.equal((await call(LIVE)).status, 200);
  assert.equal(upstream.requests.length, 2);
  await stop();
});

test(`of ${IDLE} idle connections at most ${MOST} are kept, and a client that connected before gets answers`, async (t) => {
  const { port, head, running, call, stop } = await started(t);
  // This client connects before the crowd.
  const steady = openConnection(port);
  await steady.opened;
  const ask = async () => {
    const answer = new Promise((resolve) => steady.socket.once("data", resolve));
    steady.socket.write(`${head("Content-Length: 2")}{}`);
    return await answer;
  };
  assert.match(await ask(), /^HTTP\/1\.1 200 /);
  const crowd = [];
  let open = 0;
  for (let i = 0; i < IDLE; i++) {
    const each = openConnection(port);
    open++;
    each.socket.once("close", () => open--);
    crowd.push(each);
    // The pauses keep the system's queue of connections from overflowing.
    if (i % 200 === 199) await Promise.all(crowd.slice(-200).map(({ opened }) => opened));
  }
  assert.match(await ask(), /^HTTP\/1\.1 200 /);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.ok(open <= MOST, `${open} are open`);
  if (process.platform === "linux") {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${running.pid}/status`, "utf8"));
    t.diagnostic(`${open} are open, and the server has ${Math.round(kilobytes / 1024)} MB`);
  }
  await Promise.all(crowd.map(({ closed }) => closed));
  assert.equal((await call(LIVE)).status, 200);
  steady.socket.destroy();
  await stop();
});
