// The class TokenManager: what callers ask, and how long each waits.
import { isolated } from "#wasm";
import type { AccessToken } from "../access-token.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { instance } from "../instance.ts";
import { readOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { ABORTED, abortReason, TIMEOUT, withTimeout } from "../with-timeout.ts";
import { MAX_TIMER_MS } from "./clock.ts";
import { nameOf } from "./endpoint.ts";
import { Engine, RESTART } from "./engine.ts";
import { accept, type Errand, GET, LOOK, report } from "./errand.ts";
import { fetchWith, type ManagerForFetch } from "./fetch.ts";
import { mistyped, ofCall } from "./options.ts";
import type { TokenManagerOptions } from "./settings.ts";

/** What one call of {@link TokenManager.fetch} may say, besides what fetch takes. */
export interface FetchOptions {
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
  return { endpoint: endpoint === undefined ? 0 : nameOf(endpoint) };
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
 * const response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", {
 *   method: "POST",
 *   headers: { "Content-Type": "application/json" },
 *   body: JSON.stringify(payment),
 * });
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
    const { fetch, retryOnRejection, baseUrl = new URL(engine.core().url()).origin } = engine.given;
    this.#forFetch = {
      fetch,
      retryOnRejection,
      root: baseUrl.replace(/\/$/, ""),
      home: new URL(baseUrl),
      getToken: (call?: GetTokenOptions) => this.getToken(call),
      report: (token: string, endpoint: number, call?: GetTokenOptions) => this.#ask(report(token, endpoint), call),
      accepted: (token: string, endpoint: () => number) => {
        if (engine.awaitsNews) ignoreErrors(() => this.#accepted(token, endpoint()));
      },
      patienceMs: engine.limits.renewalWaitMs,
      judge: (status: number, json: object) => instance().judgeError(status, json),
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
    const engine = this.#engine;
    if (options === undefined && engine.isFresh() && engine.token) return Promise.resolve(engine.token);
    return this.#ask(engine.hasNews ? LOOK : GET, options);
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
    return this.#ask(report(accessToken, endpoint));
  }

  /**
   * Says that an API accepted this token, for clients that do not use {@link TokenManager.fetch} and report with an
   * endpoint: an endpoint that takes tokens is not at fault when it refuses one later. It costs next to nothing.
   */
  accepted(accessToken: string, options: { endpoint: string }): void {
    const { endpoint } = aboutToken(accessToken, options ?? {});
    this.#forFetch.accepted(accessToken, () => endpoint);
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
    return this.#engine.look() ?? null;
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

  /** A caller's question. Its run is begun or joined, and waited for as long as the caller wants. */
  async #ask(errand: Errand, call: GetTokenOptions = {}): Promise<AccessToken> {
    const engine = this.#engine;
    const { signal, deadlineMs = engine.limits.deadlineMs, waitUntil } = ofCall(call, OF_CALL) as GetTokenOptions;
    if (!(deadlineMs >= 0)) throw mistyped("deadlineMs", "a number of milliseconds", "another number");
    engine.checkClock();
    if (errand === GET && !signal?.aborted && engine.isFresh() && engine.token) return engine.token;
    const { calls, closedError } = instance();
    if (engine.isClosed) throw closedError();
    let leave: (error: unknown) => void = () => {};
    const answered = () =>
      new Promise<AccessToken>((resolve, reject) => {
        leave = reject;
        calls.add(leave);
        this.#callers.add(leave);
        this.#answer(errand, performance.now() + deadlineMs, waitUntil).then(resolve, reject);
      });
    try {
      return await withTimeout(Math.min(deadlineMs, MAX_TIMER_MS), signal, answered);
    } catch (error) {
      if (error === TIMEOUT) throw instance().lateError();
      throw error === ABORTED ? abortReason(signal) : error;
    } finally {
      calls.delete(leave);
      this.#callers.delete(leave);
    }
  }

  /** Gives what a run gives. If the credentials turn out to be another app's, a second run is begun. */
  async #answer(errand: Errand, deadline: number, waitUntil: GetTokenOptions["waitUntil"]): Promise<AccessToken> {
    for (let runs = 1; ; runs++) {
      try {
        const run = this.#engine.run(errand, deadline);
        if (waitUntil) ignoreErrors(() => waitUntil(run.catch(() => {})));
        // Without a token there is none to fall back on.
        return await (errand.token || !this.#engine.token ? run : this.#patiently(run));
      } catch (error) {
        if (error !== RESTART) throw error;
        if (runs > 1) throw invalidOption("credentials: expected those of one app, found others at each call", ONE_APP);
      }
    }
  }

  /** A caller that has waited long for a renewal gets the old token if it is still valid. */
  async #patiently(run: Promise<AccessToken>): Promise<AccessToken> {
    try {
      return await withTimeout(this.#engine.limits.renewalWaitMs, undefined, () => run);
    } catch (error) {
      if (error !== TIMEOUT) throw error;
      return this.#engine.spare() ?? run;
    }
  }

  /** An endpoint accepted a token. The others hear of it if the record remembers that the endpoint rejected one. */
  #accepted(accessToken: string, endpoint: number): Promise<AccessToken> | undefined {
    if (!this.#engine.core().isNews(accessToken, endpoint)) return undefined;
    return this.#ask(accept(accessToken, endpoint));
  }
}
