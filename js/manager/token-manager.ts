// The class TokenManager: what callers ask for, and how long each caller waits.
import { isolated } from "#wasm";
import type { AccessToken } from "../access-token.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { instance } from "../instance.ts";
import { readOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { ABORTED, abortReason, TIMEOUT, withTimeout } from "../with-timeout.ts";
import { MAX_TIMER_MS } from "./clock.ts";
import { hashEndpoint } from "./endpoint-hash.ts";
import { APP_CHANGED, Engine } from "./engine.ts";
import { fetchWith, type ManagerForFetch } from "./fetch.ts";
import { callOptions, mistyped } from "./options.ts";
import { GET, type Purpose, REVALIDATE, recordAccepted, replaceRejected } from "./purpose.ts";
import type { TokenManagerOptions } from "./settings.ts";

/** The options of one call of {@link TokenManager.fetch}, in addition to those of `fetch`. */
export interface FetchOptions {
  /**
   * A value to send as JSON, instead of a `body`. The request has `Content-Type: application/json`, and is a POST
   * unless `method` says otherwise. Every business API of Daraja takes requests in this form.
   * @default undefined
   */
  json?: unknown;
  /**
   * Whether the request is sent once more after its token was rejected. The default is the manager's option.
   * @default true
   */
  retryOnRejection?: boolean | undefined;
  /**
   * The platform's function that lets work go on after a response, as in {@link GetTokenOptions}.
   * @default undefined
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** The options of one call of {@link TokenManager.getToken}. */
export interface GetTokenOptions {
  /**
   * Ends this call with the signal's reason. Other calls go on.
   * @default undefined
   */
  signal?: AbortSignal | undefined;
  /**
   * How long this call may wait, in milliseconds. The default is enough for the lease of an instance that crashed, and
   * then for all attempts.
   * @default 45000
   */
  deadlineMs?: number | undefined;
  /**
   * The platform's function that lets work go on after a response. With it, a request for a token goes on even if the
   * client has hung up. Pass `(promise) => ctx.waitUntil(promise)`, since it is called without its object.
   * @default undefined
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** The kind of each option of getToken. */
const GET_TOKEN_KINDS = { signal: "an AbortSignal", deadlineMs: "a number", waitUntil: "a function" };
const ONE_APP = "A TokenManager is for one app, whose credentials may change. Make one for each app.";

/** Some browsers lack this symbol. There the method gets a private key, so that its name is not "undefined". */
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? /* @__PURE__ */ Symbol();

/** The options of {@link TokenManager.report} and {@link TokenManager.accepted}. */
export interface EndpointOptions {
  /** The path or the URL that the token was used for. Pass the same text each time. */
  endpoint: string;
}

/** Checks the arguments of a report. Gives the hash of the endpoint, or 0 for none. */
function endpointOf(accessToken: unknown, options: unknown): number {
  const { kind } = readOption({ accessToken }, "accessToken");
  if (kind !== "a string") throw mistyped("accessToken", "a string", kind);
  const { endpoint } = callOptions(options, { endpoint: "a string" }) as Partial<EndpointOptions>;
  return endpoint === undefined ? 0 : hashEndpoint(endpoint);
}

/**
 * Keeps one live token. All callers share one request for it. The token is renewed before its end, and replaced when an
 * API rejects it. All instances with the same store share it.
 *
 * Make one manager for each app when your program starts, and keep it.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 *
 * const tokens = new TokenManager({
 *   consumerKey: process.env.DARAJA_CONSUMER_KEY,
 *   consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
 *   environment: "production",
 * });
 *
 * const response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", { json: payment });
 * ```
 */
export class TokenManager {
  /** @internal */
  static readonly name: string = "TokenManager";
  readonly #engine: Engine;
  /** The functions of this manager that fetch uses. */
  #forFetch: ManagerForFetch;
  /** The functions that end the waits of the callers. */
  #callers = new Set<(error: unknown) => void>();

  /**
   * Checks the options. Nothing is sent before the first call.
   *
   * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION if an option cannot be used. The message names it, what was
   * expected and what was found.
   */
  constructor(options: TokenManagerOptions) {
    const engine = new Engine(instance, options);
    this.#engine = engine;
    const { fetch, retryOnRejection, baseUrl = new URL(engine.core().url()).origin } = engine.options;
    this.#forFetch = {
      fetch,
      retryOnRejection,
      root: baseUrl.replace(/\/$/, ""),
      home: new URL(baseUrl),
      getToken: (call?: GetTokenOptions) => this.getToken(call),
      report: (token: string, endpoint: number, call?: GetTokenOptions) =>
        this.#wait(replaceRejected(token, endpoint), call),
      tracksRejections: () => engine.freshness.live?.tracksRejections === true,
      accepted: (token: string, endpoint: number) => ignoreErrors(() => this.#accepted(token, endpoint)),
      patienceMs: engine.limits.renewalWaitMs,
      classify: (...error) => instance().judgeError(...error),
    };
    // Other clients use this method as their fetch.
    this.fetch = this.fetch.bind(this);
  }

  /**
   * Gives a live token. If there is a fresh one, it gives that at once.
   *
   * It rejects with a {@link DarajaError}. Its code is one of those of {@link generateToken}, ERR_DARAJA_TIMEOUT (at
   * the deadline), ERR_DARAJA_STORE_UNAVAILABLE or ERR_DARAJA_CLOSED. All waiting callers get the same failure.
   * After a failure no request goes to Daraja for 1 to 30 seconds, or for as long as Daraja asks. If the error is not
   * `retryable`, it is 5 seconds to 5 minutes.
   *
   * @returns A promise of a frozen object, the same one for the same token.
   *
   * @example
   * ```js
   * const { accessToken } = await tokens.getToken();
   * ```
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const { freshness } = this.#engine;
    if (options === undefined && freshness.isFresh() && freshness.token) return Promise.resolve(freshness.token);
    return this.#wait(!isolated && freshness.isStale ? REVALIDATE : GET, options);
  }

  /**
   * Reports that an API rejected this token, for clients that do not use {@link TokenManager.fetch}. Gives another
   * token to use: a live one if there is one, else a new one from Daraja.
   *
   * It rejects with ERR_DARAJA_TOKEN_REJECTED if no other token may be generated. Then the endpoint rejects fresh
   * tokens too, or so many were rejected that another program probably generates tokens with the same key.
   *
   * @example
   * ```js
   * if (await isTokenRejected(response)) await tokens.report(accessToken, { endpoint: response.url });
   * ```
   */
  async report(accessToken: string, options: Partial<EndpointOptions> = {}): Promise<AccessToken> {
    return this.#wait(replaceRejected(accessToken, endpointOf(accessToken, options)));
  }

  /**
   * Reports that an API accepted this token, for clients that call {@link TokenManager.report} with an endpoint. An
   * endpoint that has accepted a token is not at fault when it rejects a later one. This call costs almost nothing.
   */
  accepted(accessToken: string, options: EndpointOptions): void {
    const endpoint = endpointOf(accessToken, options ?? {});
    if (this.#forFetch.tracksRejections()) this.#forFetch.accepted(accessToken, endpoint);
  }

  /**
   * Sends a request to a business API with a live token. The input is a path below the environment's address or
   * `baseUrl`, or a URL of the same origin.
   *
   * If the token is rejected, the request is sent once more with another token. This is safe, because the gateway
   * rejected the request before it was carried out. A second rejection, any other answer, and a redirect are returned
   * as they are. A body that is a stream is sent once. The body of a Request is read whole first. This method is bound
   * to its manager, so it can be passed on as a `fetch`.
   *
   * @example
   * ```js
   * const response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", { json: payment });
   * ```
   */
  async fetch(input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response> {
    return fetchWith(this.#forFetch, input, init);
  }

  /** The address to which the token may go: the environment's, or the option `baseUrl`, without a slash at its end. */
  get baseUrl(): string {
    return this.#forFetch.root;
  }

  /** Gives the live token, or null if there is none. It asks neither Daraja nor the store. */
  peek(): AccessToken | null {
    return this.#engine.liveToken() ?? null;
  }

  /** Ends the manager's timers and watch. Waiting and later calls reject with ERR_DARAJA_CLOSED. */
  close(): void {
    this.#engine.close();
    const error = instance().closedError();
    for (const leave of this.#callers) leave(error);
  }

  /** Does the same as {@link TokenManager.close}, for `using`. */
  [DISPOSE](): void {
    this.close();
  }

  /** Begins or joins an acquisition, and waits for it as long as the caller wants. */
  async #wait(purpose: Purpose, call: GetTokenOptions = {}): Promise<AccessToken> {
    const engine = this.#engine;
    const { freshness } = engine;
    const {
      signal,
      deadlineMs = engine.limits.deadlineMs,
      waitUntil,
    } = callOptions(call, GET_TOKEN_KINDS) as GetTokenOptions;
    if (!(deadlineMs >= 0)) throw mistyped("deadlineMs", "a number of milliseconds", "another number");
    engine.clock.check();
    if (purpose === GET && !signal?.aborted && freshness.isFresh() && freshness.token) return freshness.token;
    const { calls, closedError } = instance();
    if (engine.isClosed) throw closedError();
    let leave: (error: unknown) => void = () => {};
    const acquired = () =>
      new Promise<AccessToken>((resolve, reject) => {
        leave = reject;
        calls.add(leave);
        this.#callers.add(leave);
        this.#acquire(purpose, performance.now() + deadlineMs, waitUntil).then(resolve, reject);
      });
    try {
      return await withTimeout(Math.min(deadlineMs, MAX_TIMER_MS), signal, acquired);
    } catch (error) {
      if (error === TIMEOUT) throw instance().lateError();
      throw error === ABORTED ? abortReason(signal) : error;
    } finally {
      calls.delete(leave);
      this.#callers.delete(leave);
    }
  }

  /** Acquires a token. If the credentials are those of another app, it starts again with the record of that app. */
  async #acquire(purpose: Purpose, deadline: number, waitUntil: GetTokenOptions["waitUntil"]): Promise<AccessToken> {
    for (let attempts = 1; ; attempts++) {
      try {
        const acquisition = this.#engine.acquire(purpose, deadline);
        if (waitUntil) ignoreErrors(() => waitUntil(acquisition.catch(() => {})));
        // Only a caller of getToken may get the old token, if there is one.
        const mayGetOld = purpose.token === "" && this.#engine.freshness.token;
        return await (mayGetOld ? this.#orOldToken(acquisition) : acquisition);
      } catch (error) {
        if (error !== APP_CHANGED) throw error;
        if (attempts > 1)
          throw invalidOption("credentials: expected those of one app, found others at each call", ONE_APP);
      }
    }
  }

  /** A caller that has waited 3 seconds for a renewal gets the old token, unless that ends within a minute. */
  async #orOldToken(acquisition: Promise<AccessToken>): Promise<AccessToken> {
    try {
      return await withTimeout(this.#engine.limits.renewalWaitMs, undefined, () => acquisition);
    } catch (error) {
      if (error !== TIMEOUT) throw error;
      return this.#engine.tokenDuringRenewal() ?? acquisition;
    }
  }

  /** An endpoint accepted a token. This is written only if the record remembers that the endpoint rejected one. */
  #accepted(accessToken: string, endpoint: number): Promise<AccessToken> | undefined {
    if (!this.#engine.core().isAcceptedAfterRejection(accessToken, endpoint)) return undefined;
    return this.#wait(recordAccepted(accessToken, endpoint));
  }
}
