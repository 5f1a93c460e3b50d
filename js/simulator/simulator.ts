// The class Simulator. It adds a clock, the record of requests and the callbacks to the module, which only computes.
import type { Answer, State } from "#glue/simulator";
import { Callbacks } from "./callbacks.ts";
import { Clock } from "./clock.ts";
import { type ReceivedRequest, readRequest, redacted, responseOf } from "./http.ts";
import { checked, checkFunction, invalidOption, kindOf, ownMembers } from "./input.ts";
import { call } from "./module.ts";
import type { Fault, SimulatedApp, SimulatorOptions, StkResult } from "./options.ts";
import type { SimulatedCallback, SimulatedRequest } from "./request.ts";

/** The limits of the record of requests, so that a server that runs for days does not fill the memory. */
const MAX_REQUESTS = 10_000;
const MAX_CHARACTERS = 16_000_000;

type FunctionOptions = Pick<SimulatorOptions, "now" | "onRequest" | "sendCallback" | "onCallback">;

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
export class Simulator {
  /** @internal */
  static readonly name: string = "Simulator";
  #state: State;
  #clock: Clock;
  #callbacks: Callbacks;
  #onRequest: ((request: SimulatedRequest) => void) | undefined;
  #requests: SimulatedRequest[] = [];
  #characters = 0;

  /**
   * Answers a request, as `fetch` does. It needs no `this`, so you can pass it to any library as `fetch`.
   *
   * The path chooses the API: `/oauth/v1/generate`, or the path of any business API. The host chooses the environment.
   * If the connection is cut, reading the body rejects. A hang ends only when the request's signal aborts.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

  /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if an option cannot be used. */
  constructor(options: SimulatorOptions = {}) {
    const others = ownMembers("options", options);
    const functions: Record<string, unknown> = {};
    for (const name of ["now", "onRequest", "sendCallback", "onCallback"] as const) {
      checkFunction(name, others[name]);
      functions[name] = others[name];
      delete others[name];
    }
    if (others.apps !== undefined) {
      if (!Array.isArray(others.apps)) throw invalidOption(`apps: expected an array, found ${kindOf(others.apps)}`);
      others.apps = others.apps.map((app, i) => ownMembers(`apps[${i}]`, app));
    }
    const { now, onRequest, sendCallback, onCallback } = functions as FunctionOptions;
    this.#clock = new Clock(now);
    this.#onRequest = onRequest;
    this.#callbacks = new Callbacks({ clock: this.#clock, send: sendCallback, onCallback });
    this.#state = checked(() => call("start", others));
    this.fetch = (input, init) => this.#answer(input, init);
  }

  /** The apps that the simulator knows. The type says that there is a first one. With `apps: []` there is none. */
  get apps(): readonly [SimulatedApp, ...SimulatedApp[]] {
    return frozen(structuredClone(this.#state.options.apps)) as readonly SimulatedApp[] as [SimulatedApp];
  }

  /** The last 10,000 requests, oldest first. There are fewer if together they have over 16 million characters. */
  get requests(): readonly SimulatedRequest[] {
    return Object.freeze([...this.#requests]);
  }

  /** The last 1,000 callbacks, in the order in which they were answered or failed. */
  get callbacks(): readonly SimulatedCallback[] {
    return this.#callbacks.sent;
  }

  /** The time of the simulator's clock, in milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** Moves the clock forward. Tokens expire. Delayed answers and callbacks whose time has come are sent. */
  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  /** Adds a fault. It affects the next request, unless the fault says otherwise. */
  inject(fault: Fault): void {
    this.#state = checked(() => call("inject", this.#state, ownMembers("fault", fault)));
  }

  /** Ends every fault. */
  clearFaults(): void {
    this.#state = call("clearFaults", this.#state);
  }

  /** Chooses how each STK push ends from now on: `"paid"`, `"cancelled"`, … */
  setStkResult(result: StkResult): void {
    this.#state = checked(() => call("setStkResult", this.#state, result));
  }

  async #answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = await readRequest(input, init);
    const { url, method, headers, body, signal } = request;
    signal?.throwIfAborted();
    const at = this.now();
    const { state, response } = call("answer", this.#state, at, {
      method,
      host: url.hostname,
      path: url.pathname,
      grantType: url.searchParams.get("grant_type"),
      authorization: headers.get("authorization"),
      body,
    });
    this.#state = state;
    this.#record(at, request, response);
    // This rejects only if the caller's `now` throws. The next request reports that error.
    if (response.callback) this.#callbacks.deliver(response.callback).catch(() => {});
    if (response.ending === "never") await this.#clock.wait(Number.POSITIVE_INFINITY, signal);
    else if (response.delay > 0) await this.#clock.wait(response.delay, signal);
    return responseOf(response, this.now());
  }

  #record(at: number, { method, url, headers, body }: ReceivedRequest, answer: Answer): void {
    const { status, outcome, app, token, replaces } = answer;
    const entry: SimulatedRequest = frozen({
      at,
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: redacted(headers),
      body,
      status,
      outcome,
      ...(app !== null && { app }),
      ...(token !== null && { token }),
      ...(replaces !== null && { replaces }),
    });
    this.#requests.push(entry);
    this.#characters += charactersOf(entry);
    const isFull = () => this.#requests.length > MAX_REQUESTS || this.#characters > MAX_CHARACTERS;
    while (isFull() && this.#requests.length > 1) {
      const oldest = this.#requests.shift();
      if (oldest) this.#characters -= charactersOf(oldest);
    }
    // It runs in a promise, so that a thrown error and a rejection are handled in the same way.
    new Promise((resolve) => resolve(this.#onRequest?.(entry))).catch(() => {});
  }
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** The number of characters of a request. A client chooses its path, query and headers as well as its body. */
function charactersOf({ path, query, headers, body }: SimulatedRequest): number {
  const members = [...Object.entries(query), ...Object.entries(headers)];
  return members.reduce((sum, [name, value]) => sum + name.length + value.length, path.length + body.length);
}
