declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
  interface AsyncDisposable {
    [Symbol.asyncDispose](): PromiseLike<void>;
  }
}
import { TokenManagerOptions, TokenManager, GetTokenOptions, AccessToken, FetchOptions } from 'daraja-auth';

/** The options of {@link TokenPool}. */
interface TokenPoolOptions {
    /**
     * Gives the options of an app's manager. Its argument is your program's name for the app. It is called when a manager
     * is made: at the first use of the app, and again after its manager was closed. Concurrent callers each call it, but
     * only one manager is made.
     */
    app: (id: string) => TokenManagerOptions | Promise<TokenManagerOptions>;
    /**
     * How many unused managers stay open. If there are more, the least recently used one is closed. Its token stays in
     * the store, so the next use of the app does not ask Daraja for another one.
     * @default 100
     */
    maxIdle?: number | undefined;
}
/** Some runtimes lack this symbol. There the method gets a private key, so that its name is not "undefined". */
declare const ASYNC_DISPOSE: typeof Symbol.asyncDispose;
/**
 * Keeps a manager for each of many apps, such as the shops of a platform. A manager is made at the first use of its
 * app. It is closed if no call uses it and the pool has more than `maxIdle` unused managers.
 *
 * @example
 * ```js
 * import { TokenPool } from "daraja-auth/pool";
 *
 * const pool = new TokenPool({ app: (shop) => credentialsOf(shop) });
 *
 * const response = await pool.fetch("shop 7", "/mpesa/stkpush/v1/processrequest", { json: payment });
 * ```
 */
declare class TokenPool {
    #private;
    /**
     * Checks the options. `app` is not called before the first use.
     *
     * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION if an option cannot be used.
     */
    constructor(options: TokenPoolOptions);
    /**
     * Calls `work` with an app's manager, which stays open until the promise of `work` settles. Gives the result of
     * `work`.
     *
     * It rejects with the error of `app` or `work`, with ERR_DARAJA_INVALID_OPTION if the options are invalid,
     * and with ERR_DARAJA_CLOSED if the pool is closed.
     *
     * @example
     * ```js
     * await pool.use("shop 7", async (tokens) => {
     *   const { accessToken } = await tokens.getToken();
     *   await callDaraja(accessToken);
     * });
     * ```
     */
    use<Result>(id: string, work: (tokens: TokenManager) => Result | Promise<Result>): Promise<Result>;
    /** Gives the live token of an app, as {@link TokenManager.getToken} does. */
    getToken(id: string, options?: GetTokenOptions): Promise<AccessToken>;
    /** Sends a request to a business API with the live token of an app, as {@link TokenManager.fetch} does. */
    fetch(id: string, input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response>;
    /**
     * Forgets an app whose credentials have changed, or that no longer exists. Its manager is closed when no call uses
     * it. The next use calls `app` for the options again.
     */
    forget(id: string): void;
    /** Closes all managers. Calls in flight, and later ones, reject with ERR_DARAJA_CLOSED. */
    close(): void;
    /** Takes no further call, waits for those in flight, and closes all managers: for `await using`. */
    [ASYNC_DISPOSE](): Promise<void>;
}

export { TokenPool };
export type { TokenPoolOptions };
