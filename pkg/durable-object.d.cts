import { TokenStore } from 'daraja-auth';

/** The binding of the namespace, `env.DARAJA_TOKENS`. */
interface TokenObjectNamespace {
    /** Makes the identifier of the object with this name. */
    idFromName(name: string): unknown;
    /** Gives a stub, which sends requests to the object. */
    get(...args: never[]): unknown;
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
declare class DarajaTokenObject {
    #private;
    /** The platform makes the object, and passes its state. */
    constructor(state: {
        storage: unknown;
    }, env?: unknown);
    /**
     * Answers the store.
     *
     * While the object waits for its storage, no other request reaches it (input gates). So the code from `get` to `put`
     * is atomic. An answer leaves only when its data is on disk (output gates).
     */
    fetch(request: {
        json(): Promise<unknown>;
    }): Promise<Response>;
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
declare function durableObjectStore(namespace: TokenObjectNamespace): TokenStore;

export { DarajaTokenObject, durableObjectStore };
export type { TokenObjectNamespace };
