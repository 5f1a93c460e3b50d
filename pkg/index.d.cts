declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface Disposable {
    [Symbol.dispose](): void;
  }
}
/** An access token and its end. The object is frozen. */
interface AccessToken {
    /** The token, for the header `Authorization: Bearer <accessToken>`. */
    readonly accessToken: string;
    /** The token's lifetime in seconds, as Daraja stated it. It is 3599 if Daraja stated none. */
    readonly expiresIn: number;
    /** When the token ends, in milliseconds since the Unix epoch, counted from when the request was sent. */
    readonly expiresAt: number;
}

/** What went wrong. docs/errors.md says when each code occurs, and what to do. */
type DarajaErrorCode = "ERR_DARAJA_INVALID_OPTION" | "ERR_DARAJA_INVALID_CREDENTIALS" | "ERR_DARAJA_INVALID_GRANT_TYPE" | "ERR_DARAJA_BLOCKED" | "ERR_DARAJA_RATE_LIMITED" | "ERR_DARAJA_UNAVAILABLE" | "ERR_DARAJA_REFUSED" | "ERR_DARAJA_MALFORMED_RESPONSE" | "ERR_DARAJA_REDIRECT" | "ERR_DARAJA_TIMEOUT" | "ERR_DARAJA_NETWORK" | "ERR_DARAJA_TOKEN_REJECTED" | "ERR_DARAJA_STORE_UNAVAILABLE" | "ERR_DARAJA_CLOSED" | "ERR_DARAJA_INTERNAL";
/** The fields of a {@link DarajaError}. Fields that do not apply are absent. */
interface DarajaErrorFields {
    /** The kind of failure: a stable name that programs can compare. */
    code: DarajaErrorCode;
    /** Whether the same call may succeed later with nothing changed. */
    retryable: boolean;
    /** The likely cause and the remedy, for a person. */
    hint: string;
    /** The HTTP status of the answer. */
    status?: number;
    /** Daraja's own error code, such as `"400.008.01"`. */
    errorCode?: string;
    /** Daraja's identifier of the request. Daraja's support asks for it. */
    requestId?: string;
    /** The firewall's identifier of a blocked request. */
    incidentId?: string;
    /** How long to wait before the next try, in milliseconds. */
    retryAfterMs?: number;
    /** How many attempts were made. */
    attempts?: number;
    /** The error of `fetch` or the store, or a copy without the parts that could show a secret. */
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
    /** The kind of failure: a stable name that programs can compare. */
    readonly code: DarajaErrorCode;
    /** Whether the same call may succeed later with nothing changed. */
    readonly retryable: boolean;
    /** The likely cause and the remedy, for a person. */
    readonly hint: string;
    /** The HTTP status of the answer. */
    readonly status?: number;
    /** Daraja's own error code, such as `"400.008.01"`. */
    readonly errorCode?: string;
    /** Daraja's identifier of the request. Daraja's support asks for it. */
    readonly requestId?: string;
    /** The firewall's identifier of a blocked request. */
    readonly incidentId?: string;
    /** How long to wait before the next try, in milliseconds. */
    readonly retryAfterMs?: number;
    /** How many attempts were made. */
    readonly attempts?: number;
    /** The error of `fetch` or the store, or a copy without the parts that could show a secret. */
    readonly cause?: unknown;
    constructor(message: string, fields: DarajaErrorFields);
    /** The address of the documentation of {@link code}: when the error comes, and what to do. */
    get docs(): string;
    /** The name of the class, which logs show. */
    get name(): "DarajaError";
}

/** Which Daraja: `"sandbox"` is for tests, `"production"` moves real money. */
type Environment = "sandbox" | "production";
/**
 * The options of {@link generateToken}. An unknown option, or a value of a wrong type, gives an error that names the
 * option.
 */
interface GenerateTokenOptions {
    /**
     * The app's Consumer Key, from My Apps on the Daraja portal, without quotes or spaces. If it is undefined, as with an
     * environment variable that is not set, the error says so.
     */
    consumerKey: string | undefined;
    /** The app's Consumer Secret. */
    consumerSecret: string | undefined;
    /**
     * Which Daraja to ask.
     * @default "sandbox"
     */
    environment?: Environment | undefined;
    /**
     * The base URL to use instead of the environment's. It must be https. For this machine, http is allowed too.
     * @default undefined
     */
    baseUrl?: string | undefined;
    /**
     * The path of the token endpoint.
     * @default "/oauth/v1/generate"
     */
    path?: string | undefined;
    /**
     * The `fetch` to use, for proxies, agents and tests. By default each call looks up the global one.
     * @default globalThis.fetch
     */
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
    /**
     * Aborts the call at any time: before a request, during it, while the answer is read, or between two attempts.
     * @default undefined
     */
    signal?: AbortSignal | undefined;
    /**
     * How long one attempt may take, in milliseconds.
     * @default 10000
     */
    timeoutMs?: number | undefined;
    /**
     * How many more attempts follow a failed one, 0 to 10. Only errors that are `retryable` are tried again, after a
     * random pause that grows. A Retry-After of up to 5 seconds is respected.
     * @default 1
     */
    retries?: number | undefined;
}
/**
 * Asks Daraja for a new access token. It remembers no token: each call gets another one.
 *
 * **Each token that Daraja grants invalidates the one before it**, so keep the token for its hour instead of calling
 * this before every request.
 *
 * Attempts never overlap. Redirects are never followed.
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
 * Whether a business API's response says that the token was rejected. Then the request was not carried out. This is for
 * clients that do not use {@link TokenManager.fetch}. The response stays readable.
 */
declare function isTokenRejected(response: Response): Promise<boolean>;

/** What every {@link TokenEvent} says. */
interface EventBase {
    /** The number of the record's token, counted from 1. It is 0 while this instance knows no token. */
    readonly epoch: number;
    /**
     * How long the reported work lasted, in milliseconds: getting a token, the time with the lease, the wait, or
     * the failed operation of the store. It is 0 for the other types.
     */
    readonly durationMs: number;
}
/** An event on the way to a new token. */
interface GenerationEvent extends EventBase {
    /**
     * What happened.
     *
     * - `generated`: this instance got a token from Daraja, because there was none or the old one was rejected.
     * - `renewed`: it got one from Daraja before the old one ended.
     * - `lease-taken`: it has become the instance that asks Daraja.
     * - `lease-lost`: the record no longer has its lease. Usually it was too slow, and another instance asks Daraja now.
     */
    readonly type: "generated" | "renewed" | "lease-taken" | "lease-lost";
    /** Why a token is needed: there was none, the old one was rejected, or it is about to end. */
    readonly reason: "missing" | "rejected" | "renewal";
    /** Only a `rejected` event has a code. */
    readonly code?: undefined;
}
/** An API rejected the token. */
interface RejectionEvent extends EventBase {
    /** An API rejected the token. */
    readonly type: "rejected";
    /** Only events on the way to a new token have a reason. */
    readonly reason?: undefined;
    /** Why the token is not replaced. Without a code it is replaced. */
    readonly code?: DarajaErrorCode;
}
/** Any other event. */
interface OtherEvent extends EventBase {
    /**
     * What happened.
     *
     * - `shared`: this instance took over another instance's token.
     * - `waited`: a call waited for another instance, for the store, or for the end of a back-off.
     * - `store-error`: an operation of the store failed, or gave no valid record.
     * - `contention`: another program probably generates tokens with this Consumer Key.
     */
    readonly type: "shared" | "waited" | "store-error" | "contention";
    /** Only events on the way to a new token have a reason. */
    readonly reason?: undefined;
    /** Only a `rejected` event has a code. */
    readonly code?: undefined;
}
/**
 * The event that {@link TokenManager} passes to the option `onEvent`. `type` says which members it has. It is frozen,
 * and contains no secret and no token.
 */
type TokenEvent = GenerationEvent | RejectionEvent | OtherEvent;

/** A record in a {@link TokenStore}: its contents, and the version that a swap must name. */
interface StoredRecord {
    /** The version that this write gave the record. No version is used twice. */
    readonly version: string;
    /** The contents of the record: text that only the package reads. */
    readonly value: string;
}
/**
 * The place of the token that instances share: Redis, Postgres, … The package has a store for each. To write your own,
 * see docs/stores.md and `storeConformance` of `daraja-auth/testing`.
 *
 * A store does not retry. If the outcome of an operation is unknown, its promise rejects.
 */
interface TokenStore {
    /**
     * Gives the current record, never an older one from a replica. `now` is the store's own clock in milliseconds. A
     * store with a clock gives it even if there is no record.
     */
    load(key: string): Promise<{
        record: StoredRecord | null;
        now?: number;
    }>;
    /**
     * Writes the next record if the stored version is `expected`. With `null`, it writes if there is no record. The
     * record counts as absent `ttlMs` after its last write.
     */
    compareAndSwap(key: string, expected: string | null, next: StoredRecord, options: {
        ttlMs: number;
    }): Promise<{
        swapped: boolean;
        now?: number;
    }>;
    /**
     * Calls `wake` when the record may have changed. Gives the function that ends the watch. This method may be absent,
     * and may miss a change: the package also reads the record from time to time.
     */
    watch?(key: string, wake: () => void): () => void;
}

/**
 * The options of {@link TokenManager}: credentials, either as two strings or as a function, and settings. An unknown
 * option, or a value of a wrong type, gives an error that names the option.
 */
type TokenManagerOptions = TokenManagerSettings & (FixedCredentials | ChangingCredentials) & (Sealed | Unsealed);
/** A Consumer Key and its Consumer Secret. Both belong to one app on the Daraja portal. */
interface AppCredentials {
    /** The app's Consumer Key, without quotes or spaces. */
    consumerKey: string | undefined;
    /** The app's Consumer Secret. */
    consumerSecret: string | undefined;
}
/** Credentials that stay the same. */
interface FixedCredentials extends AppCredentials {
    /** This option excludes `consumerKey` and `consumerSecret`. */
    credentials?: undefined;
}
/** Credentials that change, instead of the two strings. */
interface ChangingCredentials {
    /**
     * Gives the credentials, at the first call and each time Daraja is asked for a token. Use it for rotation and secret
     * managers. Its promise must settle within `timeoutMs`. If it fails when Daraja is asked, that counts as a failed
     * attempt.
     *
     * @example
     * ```js
     * credentials: async () => JSON.parse(await secretManager.read("daraja")),
     * ```
     */
    credentials: () => AppCredentials | Promise<AppCredentials>;
    /** `credentials` excludes this option. */
    consumerKey?: undefined;
    /** `credentials` excludes this option. */
    consumerSecret?: undefined;
}
/** The token is encrypted in the store. */
interface Sealed {
    /** Encrypts a token before it is written to the store. */
    seal: NonNullable<TokenManagerSettings["seal"]>;
    /** Decrypts what `seal` made. */
    open: NonNullable<TokenManagerSettings["open"]>;
}
/** The token is not encrypted in the store. With `open` alone, the manager reads tokens that other instances sealed. */
interface Unsealed {
    /** It needs `open` beside it. */
    seal?: undefined;
}
/** The options of {@link TokenManager} without the credentials. */
interface TokenManagerSettings {
    /**
     * Which Daraja to ask.
     * @default "sandbox"
     */
    environment?: Environment | undefined;
    /**
     * The base URL to use instead of the environment's. It must be https. For this machine, http is allowed too.
     * @default undefined
     */
    baseUrl?: string | undefined;
    /**
     * The path of the token endpoint.
     * @default "/oauth/v1/generate"
     */
    path?: string | undefined;
    /**
     * The `fetch` to use, for tokens and for {@link TokenManager.fetch}. Its first argument is a URL as text. By default
     * each call looks up the global one.
     * @default globalThis.fetch
     */
    fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
    /**
     * How long one attempt to get a token may take, in milliseconds.
     * @default 10000
     */
    timeoutMs?: number | undefined;
    /**
     * How many more attempts follow a failed one, 0 to 10. Only errors that are `retryable` are tried again.
     * @default 1
     */
    retries?: number | undefined;
    /**
     * Where the token is kept. Instances that use the same Consumer Key need a store that they share.
     * @default the memory of the process
     */
    store?: TokenStore | undefined;
    /**
     * How long before its end a token is renewed, in milliseconds. It is at most half of the token's lifetime. Without
     * this option it is at most a twelfth of the lifetime.
     * @default 300000
     */
    renewBeforeMs?: number | undefined;
    /**
     * Whether a token is renewed before its end even if no call asks for it. The timer keeps no process alive. Workers
     * and edge runtimes ignore this option, since they run nothing between two requests.
     * @default false
     */
    renewInBackground?: boolean | undefined;
    /**
     * Whether {@link TokenManager.fetch} sends a request once more after its token was rejected. If not, the token is
     * still replaced, for the next request.
     * @default true
     */
    retryOnRejection?: boolean | undefined;
    /**
     * What to do if there is no usable token and the store fails: reject, or ask Daraja without the store. The latter
     * invalidates the token of the other instances.
     * @default "fail"
     */
    onStoreDown?: "fail" | "generate" | undefined;
    /**
     * Is called with each event, for logs and metrics. Errors that it throws are ignored.
     * @default undefined
     */
    onEvent?: ((event: TokenEvent) => void) | undefined;
    /**
     * Encrypts a token before it is written to the store. It needs `open` beside it. docs/manager.md has a recipe.
     * @default undefined
     */
    seal?: ((accessToken: string) => string | Promise<string>) | undefined;
    /**
     * Decrypts what `seal` made. If it throws, the store counts as failed. It returns null if the key is lost. Then
     * Daraja is asked for another token. It is not called for a token that is not sealed.
     * @default undefined
     */
    open?: ((sealed: string) => string | null | Promise<string | null>) | undefined;
    /**
     * The wall clock, in milliseconds since the Unix epoch, for tests.
     * @default Date.now
     */
    now?: (() => number) | undefined;
    /**
     * Numbers of the protocol. Instances that share a record should have the same numbers.
     * @default undefined
     */
    policy?: TokenPolicy | undefined;
}
/** Numbers of the protocol, in milliseconds. The constructor throws if numbers contradict each other. */
interface TokenPolicy {
    /**
     * How long before its end a token is renewed. Here it is at most a twelfth of the token's lifetime. The manager's
     * option of this name allows up to half of the lifetime.
     * @default 300000
     */
    renewBeforeMs?: number | undefined;
    /**
     * How long requests in flight have to finish before a renewal invalidates their token.
     * @default 1000
     */
    drainMs?: number | undefined;
    /**
     * How long one attempt to get a token may take. It is an option of the manager too.
     * @default 10000
     */
    timeoutMs?: number | undefined;
    /**
     * How much longer than one attempt the lease of the instance that generates is valid.
     * @default 5000
     */
    leaseMarginMs?: number | undefined;
    /**
     * How long a call waits for a token, unless it sets its own {@link GetTokenOptions.deadlineMs}.
     * @default 45000, or more with the manager's `timeoutMs` and `retries`
     */
    deadlineMs?: number | undefined;
    /**
     * How long one operation of the store may take.
     * @default 2000
     */
    storeTimeoutMs?: number | undefined;
}
/** The name of a number in {@link TokenPolicy}. */
type PolicyNumber = keyof TokenPolicy;

/** The options of one call of {@link TokenManager.fetch}, in addition to those of `fetch`. */
interface FetchOptions {
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
interface GetTokenOptions {
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
/** Some browsers lack this symbol. There the method gets a private key, so that its name is not "undefined". */
declare const DISPOSE: typeof Symbol.dispose;
/** The options of {@link TokenManager.report} and {@link TokenManager.accepted}. */
interface EndpointOptions {
    /** The path or the URL that the token was used for. Pass the same text each time. */
    endpoint: string;
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
declare class TokenManager {
    #private;
    /**
     * Checks the options. Nothing is sent before the first call.
     *
     * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION if an option cannot be used. The message names it, what was
     * expected and what was found.
     */
    constructor(options: TokenManagerOptions);
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
    getToken(options?: GetTokenOptions): Promise<AccessToken>;
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
    report(accessToken: string, options?: Partial<EndpointOptions>): Promise<AccessToken>;
    /**
     * Reports that an API accepted this token, for clients that call {@link TokenManager.report} with an endpoint. An
     * endpoint that has accepted a token is not at fault when it rejects a later one. This call costs almost nothing.
     */
    accepted(accessToken: string, options: EndpointOptions): void;
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
    fetch(input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response>;
    /** The address to which the token may go: the environment's, or the option `baseUrl`, without a slash at its end. */
    get baseUrl(): string;
    /** Gives the live token, or null if there is none. It asks neither Daraja nor the store. */
    peek(): AccessToken | null;
    /** Ends the manager's timers and watch. Waiting and later calls reject with ERR_DARAJA_CLOSED. */
    close(): void;
    /** Does the same as {@link TokenManager.close}, for `using`. */
    [DISPOSE](): void;
}

/**
 * Makes a store in the memory of this process. Only managers that get this store share its tokens.
 *
 * Without the option `store`, the managers of a process share a memory store if they have the same credentials, address
 * and `fetch`, and no `now`. In workers and edge runtimes, each manager has its own.
 *
 * @example
 * ```js
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: memoryStore() });
 * ```
 */
declare function memoryStore(): Required<TokenStore>;

export { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore };
export type { AccessToken, AppCredentials, ChangingCredentials, DarajaErrorCode, DarajaErrorFields, EndpointOptions, Environment, FetchOptions, GenerateTokenOptions, GetTokenOptions, PolicyNumber, StoredRecord, TokenEvent, TokenManagerOptions, TokenManagerSettings, TokenPolicy, TokenStore };
