// The class TokenManager: what callers ask, and how long each waits.
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
import { mistyped, ofCall } from "./options.ts";
import { GET, type Purpose, REVALIDATE, recordAccepted, replaceRejected } from "./purpose.ts";
import type { TokenManagerOptions } from "./settings.ts";

/** What one call of {@link TokenManager.fetch} may say, besides what fetch takes. */
export interface FetchOptions {
  /**
   * A value to send as JSON, instead of a `body`: with `Content-Type: application/json`, and by POST unless `method` says
   * otherwise. Each business API of Daraja takes its request so.
   */
  json?: unknown;
  /** Whether the request is sent once more after its token was refused. Default: that of the manager. */
  retryOnRejection?: boolean | undefined;
  /** As in {@link GetTokenOptions}. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** What one call of {@link TokenManager.getToken} may say. */
export interface GetTokenOptions {
  /** Ends this call, and no other, with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How long this call may wait, in milliseconds. Default: 45 000, a crashed holder's lease and all attempts. */
  deadlineMs?: number | undefined;
  /**
   * The platform's own, which keeps a request for a token going though the client hung up. It is called without its
   * object: `(promise) => ctx.waitUntil(promise)`.
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** What a caller of getToken may say. */
const OF_CALL = { signal: "an AbortSignal", deadlineMs: "a number", waitUntil: "a function" };
const ONE_APP = "A TokenManager is for one app, whose credentials may change now and then. Make one for each app.";

/** What a caller says of a token: which endpoint it was, by the hash that the record has for it. */
function aboutToken(accessToken: unknown, about: unknown): { endpoint: number } {
  const { kind } = readOption({ accessToken }, "accessToken");
  if (kind !== "a string") throw mistyped("accessToken", "a string", kind);
  const { endpoint } = ofCall(about, { endpoint: "a string" }) as { endpoint?: string };
  return { endpoint: endpoint === undefined ? 0 : hashEndpoint(endpoint) };
}

/**
 * One live token, always ready: cached, renewed ahead of time, asked for once however many callers want it, replaced when
 * an API refuses it, and shared between all instances that have the same store.
 *
 * Make one for each app, and keep it.
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
  /** What fetch needs of this manager. */
  #forFetch: ManagerForFetch;
  /** How to end the wait of each caller. */
  #callers = new Set<(error: unknown) => void>();

  /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, for an option that cannot be used. Nothing is sent. */
  constructor(options: TokenManagerOptions) {
    const engine = new Engine(instance, isolated, options);
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
      classify: (status: number, json: object) => instance().judgeError(status, json),
    };
    // Other clients take it as their fetch.
    this.fetch = this.fetch.bind(this);
  }

  /**
   * Gives a live token: at once, if there is a fresh one.
   *
   * It rejects with a {@link DarajaError}: those of {@link generateToken}, ERR_DARAJA_TIMEOUT at the deadline,
   * ERR_DARAJA_STORE_UNAVAILABLE, ERR_DARAJA_CLOSED. A failure reaches all who wait for it, and is not remembered beyond
   * a back-off; bad credentials are remembered for 5 seconds to 5 minutes.
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const { freshness } = this.#engine;
    if (options === undefined && freshness.isFresh() && freshness.token) return Promise.resolve(freshness.token);
    return this.#wait(freshness.isStale ? REVALIDATE : GET, options);
  }

  /**
   * Says that an API refused this token, for clients that do not use {@link TokenManager.fetch}; gives the one to use
   * instead. Where another one is live already, that one, and nothing is asked of Daraja.
   *
   * It rejects with ERR_DARAJA_TOKEN_REJECTED where none may be generated: the endpoint refuses fresh tokens, or so many
   * were refused that somebody else must be generating them.
   */
  async report(accessToken: string, options: { endpoint?: string } = {}): Promise<AccessToken> {
    const { endpoint } = aboutToken(accessToken, options);
    return this.#wait(replaceRejected(accessToken, endpoint));
  }

  /**
   * Says that an API accepted this token, for clients that do not use {@link TokenManager.fetch} and report with an
   * endpoint: an endpoint that takes tokens is not at fault when it refuses one later. It costs next to nothing.
   */
  accepted(accessToken: string, options: { endpoint: string }): void {
    const { endpoint } = aboutToken(accessToken, options ?? {});
    if (this.#forFetch.tracksRejections()) this.#forFetch.accepted(accessToken, endpoint);
  }

  /**
   * Sends a request to a business API with a live token: a path, which goes below the environment's address or
   * `baseUrl`, or a URL of the same origin.
   *
   * Where the token is refused, the request is sent once more with another one: the gateway refused it, so it was not
   * carried out. A second refusal, any other answer, and a redirect come back as they are. A body that is a stream is sent
   * once, and that of a Request is read whole first. `retryOnRejection: false` sends everything once. `waitUntil` is that of
   * {@link GetTokenOptions}. It may be handed on as a function: it is bound to its manager.
   */
  async fetch(input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response> {
    return fetchWith(this.#forFetch, input, init);
  }

  /** Where the token may go: the environment's address, or the option `baseUrl`, without a slash at its end. */
  get baseUrl(): string {
    return this.#forFetch.root;
  }

  /** The live token, or null; without asking anybody. */
  peek(): AccessToken | null {
    return this.#engine.liveToken() ?? null;
  }

  /** Ends it: its timers, its watch, and with ERR_DARAJA_CLOSED every call that waits or comes later. */
  close(): void {
    this.#engine.close();
    const error = instance().closedError();
    for (const leave of this.#callers) leave(error);
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Begins or joins an acquisition, and waits for it as long as the caller wants. */
  async #wait(purpose: Purpose, call: GetTokenOptions = {}): Promise<AccessToken> {
    const engine = this.#engine;
    const { freshness } = engine;
    const { signal, deadlineMs = engine.limits.deadlineMs, waitUntil } = ofCall(call, OF_CALL) as GetTokenOptions;
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

  /** Acquires a token. If the credentials turn out to be another app's, it begins once more. */
  async #acquire(purpose: Purpose, deadline: number, waitUntil: GetTokenOptions["waitUntil"]): Promise<AccessToken> {
    for (let attempts = 1; ; attempts++) {
      try {
        const acquisition = this.#engine.acquire(purpose, deadline);
        if (waitUntil) ignoreErrors(() => waitUntil(acquisition.catch(() => {})));
        // Only a caller of getToken may get the old token, and only if there is one.
        const mayGetOld = purpose.token === "" && this.#engine.freshness.token;
        return await (mayGetOld ? this.#orOldToken(acquisition) : acquisition);
      } catch (error) {
        if (error !== APP_CHANGED) throw error;
        if (attempts > 1)
          throw invalidOption("credentials: expected those of one app, found others at each call", ONE_APP);
      }
    }
  }

  /** A caller that has waited 3 seconds for a renewal gets the old token if it is still valid. */
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
    if (!this.#engine.core().isNews(accessToken, endpoint)) return undefined;
    return this.#wait(recordAccepted(accessToken, endpoint));
  }
}
