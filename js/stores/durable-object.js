// One record is one object. The class is plain, and spoken to by fetch, so that this file imports everywhere and asks
// for no compatibility date; a class that is called by methods would have to come from "cloudflare:workers".
import { can, kindOf, refusal } from "./refusal.js";

/**
 * The object that a Worker exports for its namespace.
 *
 * While it waits for its storage no other request reaches it (input gates), so what lies between `get` and `put` is
 * atomic; and nobody sees an answer before what it tells is on disk (output gates).
 */
export class DarajaTokenObject {
  #storage;

  constructor(state) {
    this.#storage = state.storage;
  }

  async fetch(request) {
    const { expected, next, ttlMs } = await request.json();
    const now = Date.now();
    const held = await this.#storage.get("record");
    const record = held && held.expiresAt > now ? { version: held.version, value: held.value } : null;
    if (!next) return Response.json({ record, now });
    // The version that is to be written counts as expected: a swap that was sent twice is told that it swapped.
    const swapped = record?.version === next.version || (record?.version ?? null) === expected;
    if (swapped) await this.#storage.put("record", { ...next, expiresAt: now + ttlMs });
    return Response.json({ swapped, now });
  }
}

export function durableObjectStore(namespace) {
  if (!can(namespace, "idFromName get")) {
    throw refusal(
      `namespace: expected a Durable Object namespace, found ${can(namespace, "getWithMetadata") ? "a KV namespace" : kindOf(namespace)}`,
      "Pass the binding itself, env.DARAJA_TOKENS, whose class is DarajaTokenObject.",
    );
  }

  async function ask(key, question) {
    // A stub is broken by an error, so each question has its own.
    const object = namespace.get(namespace.idFromName(key));
    const response = await object.fetch("https://daraja-auth/", { method: "POST", body: JSON.stringify(question) });
    if (!response.ok) throw new Error(`the Durable Object answered HTTP ${response.status}`);
    return response.json();
  }

  return {
    load: (key) => ask(key, {}),
    compareAndSwap: (key, expected, { version, value }, { ttlMs }) =>
      ask(key, { expected, next: { version, value }, ttlMs }),
  };
}
