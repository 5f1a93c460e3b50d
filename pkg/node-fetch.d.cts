/** What the global `fetch` takes, and an agent. */
interface NodeFetchInit extends RequestInit {
    /** An Agent of node:http or node:https, for a certificate or a proxy of your own. Default: one that keeps connections open. */
    agent?: object | undefined;
}

/** The `fetch` of this copy of the package. Callers get the one that all copies in a process share: see index.ts. */
declare function nodeFetch(input: string | URL | Request, init?: NodeFetchInit): Promise<Response>;

/**
 * A `fetch` over node:https and node:http, for Node only. A fresh process has its first token in about half the time,
 * since Node's own `fetch` takes 50 ms and more to load.
 *
 * It differs from the global one in this:
 *
 * - It follows no redirect: a 3xx comes back as it is.
 * - It rejects with Node's own error, which has a `code`. It never sends a request twice.
 * - A proxy named by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` is used from Node 22.21 and 24.5 on, but not for this
 *   machine. Older versions need an `agent` for that.
 * - The response has all that a Response has, without being an instance of that class.
 * - A body may be a string, bytes, URLSearchParams, a Blob or a stream. FormData, `integrity` and `dispatcher` are refused.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { fetch } from "daraja-auth/node";
 *
 * const tokens = new TokenManager({ consumerKey, consumerSecret, fetch });
 * ```
 */
declare const fetch: typeof nodeFetch;

export { fetch };
export type { NodeFetchInit };
