/** The options of the global `fetch`, and an agent. */
interface NodeFetchInit extends RequestInit {
    /** An Agent of node:http or node:https, for your own certificate or proxy. The default one keeps connections open. */
    agent?: object | undefined;
}

/** The `fetch` of this copy of the package. All copies in a process share one `fetch`: see index.ts. */
declare function nodeFetch(input: string | URL | Request, init?: NodeFetchInit): Promise<Response>;

/**
 * A `fetch` over node:https and node:http, for Node only. A fresh process has its first token in about half the time,
 * because Node's own `fetch` takes 50 ms or more to load.
 *
 * It differs from the global `fetch` in these points:
 *
 * - It follows no redirect: a 3xx comes back as it is, unless `redirect` is `"error"`.
 * - It rejects with Node's own error, which has a `code`. It never sends a request twice.
 * - From Node 22.21 and 24.5 on, it uses the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, but not for this
 *   machine. Older versions need an `agent` for a proxy.
 * - The response has all members of a Response, but is not an instance of that class.
 * - A body may be a string, bytes, URLSearchParams, a Blob or a stream. FormData, `integrity` and `dispatcher` are
 *   refused.
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
