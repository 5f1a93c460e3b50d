// A closed manager keeps no secret in the module's memory.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { granted, installed } from "../../support/installed.mjs";

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(module, imports) {
    this.exports = new Instance(module, imports).exports;
    memories.push(Object.values(this.exports).find((value) => value instanceof WebAssembly.Memory));
  }
};
const { TokenManager, memoryStore } = await installed("manager-wiped");

/** Whether the memory of an instance of the module contains a text. */
const holds = (text) => memories.some(({ buffer }) => Buffer.from(buffer).includes(text));

test("a closed manager's secret is not in the module's memory, even if the program keeps the manager", async () => {
  const secret = "a-secret-that-is-nowhere-else";
  const basic = Buffer.from(`key:${secret}`).toString("base64");
  const fetch = async () => granted();
  const pair = { consumerKey: "key", consumerSecret: secret };
  const tokens = new TokenManager({ ...pair, fetch, store: memoryStore() });
  await tokens.getToken();
  assert.equal(memories.length > 0 && holds(secret), true);
  tokens.close();
  assert.deepEqual([holds(secret), holds(basic)], [false, false]);
  tokens.close();
  await assert.rejects(tokens.getToken(), { code: "ERR_DARAJA_CLOSED" });
});
