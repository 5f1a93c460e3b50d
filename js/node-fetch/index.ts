import { nodeFetch } from "./fetch.ts";

export type { NodeFetchInit } from "./request.ts";

/** Other copies of this package find the function under this name. If its behaviour changes, raise the number. */
const KEY = Symbol.for("daraja-auth/node-fetch/1");

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
export const fetch: typeof nodeFetch = /* @__PURE__ */ ofProcess();

/**
 * Gives the same function everywhere in a process. Next.js loads this file several times into a process, and managers
 * without a store share their token only if they have the same `fetch`.
 */
function ofProcess(): typeof nodeFetch {
  const found = Object.getOwnPropertyDescriptor(globalThis, KEY);
  if (found && Object.hasOwn(found, "value") && !found.configurable && typeof found.value === "function") {
    return found.value;
  }
  // The property cannot be replaced. The descriptor inherits nothing: a polluted Object.prototype may have a getter.
  Reflect.defineProperty(globalThis, KEY, { __proto__: null, value: nodeFetch } as PropertyDescriptor);
  return nodeFetch;
}
