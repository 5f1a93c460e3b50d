// Each record has one object. The class is plain, and the store calls it by fetch. So this file can be imported
// everywhere, and needs no compatibility date. A class with methods for RPC would have to extend one from
// "cloudflare:workers".
import type { StoredRecord, TokenStore } from "daraja-auth";
import { hasMethods, invalidOption, kindOf } from "./invalid-option.ts";

/** The binding of the namespace, `env.DARAJA_TOKENS`. */
export interface TokenObjectNamespace {
  /** Makes the identifier of the object with this name. */
  idFromName(name: string): unknown;
  /** Gives a stub, which sends requests to the object. */
  get(...args: never[]): unknown;
}

/** A record in the object's storage. */
interface HeldRecord extends StoredRecord {
  readonly expiresAt: number;
}

interface ObjectStorage {
  get(key: string): Promise<HeldRecord | undefined>;
  put(key: string, value: HeldRecord): Promise<void>;
}

/** A request of the store to the object. Without `next` it is a load. */
interface Question {
  readonly expected?: string | null;
  readonly next?: StoredRecord;
  readonly ttlMs?: number;
}

/**
 * The class of the objects. Each record has one object. Export the class from your Worker and name it in the Wrangler
 * configuration. Only the store calls it.
 *
 * @example
 * ```js
 * export { DarajaTokenObject } from "daraja-auth/durable-object";
 * ```
 */
export class DarajaTokenObject {
  #storage: ObjectStorage;

  /** The platform makes the object, and passes its state. */
  // biome-ignore lint/correctness/noUnusedFunctionParameters: the platform passes it, so the typings have it
  constructor(state: { storage: unknown }, env?: unknown) {
    this.#storage = state.storage as ObjectStorage;
  }

  /**
   * Answers the store.
   *
   * While the object waits for its storage, no other request reaches it (input gates). So the code from `get` to `put`
   * is atomic. An answer leaves only when its data is on disk (output gates).
   */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const { expected, next, ttlMs } = (await request.json()) as Question;
    const now = Date.now();
    const held = await this.#storage.get("record");
    const record = held && held.expiresAt > now ? { version: held.version, value: held.value } : null;
    if (!next) return Response.json({ record, now });
    // The new version counts as expected too, so a swap that was sent twice gets the answer that it swapped.
    const swapped = record?.version === next.version || (record?.version ?? null) === expected;
    if (swapped) await this.#storage.put("record", { ...next, expiresAt: now + (ttlMs as number) });
    return Response.json({ swapped, now });
  }
}

/**
 * A store in Cloudflare's Durable Objects. Its clock is the object's.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the argument is not a Durable Object namespace.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { durableObjectStore } from "daraja-auth/durable-object";
 *
 * export { DarajaTokenObject } from "daraja-auth/durable-object";
 *
 * export default {
 *   async fetch(request, env, ctx) {
 *     const tokens = new TokenManager({
 *       consumerKey: env.DARAJA_CONSUMER_KEY,
 *       consumerSecret: env.DARAJA_CONSUMER_SECRET,
 *       store: durableObjectStore(env.DARAJA_TOKENS),
 *     });
 *     const { expiresAt } = await tokens.getToken({ waitUntil: (promise) => ctx.waitUntil(promise) });
 *     return Response.json({ expiresAt });
 *   },
 * };
 * ```
 */
export function durableObjectStore(namespace: TokenObjectNamespace): TokenStore {
  if (!hasMethods(namespace, "idFromName get")) {
    throw invalidOption(
      `namespace: expected a Durable Object namespace, found ${hasMethods(namespace, "getWithMetadata") ? "a KV namespace" : kindOf(namespace)}`,
      "Pass the binding itself, env.DARAJA_TOKENS, whose class is DarajaTokenObject.",
    );
  }
  const objects = namespace as { idFromName(name: string): unknown; get(id: unknown): { fetch: typeof fetch } };

  async function ask(key: string, question: Question) {
    // An error breaks a stub, so each request has its own stub.
    const object = objects.get(objects.idFromName(key));
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
