import type { SimulatedCallback, SimulatedRequest } from "./request.ts";

/** An app of the simulated Daraja. */
export interface SimulatedApp {
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
export interface SimulatorOptions {
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
  sendCallback?: (url: string, init: RequestInit) => Promise<{ readonly status: number }>;
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
export type StkResult = "paid" | "cancelled" | "timed-out" | "wrong-pin" | "insufficient-funds";

/** The kinds of faults. docs/simulator.md shows the answer of each. */
export type FaultKind =
  | "empty-400"
  | "blocked-403"
  | "blocked-503"
  | "blocked-200"
  | "imperva-403"
  | "imperva-503"
  | "imperva-200"
  | "spike-arrest"
  | "busy"
  | "quota"
  | "rate-limited"
  | "unavailable"
  | "maintenance"
  | "latency"
  | "hang"
  | "cut"
  | "truncated"
  | "wrong-type";

/** A fault, and the requests that it affects. */
export interface Fault {
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
