/** Why a request was answered as it was. */
type Outcome = "token" | "wrong-pair" | "wrong-scheme" | "wrong-grant" | "wrong-method" | "accepted" | "dead-token" | "malformed-header" | "no-product" | "invalid-request" | "unknown-path" | "portal" | "preflight" | FaultKind;
/**
 * A request that a {@link Simulator} received. It is frozen. Only its headers are redacted.
 */
interface SimulatedRequest {
    /** When the request came, in milliseconds since the epoch, by the simulator's clock. */
    readonly at: number;
    readonly method: string;
    /** The path, without the query. */
    readonly path: string;
    /** The query's parameters. */
    readonly query: Readonly<Record<string, string>>;
    /**
     * The headers, with names in lower case. Headers with credentials, such as Authorization, Cookie and X-Api-Key, are
     * redacted. The words Basic and Bearer stay, as in `"Basic [redacted]"`.
     */
    readonly headers: Readonly<Record<string, string>>;
    /** The body as text. */
    readonly body: string;
    /** The status of the answer. */
    readonly status: number;
    /** The reason for the answer. */
    readonly outcome: Outcome;
    /** The name of the app with the request's credentials or token. Absent if no app has them. */
    readonly app?: string;
    /** The number of the token that the request got or carried. The first issued token has the number 1. */
    readonly token?: number;
    /** The number of the token that the new token invalidated. */
    readonly replaces?: number;
}
/** A callback that a {@link Simulator} sent or could not send. It is frozen. */
interface SimulatedCallback {
    /** When it was sent, in milliseconds since the epoch, by the simulator's clock. */
    readonly at: number;
    /** The `CallBackURL` of the STK push. */
    readonly url: string;
    /** The body, as JSON text. */
    readonly body: string;
    /** The status of your server's answer. Absent if no answer came. */
    readonly status?: number;
    /** Why there is no status. */
    readonly failure?: string;
}

/** An app of the simulated Daraja. */
interface SimulatedApp {
    /** The app's name, for people. */
    readonly name: string;
    /** Its Consumer Key. */
    readonly consumerKey: string;
    /** Its Consumer Secret. */
    readonly consumerSecret: string;
    /**
     * The environment of the app. The host of the other environment refuses its credentials. Default: the app is in both.
     * On any other host, such as loopback, every app exists.
     */
    readonly environment?: "sandbox" | "production";
    /**
     * The APIs that its tokens may call: `"stkpush"` for `/mpesa/stkpush/v1/processrequest`, `"pulltransactions"` for
     * `/pulltransactions/v1/query`. Default: everything.
     */
    readonly products?: readonly string[];
}
/** The options of {@link Simulator}. An unknown option, or one of a wrong type, is an error that names it. */
interface SimulatorOptions {
    /** The apps that the simulator knows. Default: three sample apps with different keys and rights. */
    apps?: readonly SimulatedApp[];
    /** How long a token is valid, from 1 to 86,400 seconds. Default: 3599, the number that Daraja sends. */
    tokenLifetimeSeconds?: number;
    /**
     * Whether a new token invalidates the previous one. Default: true, as Daraja documents. An app has at most 1,000
     * live tokens.
     */
    supersede?: boolean;
    /** How long a replaced token stays valid, in milliseconds. Default: 0. */
    graceMs?: number;
    /** The type of `expires_in`. Default: `"string"`, as Daraja sends it. Daraja's documentation shows a number. */
    expiresInAs?: "string" | "number";
    /**
     * The error code for an invalid token. Default: `"404.001.03"`, the usual one. The answer of 401.002.01 quotes the
     * token.
     */
    rejectAs?: "404.001.03" | "401.002.01" | "401.003.01" | "400.003.01";
    /**
     * The answer to wrong credentials. Default: `"empty-400"`. The others are 400.008.01 in JSON, with HTTP 400 or 401.
     */
    refuseAs?: "empty-400" | "400.008.01" | "401";
    /** The passkey of your short code, which checks the `Password` of an STK push. Default: the sandbox's, for 174379. */
    passkey?: string;
    /** How an STK push ends. Default: `"paid"`. {@link Simulator.setStkResult} changes it. */
    stkResult?: StkResult;
    /** How long an STK push takes until it ends, in milliseconds. Default: 2000. */
    stkDelayMs?: number;
    /**
     * Sends the callback of an STK push. Default: `fetch`, but only to loopback: `localhost`, 127.0.0.0/8 and [::1].
     * `sendCallback: fetch` sends it to any address. With your own function, a test gets the callback without a server.
     */
    sendCallback?: (url: string, init: RequestInit) => Promise<{
        readonly status: number;
    }>;
    /** Is called with each callback after it was sent or could not be sent. */
    onCallback?: (callback: SimulatedCallback) => void;
    /** Whether pages of other origins may read the answers. Default: false, as with Daraja. */
    cors?: boolean;
    /**
     * The seed of all that is random: tokens, identifiers, and which requests a fault with a rate affects. With the same
     * seed, the same requests get the same answers. Default: 1.
     */
    seed?: number;
    /** The clock, in milliseconds since the epoch. Default: `Date.now`, looked up at each request. */
    now?: () => number;
    /**
     * Is called with each request as soon as it is recorded. Its answer is then known, but not sent yet. Errors and
     * results of the function are ignored.
     */
    onRequest?: (request: SimulatedRequest) => void;
}
/** How an STK push ends: ResultCode 0, 1032, 1037, 2001 or 1. */
type StkResult = "paid" | "cancelled" | "timed-out" | "wrong-pin" | "insufficient-funds";
/** The kinds of faults. docs/simulator.md shows the answer of each. */
type FaultKind = "empty-400" | "blocked-403" | "blocked-503" | "blocked-200" | "imperva-403" | "imperva-503" | "imperva-200" | "spike-arrest" | "busy" | "quota" | "rate-limited" | "unavailable" | "maintenance" | "latency" | "hang" | "cut" | "truncated" | "wrong-type";
/** A fault, and the requests that it affects. */
interface Fault {
    /** The kind of the fault. */
    kind: FaultKind;
    /** How many requests it affects. Default: one, or with a `rate` no limit. */
    times?: number;
    /** The share of requests that it affects, 0 to 1. Default: 1. */
    rate?: number;
    /** The beginning of the paths that it affects, such as `"/oauth/"`. Default: every path. */
    path?: string;
    /** How long `latency` delays an answer, in milliseconds. Default: 3000. */
    ms?: number;
    /** The value of Retry-After, for `rate-limited` (default: 1) and `maintenance` (default: no such header). */
    retryAfterSeconds?: number;
}

/**
 * A simulated Daraja, with its token endpoint and business APIs that accept only valid tokens.
 *
 * It gives the answers of the real Daraja, and its failures on request. It needs no account and no network.
 *
 * @example
 * ```js
 * import { generateToken } from "daraja-auth";
 * import { Simulator } from "daraja-auth/simulator";
 *
 * const simulator = new Simulator();
 * const [{ consumerKey, consumerSecret }] = simulator.apps;
 * const { accessToken } = await generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch });
 *
 * simulator.inject({ kind: "spike-arrest" });
 * await generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch, retries: 0 }).catch(({ code }) => code);
 * // "ERR_DARAJA_RATE_LIMITED"
 * ```
 */
declare class Simulator {
    #private;
    /**
     * Answers a request, as `fetch` does. It needs no `this`, so you can pass it to any library as `fetch`.
     *
     * The path chooses the API: `/oauth/v1/generate`, or the path of any business API. The host chooses the environment.
     * If the connection is cut, reading the body rejects. A hang ends only when the request's signal aborts.
     */
    readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
    /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if an option cannot be used. */
    constructor(options?: SimulatorOptions);
    /** The apps that the simulator knows. The type says that there is a first one. With `apps: []` there is none. */
    get apps(): readonly [SimulatedApp, ...SimulatedApp[]];
    /** The last 10,000 requests, oldest first. There are fewer if together they have over 16 million characters. */
    get requests(): readonly SimulatedRequest[];
    /** The last 1,000 callbacks, in the order in which they were answered or failed. */
    get callbacks(): readonly SimulatedCallback[];
    /** The time of the simulator's clock, in milliseconds since the epoch. */
    now(): number;
    /** Moves the clock forward. Tokens expire. Delayed answers and callbacks whose time has come are sent. */
    advance(ms: number): void;
    /** Adds a fault. It affects the next request, unless the fault says otherwise. */
    inject(fault: Fault): void;
    /** Ends every fault. */
    clearFaults(): void;
    /** Chooses how each STK push ends from now on: `"paid"`, `"cancelled"`, … */
    setStkResult(result: StkResult): void;
}

export { Simulator };
export type { Fault, FaultKind, Outcome, SimulatedApp, SimulatedCallback, SimulatedRequest, SimulatorOptions, StkResult };
