// daraja-auth/pool: the managers of many apps. Each manager is made at the first use of its app.
import {
  type AccessToken,
  DarajaError,
  type FetchOptions,
  type GetTokenOptions,
  TokenManager,
  type TokenManagerOptions,
} from "daraja-auth";
import { withoutInherited } from "./plain.ts";
import { invalidOption, kindOf } from "./stores/invalid-option.ts";

/** The options of {@link TokenPool}. */
export interface TokenPoolOptions {
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

/** An open manager. */
interface Entry {
  readonly tokens: TokenManager;
  /** The number of calls that use it now. */
  users: number;
}

const DEFAULT_MAX_IDLE = 100;
/** Some runtimes lack this symbol. There the method gets a private key, so that its name is not "undefined". */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? /* @__PURE__ */ Symbol();

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
export class TokenPool {
  /** @internal */
  static readonly name: string = "TokenPool";
  readonly #app: TokenPoolOptions["app"];
  readonly #maxIdle: number;
  #open = new Map<string, Entry>();
  /** The managers of forgotten apps that calls still use. */
  #leaving = new Set<Entry>();
  /** The unused managers, the least recently used one first. */
  #idle = new Map<string, Entry>();
  /** The number of calls that use a manager now. */
  #users = 0;
  /** The number of calls of {@link forget}. */
  #forgotten = 0;
  #isClosed = false;
  /** Is called after the last call. It ends the wait of the dispose method. */
  #onUnused: () => void = () => {};

  /**
   * Checks the options. `app` is not called before the first use.
   *
   * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION if an option cannot be used.
   */
  constructor(options: TokenPoolOptions) {
    const { app, maxIdle = DEFAULT_MAX_IDLE } = withoutInherited<Partial<TokenPoolOptions>>(options ?? {});
    if (typeof app !== "function") {
      throw invalidOption(
        `app: expected a function, found ${kindOf(app)}`,
        "It gives the options of an app's manager.",
      );
    }
    if (!(Number.isInteger(maxIdle) && maxIdle >= 0)) {
      const found = typeof maxIdle === "number" ? "another number" : kindOf(maxIdle);
      throw invalidOption(`maxIdle: expected a whole number, 0 or more, found ${found}`, "The default is 100.");
    }
    this.#app = app;
    this.#maxIdle = maxIdle;
  }

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
  async use<Result>(id: string, work: (tokens: TokenManager) => Result | Promise<Result>): Promise<Result> {
    const entry = await this.#enter(id);
    try {
      return await work(entry.tokens);
    } finally {
      this.#leave(id, entry);
    }
  }

  /** Gives the live token of an app, as {@link TokenManager.getToken} does. */
  getToken(id: string, options?: GetTokenOptions): Promise<AccessToken> {
    return this.use(id, (tokens) => tokens.getToken(options));
  }

  /** Sends a request to a business API with the live token of an app, as {@link TokenManager.fetch} does. */
  fetch(id: string, input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response> {
    return this.use(id, (tokens) => tokens.fetch(input, init));
  }

  /**
   * Forgets an app whose credentials have changed, or that no longer exists. Its manager is closed when no call uses
   * it. The next use calls `app` for the options again.
   */
  forget(id: string): void {
    this.#forgotten++;
    const entry = this.#open.get(id);
    this.#open.delete(id);
    if (this.#idle.delete(id)) entry?.tokens.close();
    else if (entry) this.#leaving.add(entry);
  }

  /** Closes all managers. Calls in flight, and later ones, reject with ERR_DARAJA_CLOSED. */
  close(): void {
    this.#isClosed = true;
    for (const { tokens } of [...this.#open.values(), ...this.#leaving]) tokens.close();
    this.#open.clear();
    this.#idle.clear();
  }

  /** Takes no further call, waits for those in flight, and closes all managers: for `await using`. */
  async [ASYNC_DISPOSE](): Promise<void> {
    this.#isClosed = true;
    if (this.#users > 0) {
      await new Promise<void>((resolve) => {
        this.#onUnused = resolve;
      });
    }
    this.close();
  }

  async #enter(id: string): Promise<Entry> {
    if (typeof id !== "string" || id === "") {
      const found = id === "" ? "an empty one" : kindOf(id);
      throw invalidOption(
        `id: expected a text that names an app, found ${found}`,
        "The function app is called with it.",
      );
    }
    const entry = this.#open.get(id) ?? (await this.#make(id));
    if (this.#isClosed) throw closedError();
    this.#open.set(id, entry);
    this.#idle.delete(id);
    entry.users++;
    this.#users++;
    return entry;
  }

  /**
   * Makes a manager, unless another caller was quicker. Callers do not share a promise: on Cloudflare Workers a request
   * must not wait for another request's promise.
   */
  async #make(id: string): Promise<Entry> {
    for (;;) {
      if (this.#isClosed) throw closedError();
      const forgotten = this.#forgotten;
      const options = await this.#app(id);
      const known = this.#open.get(id);
      if (known) return known;
      // If an app was forgotten meanwhile, these may be its old credentials.
      if (forgotten === this.#forgotten && !this.#isClosed) {
        const made = { tokens: new TokenManager(options), users: 0 };
        this.#open.set(id, made);
        return made;
      }
    }
  }

  #leave(id: string, entry: Entry): void {
    entry.users--;
    this.#users--;
    if (entry.users === 0) {
      if (this.#open.get(id) === entry) this.#idle.set(id, entry);
      else entry.tokens.close();
      this.#leaving.delete(entry);
    }
    for (const [idleId, { tokens }] of this.#idle) {
      if (this.#idle.size <= this.#maxIdle) break;
      this.#idle.delete(idleId);
      this.#open.delete(idleId);
      tokens.close();
    }
    if (this.#users === 0) this.#onUnused();
  }
}

function closedError(): DarajaError {
  const hint = "Make a TokenPool when your program starts, and close it when it ends.";
  return new DarajaError("the pool was closed", { code: "ERR_DARAJA_CLOSED", retryable: false, hint });
}
