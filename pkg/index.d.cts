/// <reference lib="esnext.disposable" />
/** An access token and its end. The object is frozen. */
interface AccessToken {
    /** The token, for the header `Authorization: Bearer <accessToken>`. */
    readonly accessToken: string;
    /** The token's lifetime in seconds, as Daraja stated it; 3599 where it stated none. */
    readonly expiresIn: number;
    /** When the token ends, in milliseconds since the Unix epoch, counted from when the request was sent. */
    readonly expiresAt: number;
}

/** What went wrong; the README's table says when and what to do. */
type DarajaErrorCode = "ERR_DARAJA_INVALID_OPTION" | "ERR_DARAJA_INVALID_CREDENTIALS" | "ERR_DARAJA_INVALID_GRANT_TYPE" | "ERR_DARAJA_BLOCKED" | "ERR_DARAJA_RATE_LIMITED" | "ERR_DARAJA_UNAVAILABLE" | "ERR_DARAJA_REFUSED" | "ERR_DARAJA_MALFORMED_RESPONSE" | "ERR_DARAJA_REDIRECT" | "ERR_DARAJA_TIMEOUT" | "ERR_DARAJA_NETWORK" | "ERR_DARAJA_TOKEN_REJECTED" | "ERR_DARAJA_STORE_UNAVAILABLE" | "ERR_DARAJA_CLOSED" | "ERR_DARAJA_INTERNAL";
/** The fields of a {@link DarajaError}. Those that do not apply are absent. */
interface DarajaErrorFields {
    /** The kind of failure: stable, for programs. */
    code: DarajaErrorCode;
    /** Whether the same call may succeed later with nothing changed. */
    retryable: boolean;
    /** The likely cause and the remedy, for a person. */
    hint: string;
    /** The HTTP status of the answer. */
    status?: number;
    /** Daraja's own error code, such as `"400.008.01"`. */
    errorCode?: string;
    /** Daraja's identifier of the request; their support asks for it. */
    requestId?: string;
    /** The firewall's identifier of a blocked request. */
    incidentId?: string;
    /** How long the server asked to wait, in milliseconds. */
    retryAfterMs?: number;
    /** How many requests were sent. */
    attempts?: number;
    /** What `fetch` threw, unless it would show a secret; then a copy without it. */
    cause?: unknown;
}
/**
 * Every failure of this package. No field of it ever holds a secret, an Authorization value or a token.
 *
 * @example
 * ```js
 * try {
 *   await generateToken(options);
 * } catch (error) {
 *   if (error instanceof DarajaError) console.error(error.code, error.message, error.hint);
 * }
 * ```
 */
declare class DarajaError extends Error implements DarajaErrorFields {
    /** The kind of failure: stable, for programs. */
    readonly code: DarajaErrorCode;
    /** Whether the same call may succeed later with nothing changed. */
    readonly retryable: boolean;
    /** The likely cause and the remedy, for a person. */
    readonly hint: string;
    /** The HTTP status of the answer. */
    readonly status?: number;
    /** Daraja's own error code, such as `"400.008.01"`. */
    readonly errorCode?: string;
    /** Daraja's identifier of the request; their support asks for it. */
    readonly requestId?: string;
    /** The firewall's identifier of a blocked request. */
    readonly incidentId?: string;
    /** How long the server asked to wait, in milliseconds. */
    readonly retryAfterMs?: number;
    /** How many requests were sent. */
    readonly attempts?: number;
    /** What `fetch` threw, unless it would show a secret; then a copy without it. */
    readonly cause?: unknown;
    constructor(message: string, fields: DarajaErrorFields);
    get name(): "DarajaError";
}

/** The options of {@link generateToken}. An unknown or ill-typed one is refused by name. */
interface GenerateTokenOptions {
    /** The app's Consumer Key, from My Apps on the Daraja portal, with nothing around it. */
    consumerKey: string;
    /** The app's Consumer Secret. */
    consumerSecret: string;
    /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
    environment?: "sandbox" | "production" | undefined;
    /** Another base URL instead of the environment's; https only, http on loopback only. */
    baseUrl?: string | undefined;
    /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
    path?: string | undefined;
    /** The `fetch` to use, for proxies, agents and tests. Default: the global one, looked up at each call. */
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
    /** Aborts the call: before the request, during it, in its body, in the pause before another attempt. */
    signal?: AbortSignal | undefined;
    /** How long one attempt may take, in milliseconds. Default: 10 000. */
    timeoutMs?: number | undefined;
    /**
     * How many attempts may follow a failed first one, 0 to 10. Default: 1. Only network failures, time-outs, 429 and 5xx
     * answers are tried again, after a random pause that grows; a Retry-After of up to 5 seconds is honoured.
     */
    retries?: number | undefined;
}
/**
 * Asks Daraja for an access token: one request, one token, nothing remembered.
 *
 * **Each token that Daraja grants invalidates the one before it**, so keep the token for its hour instead of calling
 * this before every request.
 *
 * Only network failures, time-outs, 429 and 5xx answers are tried again ({@link GenerateTokenOptions.retries}), one
 * attempt after the other. Redirects are never followed.
 *
 * @returns A promise of a frozen object. It rejects with a {@link DarajaError}, or, when `signal` aborts, with the
 * signal's reason. It never throws synchronously.
 *
 * @see https://developer.safaricom.co.ke/APIs/Authorization
 *
 * @example
 * ```js
 * import { generateToken } from "daraja-auth";
 *
 * const { accessToken, expiresAt } = await generateToken({
 *   consumerKey: process.env.DARAJA_CONSUMER_KEY,
 *   consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
 *   environment: "sandbox",
 * });
 * ```
 */
declare function generateToken(options: GenerateTokenOptions): Promise<AccessToken>;

/**
 * Whether a business API's response says that the token was refused, so that the request was not carried out; for clients
 * that do not use {@link TokenManager.fetch}. The response stays readable.
 */
declare function isTokenRejected(response: Response): Promise<boolean>;

/** What every {@link TokenEvent} says. */
interface EventBase {
    /** Which token of the record's history it was about, counted from 1; 0 before there was any. */
    readonly epoch: number;
    /** How long it took, in milliseconds; 0 where it took no time. */
    readonly durationMs: number;
}
/** On the way to a token: its lease, and the token. */
interface GenerationEvent extends EventBase {
    /**
     * What happened.
     *
     * - `generated`, `renewed`: this instance asked Daraja for a token, since there was none or ahead of time.
     * - `lease-taken`, `lease-lost`: it became the one who generates, or was too slow to stay it.
     */
    readonly type: "generated" | "renewed" | "lease-taken" | "lease-lost";
    /** Why a token was asked for. */
    readonly reason: "missing" | "rejected" | "renewal";
    /** Only `rejected` has a code. */
    readonly code?: undefined;
}
/** An API refused the token. */
interface RejectionEvent extends EventBase {
    /** An API refused the token; with a `code` it was not replaced, and that says why. */
    readonly type: "rejected";
    /** Only events on the way to a token have a reason. */
    readonly reason?: undefined;
    /** Why a token that was refused is not replaced. */
    readonly code?: DarajaErrorCode;
}
/** Anything else. */
interface OtherEvent extends EventBase {
    /**
     * What happened.
     *
     * - `shared`: this instance took over another instance's token.
     * - `waited`: a call waited for another instance or for the store.
     * - `store-error`: an operation of the store failed.
     * - `contention`: somebody else generates tokens with this consumer key.
     */
    readonly type: "shared" | "waited" | "store-error" | "contention";
    /** Only events on the way to a token have a reason. */
    readonly reason?: undefined;
    /** Only `rejected` has a code. */
    readonly code?: undefined;
}
/** What a {@link TokenManager} tells: `onEvent`. It is frozen, and shows no secret and no token. */
type TokenEvent = GenerationEvent | RejectionEvent | OtherEvent;

/** A record in a {@link TokenStore}: what it says, and the version that a swap must name. */
interface StoredRecord {
    /** The version that this write gave the record. No version is used twice. */
    readonly version: string;
    /** What the record says: text that only the package reads. */
    readonly value: string;
}
/**
 * Where the token is kept that instances share: Redis, Postgres, … The package has one for each; to write your own, see
 * docs/stores.md and `storeConformance` of `daraja-auth/testing`.
 *
 * Nothing in a store retries, and an operation whose outcome is unknown rejects.
 */
interface TokenStore {
    /**
     * Gives the record, as it is now: never an older one that a replica still has.
     * `now` is the store's own clock in milliseconds, where it has one; then it comes without a record too.
     */
    load(key: string): Promise<{
        record: StoredRecord | null;
        now?: number;
    }>;
    /**
     * Writes the next record if the version there is `expected`; `null`: if there is none.
     * A record may be forgotten `ttlMs` after it was written last.
     */
    compareAndSwap(key: string, expected: string | null, next: StoredRecord, options: {
        ttlMs: number;
    }): Promise<{
        swapped: boolean;
        now?: number;
    }>;
    /** Calls `wake` when the record may have changed; gives the way to end that. It is a hint, and may be absent. */
    watch?(key: string, wake: () => void): () => void;
}

/** The options of {@link TokenManager}. An unknown or ill-typed one is refused by name. */
type TokenManagerOptions = TokenManagerSettings & (AppCredentials | ChangingCredentials);
/** Credentials that change, instead of the two strings. */
interface ChangingCredentials {
    /**
     * Gives the credentials each time Daraja is asked for a token: for rotation and secret managers. It must settle within
     * `timeoutMs`; where it fails, it is called again as Daraja would be.
     */
    credentials: () => AppCredentials | Promise<AppCredentials>;
}
/** The options of {@link TokenManager}, but the credentials. */
interface TokenManagerSettings {
    /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
    environment?: "sandbox" | "production" | undefined;
    /** Another base URL instead of the environment's; https only, http on loopback only. */
    baseUrl?: string | undefined;
    /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
    path?: string | undefined;
    /** The `fetch` to use, for tokens and for {@link TokenManager.fetch}; always with a URL in text. Default: the global one, looked up at each call. */
    fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
    /** How long one attempt to get a token may take, in milliseconds. Default: 10 000. */
    timeoutMs?: number | undefined;
    /** How many attempts may follow a failed one, 0 to 10. Default: 1. */
    retries?: number | undefined;
    /** Where the token is kept. Default: {@link memoryStore}, for a single instance. */
    store?: TokenStore | undefined;
    /** How long before its end a token is renewed, in milliseconds. Default: 5 minutes, or a twelfth of its lifetime. */
    renewBeforeMs?: number | undefined;
    /**
     * Whether a token is renewed in time though nobody asks for it. Default: false, since serverless instances freeze. It
     * keeps no process alive, and has no effect on workers and edge runtimes.
     */
    renewInBackground?: boolean | undefined;
    /**
     * Whether {@link TokenManager.fetch} sends a request once more after its token was refused. Default: true. Without it
     * the token is replaced all the same, for the next request.
     */
    retryOnRejection?: boolean | undefined;
    /**
     * What to do with no usable token and a store that fails. Default: `"fail"`. `"generate"` asks Daraja without the store,
     * which kills the token of the others.
     */
    onStoreDown?: "fail" | "generate" | undefined;
    /** Is told what happens. What it throws is ignored. */
    onEvent?: ((event: TokenEvent) => void) | undefined;
    /** Seals a token before it is written to the store. It needs `open` beside it; docs/manager.md has a recipe. */
    seal?: ((accessToken: string) => string | Promise<string>) | undefined;
    /**
     * Opens what `seal` made. It rejects where it cannot, and the store counts as failed; or gives null, where the key is
     * lost: then the token counts as none, and another is asked for. A token that was not sealed is not given to it.
     */
    open?: ((sealed: string) => string | null | Promise<string | null>) | undefined;
    /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. For tests. */
    now?: (() => number) | undefined;
    /** The numbers of the protocol, by name; docs/manager.md lists them. Instances that share a record have the same. */
    policy?: Partial<Record<PolicyNumber, number>> | undefined;
}
/** A Consumer Key and its Consumer Secret. */
interface AppCredentials {
    consumerKey: string;
    consumerSecret: string;
}
/** A number of the protocol; most are milliseconds. */
type PolicyNumber = "renewBeforeMs" | "mustWaitMs" | "floorMs" | "lookUpMs" | "drainMs" | "rotationWaitMs" | "firstPauseMs" | "longestPauseMs" | "timeoutMs" | "leaseMarginMs" | "deadlineMs" | "storeTimeoutMs" | "storePatienceMs" | "clockToleranceMs" | "budgetRefillMs" | "refusalGapMs" | "longestRefusalGapMs" | "failureGapMs" | "longestFailureGapMs" | "refusedGapMs" | "longestRefusedGapMs" | "longestWaitMs" | "contentionWindowMs" | "keepRecordMs" | "budget";

/** What one call of {@link TokenManager.fetch} may say, besides what fetch takes. */
interface FetchOptions {
    /** Whether the request is sent once more after its token was refused. Default: that of the manager. */
    retryOnRejection?: boolean | undefined;
    /** As in {@link GetTokenOptions}. */
    waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}
/** What one call of {@link TokenManager.getToken} may say. */
interface GetTokenOptions {
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
declare class TokenManager {
    #private;
    /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, for an option that cannot be used. Nothing is sent. */
    constructor(options: TokenManagerOptions);
    /**
     * Gives a live token: at once, if there is a fresh one.
     *
     * It rejects with a {@link DarajaError}: those of {@link generateToken}, ERR_DARAJA_TIMEOUT at the deadline,
     * ERR_DARAJA_STORE_UNAVAILABLE, ERR_DARAJA_CLOSED. A failure reaches all who wait for it, and is not remembered beyond
     * a back-off; bad credentials are remembered for 5 seconds to 5 minutes.
     */
    getToken(options?: GetTokenOptions): Promise<AccessToken>;
    /**
     * Says that an API refused this token, for clients that do not use {@link TokenManager.fetch}; gives the one to use
     * instead. Where another one is live already, that one, and nothing is asked of Daraja.
     *
     * It rejects with ERR_DARAJA_TOKEN_REJECTED where none may be generated: the endpoint refuses fresh tokens, or so many
     * were refused that somebody else must be generating them.
     */
    report(accessToken: string, options?: {
        endpoint?: string;
    }): Promise<AccessToken>;
    /**
     * Says that an API accepted this token, for clients that do not use {@link TokenManager.fetch} and report with an
     * endpoint: an endpoint that takes tokens is not at fault when it refuses one later. It costs next to nothing.
     */
    accepted(accessToken: string, options: {
        endpoint: string;
    }): void;
    /**
     * Sends a request to a business API with a live token: a path, which goes below the environment's address or
     * `baseUrl`, or a URL of the same origin.
     *
     * Where the token is refused, the request is sent once more with another one: the gateway refused it, so it was not
     * carried out. A second refusal, any other answer, and a redirect come back as they are. A body that is a stream is sent
     * once, and that of a Request is read whole first. `retryOnRejection: false` sends everything once. `waitUntil` is that of
     * {@link GetTokenOptions}. It may be handed on as a function: it is bound to its manager.
     */
    fetch(input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response>;
    /** The live token, or null; without asking anybody. */
    peek(): AccessToken | null;
    /** Ends it: its timers, its watch, and with ERR_DARAJA_CLOSED every call that waits or comes later. */
    close(): void;
    /** The same, for `using`. */
    [Symbol.dispose](): void;
}

/**
 * Keeps records in this process: the default, for a single instance.
 *
 * @example
 * ```js
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: memoryStore() });
 * ```
 */
declare function memoryStore(): TokenStore;

export { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore };
export type { AccessToken, AppCredentials, ChangingCredentials, DarajaErrorCode, DarajaErrorFields, FetchOptions, GenerateTokenOptions, GetTokenOptions, PolicyNumber, StoredRecord, TokenEvent, TokenManagerOptions, TokenManagerSettings, TokenStore };
