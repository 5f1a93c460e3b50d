import type { TokenStore } from "daraja-auth";

/**
 * The store of one process, in its memory: what a TokenManager uses that is given none. Managers that are given the same
 * one share one token.
 *
 * @example
 * ```js
 * import { memoryStore, TokenManager } from "daraja-auth";
 *
 * const store = memoryStore();
 * const [web, worker] = [1, 2].map(() => new TokenManager({ consumerKey, consumerSecret, store }));
 * ```
 */
export function memoryStore(): TokenStore;
