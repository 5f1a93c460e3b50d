// daraja-auth serve: its connections to Daraja. The test controls the timer that checks them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { servers } from "./servers.mjs";
import { startUpstream } from "./upstream.mjs";

const { load } = servers("connections");
const { Connections, Silence } = await load("bin/serve/connections.js");

/** Connections to a Daraja that does not answer on the path /silent, and a function that sends requests. */
async function started(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { baseUrl } = await startUpstream(t, ({ url }, response) => url === "/silent" || response.end("{}"));
  const connections = new Connections("http:");
  t.after(() => connections.close());
  const ask = (path) => {
    const outgoing = request(baseUrl + path, { agent: connections.agent });
    connections.watch();
    return outgoing.end();
  };
  const answered = async (path) => {
    const [answer] = await once(ask(path), "response");
    await once(answer.resume(), "close");
  };
  const look = (times) => t.mock.timers.tick(times * 1000);
  const idle = () => Object.values(connections.agent.freeSockets).flat();
  return { ask, answered, look, idle };
}

test("a connection that was idle for 4 seconds is used again, and one that was idle for 5 seconds is closed", async (t) => {
  const { answered, look, idle } = await started(t);
  await answered("/a");
  const [first] = idle();
  look(4);
  await answered("/b");
  assert.deepEqual(idle(), [first]);
  look(4);
  assert.equal(first.destroyed, false);
  look(1);
  assert.equal(first.destroyed, true);
  // No request can use this connection any more, not even one that comes at this moment.
  assert.deepEqual(idle(), []);
  await answered("/c");
});

test("a request is still open after Daraja has been silent for 60 seconds, and is ended one second later", async (t) => {
  const { ask, look } = await started(t);
  const outgoing = ask("/silent");
  await once(outgoing, "finish");
  const failed = once(outgoing, "error");
  look(60);
  assert.equal(outgoing.destroyed, false);
  look(1);
  const [error] = await failed.catch((thrown) => [thrown]);
  assert.ok(error instanceof Silence);
  assert.equal(error.message, "Daraja was silent for 60 seconds");
});
