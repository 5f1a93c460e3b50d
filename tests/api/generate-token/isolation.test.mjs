// Each call sends in its own async context, and a call that never ends keeps no memory of the module.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { mock, test } from "node:test";

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(module, imports) {
    this.exports = new Instance(module, imports).exports;
    memories.push(Object.values(this.exports).find((value) => value instanceof WebAssembly.Memory));
  }
};
const { credentials, granted, installed } = await import("../../support/installed.mjs");
const { generateToken } = await installed("isolation");

/** The sizes of the memories of all instances of the module. */
const sizes = () => memories.map(({ buffer }) => buffer.byteLength);

test("each attempt is sent in its caller's async context, although all calls began at the same moment", async () => {
  mock.method(Math, "random", () => 0);
  const context = new AsyncLocalStorage();
  const seen = [];
  let open;
  const shared = new Promise((resolve) => {
    open = resolve;
  });
  const call = (id) =>
    context.run(id, async () => {
      await shared;
      let attempts = 0;
      const fetch = async () => {
        attempts += 1;
        seen.push([id, context.getStore()]);
        return attempts === 1 ? new Response("", { status: 503 }) : granted();
      };
      return generateToken({ ...credentials, fetch });
    });
  const calls = [1, 2, 3].map(call);
  open();
  await Promise.all(calls);
  const expected = [1, 2, 3, 1, 2, 3].map((id) => [id, id]);
  assert.deepEqual(seen, expected);
});

test("ten thousand calls that never end do not grow the module's memory", async () => {
  await generateToken({ ...credentials, fetch: async () => granted() });
  const before = sizes();
  // A platform that cancels a request drops its timers and its promises without an event.
  const setTimeout = mock.method(globalThis, "setTimeout", () => ({ unref() {} }));
  let sent = 0;
  const fetch = () => {
    sent += 1;
    return new Promise(() => {});
  };
  for (let call = 0; call < 10_000; call++) generateToken({ ...credentials, fetch });
  await new Promise((resolve) => setImmediate(resolve));
  setTimeout.mock.restore();
  assert.equal(sent, 10_000);
  assert.deepEqual(sizes(), before);
});

test("ten thousand calls that are aborted do not grow the module's memory", async () => {
  await generateToken({ ...credentials, fetch: async () => granted() });
  const before = sizes();
  for (let round = 0; round < 100; round++) {
    let sent = 0;
    const fetch = () => {
      sent += 1;
      return new Promise(() => {});
    };
    const controllers = Array.from({ length: 100 }, () => new AbortController());
    const calls = controllers.map(({ signal }) => generateToken({ ...credentials, fetch, signal }));
    await new Promise((resolve) => setImmediate(resolve));
    for (const controller of controllers) controller.abort();
    const outcomes = await Promise.allSettled(calls);
    assert.deepEqual(new Set(outcomes.map(({ reason }) => reason?.name)), new Set(["AbortError"]));
    assert.equal(sent, 100);
  }
  assert.deepEqual(sizes(), before);
});
