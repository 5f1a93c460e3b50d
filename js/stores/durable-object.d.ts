import type { TokenStore } from "daraja-auth";

/** The binding of the namespace, `env.DARAJA_TOKENS`. */
export interface TokenObjectNamespace {
  idFromName(name: string): unknown;
  get(...args: never[]): unknown;
}

/**
 * The class of the objects, one for each record. Export it from your Worker and name it in the Wrangler configuration;
 * nothing but the store talks to it.
 *
 * @example
 * ```js
 * export { DarajaTokenObject } from "daraja-auth/durable-object";
 * ```
 */
export class DarajaTokenObject {
  constructor(state: { storage: unknown }, env?: unknown);
  fetch(request: { json(): Promise<unknown> }): Promise<Response>;
}

/**
 * A store in Cloudflare's Durable Objects. Its clock is the object's.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when that is no Durable Object namespace.
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
export function durableObjectStore(namespace: TokenObjectNamespace): TokenStore;
