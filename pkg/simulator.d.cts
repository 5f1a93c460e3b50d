/** Why a request was answered as it was. */
type Outcome = "token" | "wrong-pair" | "wrong-scheme" | "wrong-grant" | "wrong-method" | "accepted" | "dead-token" | "malformed-header" | "no-product" | "invalid-request" | "unknown-path" | "portal" | "preflight" | FaultKind;
/**
 * A request that a {@link Simulator} got. It is frozen. Its headers show no secret and no token; path, query and body are
 * as they were sent.
 */
interface SimulatedRequest {
    /** When it came, in milliseconds since the epoch, by the simulator's clock. */
    readonly at: number;
    readonly method: string;
    /** The path, without the query. */
    readonly path: string;
    /** The query's parameters. */
    readonly query: Readonly<Record<string, string>>;
    /**
     * The headers, their names in lower case. Those that carry credentials, such as Authorization, Cookie and X-Api-Key, are
     * redacted; Basic and Bearer stay, as in `"Basic [redacted]"`.
     */
    readonly headers: Readonly<Record<string, string>>;
    /** The body, as text. */
    readonly body: string;
    /** The status of the answer. */
    readonly status: number;
    /** Why it is that answer. */
    readonly outcome: Outcome;
    /** The name of the app whose credentials or token it carried; absent if no app has them. */
    readonly app?: string;
    /** The number of the token that it was given or carried: 1 for the first that was issued. */
    readonly token?: number;
    /** The number of the token that the one it was given has killed. */
    readonly replaces?: number;
}
/** A callback that a {@link Simulator} has sent, or could not send. It is frozen. */
interface SimulatedCallback {
    /** When it was sent, in milliseconds since the epoch, by the simulator's clock. */
    readonly at: number;
    /** The `CallBackURL` of the STK push. */
    readonly url: string;
    /** The body, as JSON text. */
    readonly body: string;
    /** The status that your server answered; absent where none came. */
    readonly status?: number;
    /** Why there is no status. */
    readonly failure?: string;
}

/** An app of the simulated Daraja. */
interface SimulatedApp {
    /** What people call it. */
    readonly name: string;
    /** Its Consumer Key. */
    readonly consumerKey: string;
    /** Its Consumer Secret. */
    readonly consumerSecret: string;
    /**
     * The environment it belongs to: on the other one's host its pair gets the empty 400. Default: it is known on both.
     * A host that is neither, such as loopback, knows every app.
     */
    readonly environment?: "sandbox" | "production";
    /**
     * What its tokens may call: `"stkpush"` for `/mpesa/stkpush/v1/processrequest`, `"pulltransactions"` for
     * `/pulltransactions/v1/query`. Default: everything.
     */
    readonly products?: readonly string[];
}
/** The options of {@link Simulator}. An unknown or ill-typed one is refused by name. */
interface SimulatorOptions {
    /** The apps that it knows. Default: three sample apps, with different keys and rights. */
    apps?: readonly SimulatedApp[];
    /** How long a token lives, 1 to 86 400 seconds. Default: 3599, as Daraja answers. */
    tokenLifetimeSeconds?: number;
    /** Whether a new token kills the one before. Default: true, as Daraja says. Of one app at most 1000 tokens live. */
    supersede?: boolean;
    /** How long a superseded token still lives, in milliseconds. Default: 0. */
    graceMs?: number;
    /** How `expires_in` is written. Default: `"string"`, as on the wire; Daraja's page shows a number. */
    expiresInAs?: "string" | "number";
    /** The error code that refuses a dead token. Default: `"404.001.03"`, the usual one; 401.002.01 quotes the token. */
    rejectAs?: "404.001.03" | "401.002.01" | "401.003.01" | "400.003.01";
    /** How a wrong pair is refused. Default: `"empty-400"`; the others are 400.008.01 in JSON, with HTTP 400 or 401. */
    refuseAs?: "empty-400" | "400.008.01" | "401";
    /** The passkey of your short code. Default: the sandbox's, for 174379. The `Password` of an STK push is checked by it. */
    passkey?: string;
    /** How an STK push ends. Default: `"paid"`. {@link Simulator.setStkResult} changes it. */
    stkResult?: StkResult;
    /** How long after an STK push it ends, in milliseconds. Default: 2000. */
    stkDelayMs?: number;
    /**
     * Sends the callback of an STK push. Default: `fetch`, and only to loopback: `localhost`, 127.0.0.0/8 and [::1].
     * `sendCallback: fetch` sends it to any address; a function of your own receives it in a test without a server.
     */
    sendCallback?: (url: string, init: RequestInit) => Promise<{
        readonly status: number;
    }>;
    /** Called with each callback after it was sent, or could not be sent. */
    onCallback?: (callback: SimulatedCallback) => void;
    /** Whether pages of other origins may read the answers. Default: false, as with Daraja. */
    cors?: boolean;
    /**
     * What tokens, identifiers and rates come from. Default: 1, so that the same requests get the same answers. Two
     * simulators of one seed issue the same tokens.
     */
    seed?: number;
    /** The clock, in milliseconds since the epoch. Default: `Date.now`, looked up at each request. */
    now?: () => number;
    /**
     * Called with each request as soon as it is recorded: its answer is known, and not sent yet. What it throws, and what
     * it returns, is ignored.
     */
    onRequest?: (request: SimulatedRequest) => void;
}
/** How an STK push ends: ResultCode 0, 1032, 1037, 2001 or 1. */
type StkResult = "paid" | "cancelled" | "timed-out" | "wrong-pin" | "insufficient-funds";
/** What can go wrong; docs/simulator.md shows what each sends. */
type FaultKind = "empty-400" | "blocked-403" | "blocked-503" | "blocked-200" | "imperva-403" | "imperva-503" | "imperva-200" | "spike-arrest" | "busy" | "quota" | "rate-limited" | "unavailable" | "maintenance" | "latency" | "hang" | "cut" | "truncated" | "wrong-type";
/** A fault, and whom it strikes. */
interface Fault {
    /** What goes wrong. */
    kind: FaultKind;
    /** How often it strikes. Default: once; for ever, if there is a `rate`. */
    times?: number;
    /** The share of requests that it strikes, 0 to 1. Default: 1. */
    rate?: number;
    /** Only requests whose path begins so, such as `"/oauth/"`. Default: all. */
    path?: string;
    /** How long `latency` holds an answer back, in milliseconds. Default: 3000. */
    ms?: number;
    /** What Retry-After says, for `rate-limited` (default: 1) and `maintenance` (default: no such header). */
    retryAfterSeconds?: number;
}

/**
 * Daraja, simulated: its token endpoint and a business side that knows live tokens from dead ones.
 *
 * It answers as the real one does, fails like it on request, and needs no account and no network.
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
     * Answers a request, as `fetch` does; it needs no `this`, so it can be passed as any library's `fetch`.
     *
     * The path decides what is answered, whatever the origin: `/oauth/v1/generate`, or the path of any business API.
     * A connection that is cut rejects while the body is read; a hang ends only when the request's signal aborts.
     */
    readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
    /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, for an option that cannot be used. */
    constructor(options?: SimulatorOptions);
    /** The apps that it knows. */
    get apps(): readonly SimulatedApp[];
    /** The last 10 000 requests, oldest first; fewer, where they have over 16 million characters together. */
    get requests(): readonly SimulatedRequest[];
    /** The last 1,000 callbacks that it sent, or could not send, oldest first. */
    get callbacks(): readonly SimulatedCallback[];
    /** Its clock, in milliseconds since the epoch. */
    now(): number;
    /** Moves its clock forward: tokens expire, held back answers and callbacks whose time has come are sent. */
    advance(ms: number): void;
    /** Lets something go wrong: for the next request, unless the fault says otherwise. */
    inject(fault: Fault): void;
    /** Ends every fault. */
    clearFaults(): void;
    /** Chooses how each STK push ends from now on: `"paid"`, `"cancelled"`, … */
    setStkResult(result: StkResult): void;
}

export { Simulator };
export type { Fault, FaultKind, Outcome, SimulatedApp, SimulatedCallback, SimulatedRequest, SimulatorOptions, StkResult };
