// The class Simulator: the clock, the record of requests, and waiting, around a module that only computes.
import { DarajaError } from "daraja-auth";
import type { Answer, State } from "#glue/simulator";
import { orAborted, type ReceivedRequest, readRequest, redacted, responseOf } from "./http.ts";
import { call } from "./module.ts";
import type { Fault, SimulatedApp, SimulatorOptions } from "./options.ts";
import type { SimulatedRequest } from "./request.ts";

/** Enough for any test; a server that runs for days must not fill the memory. */
const MAX_REQUESTS = 10_000;
const MAX_BODY_CHARACTERS = 16_000_000;

/** An answer that is held back. */
interface Wait {
  readonly until: number;
  readonly release: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
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
export class Simulator {
  /** @internal */
  static readonly name: string = "Simulator";
  #state: State;
  #now: (() => number) | undefined;
  #advanced = 0;
  #onRequest: ((request: SimulatedRequest) => void) | undefined;
  #requests: SimulatedRequest[] = [];
  #bodyCharacters = 0;
  #waits = new Set<Wait>();

  /**
   * Answers a request, as `fetch` does; it needs no `this`, so it can be passed as any library's `fetch`.
   *
   * The path decides what is answered, whatever the origin: `/oauth/v1/generate`, or the path of any business API.
   * A connection that is cut rejects while the body is read; a hang ends only when the request's signal aborts.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

  /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, for an option that cannot be used. */
  constructor(options: SimulatorOptions = {}) {
    const others = ownMembers("options", options);
    const { now, onRequest } = others;
    delete others.now;
    delete others.onRequest;
    checkFunction("now", now);
    checkFunction("onRequest", onRequest);
    if (others.apps !== undefined) {
      if (!Array.isArray(others.apps)) throw invalidOption(`apps: expected an array, found ${kindOf(others.apps)}`);
      others.apps = others.apps.map((app, i) => ownMembers(`apps[${i}]`, app));
    }
    this.#now = now as SimulatorOptions["now"];
    this.#onRequest = onRequest as SimulatorOptions["onRequest"];
    this.#state = checked(() => call("start", others));
    this.fetch = (input, init) => this.#answer(input, init);
  }

  /** The apps that it knows. */
  get apps(): readonly SimulatedApp[] {
    return frozen(structuredClone(this.#state.options.apps));
  }

  /** The last 10 000 requests, oldest first; fewer, where their bodies have over 16 million characters together. */
  get requests(): readonly SimulatedRequest[] {
    return Object.freeze([...this.#requests]);
  }

  /** Its clock, in milliseconds since the epoch. */
  now(): number {
    const now = this.#now ? this.#now() : Date.now();
    if (!(now >= 0)) throw invalidOption("now: expected a function that gives milliseconds since the epoch");
    return Math.trunc(now + this.#advanced);
  }

  /** Moves its clock forward: tokens expire, and what latency held back for that long is answered. */
  advance(ms: number): void {
    if (typeof ms !== "number" || !(ms >= 0 && ms < Number.MAX_SAFE_INTEGER)) {
      throw invalidOption("ms: expected a number of milliseconds, not negative");
    }
    this.#advanced += ms;
    for (const wait of this.#waits) this.#schedule(wait);
  }

  /** Lets something go wrong: for the next request, unless the fault says otherwise. */
  inject(fault: Fault): void {
    this.#state = checked(() => call("inject", this.#state, ownMembers("fault", fault)));
  }

  /** Ends every fault. */
  clearFaults(): void {
    this.#state = call("clearFaults", this.#state);
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
    if (response.ending === "never") await this.#holdBack(Number.POSITIVE_INFINITY, signal);
    else if (response.delay > 0) await this.#holdBack(response.delay, signal);
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
    this.#bodyCharacters += entry.body.length;
    const isFull = () => this.#requests.length > MAX_REQUESTS || this.#bodyCharacters > MAX_BODY_CHARACTERS;
    while (isFull() && this.#requests.length > 1) this.#bodyCharacters -= this.#requests.shift()?.body.length ?? 0;
    // In a promise, which takes what the function throws as well as what its promise rejects with.
    new Promise((resolve) => resolve(this.#onRequest?.(entry))).catch(() => {});
  }

  /** Waits until that much time has passed, by the runtime's timer and by advance(); rejects when the signal aborts. */
  async #holdBack(ms: number, signal: AbortSignal | undefined): Promise<void> {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const wait: Wait = { until: this.now() + ms, release, timer: undefined };
    this.#waits.add(wait);
    this.#schedule(wait);
    try {
      await orAborted(released, signal);
    } finally {
      clearTimeout(wait.timer);
      this.#waits.delete(wait);
    }
  }

  /** Sets the timer of a wait to what is left of it. */
  #schedule(wait: Wait): void {
    clearTimeout(wait.timer);
    const left = wait.until - this.now();
    if (left <= 0) wait.release();
    else if (left !== Number.POSITIVE_INFINITY) wait.timer = setTimeout(wait.release, left);
  }
}

const USAGE = "The typings of daraja-auth/simulator say what each option is.";

function invalidOption(message: string, hint = USAGE): DarajaError {
  return new DarajaError(message, { code: "ERR_DARAJA_INVALID_OPTION", retryable: false, hint });
}

/** Runs a function; what the module throws for an option that cannot be used becomes a DarajaError. */
function checked<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DarajaError) throw error;
    const { message, hint } = error as { message: string; hint: string };
    throw invalidOption(message, hint);
  }
}

/** Gives an object's own members, except those that are undefined: they count as left out. */
function ownMembers(name: string, object: unknown): Record<string, unknown> {
  let members: [string, unknown][] | undefined;
  try {
    members = isPlain(object) ? Object.entries(object) : undefined;
  } catch {
    throw invalidOption(`${name}: expected plain data, found a property that throws when it is read`);
  }
  if (!members) throw invalidOption(`${name}: expected a plain object, found ${kindOf(object)}`);
  const there = members.filter(([, value]) => value !== undefined);
  const copy = there.map(([member, value]) => [member, isEndless(value) ? UNUSABLE : value]);
  // It inherits nothing: see propertyOf in ../options.ts.
  return Object.assign(Object.create(null), Object.fromEntries(copy));
}

function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw invalidOption(`${name}: expected a function, found ${kindOf(value)}`);
}

/** JSON has neither NaN nor an infinity, and would have null in their place. No member takes this number. */
const UNUSABLE = -0.5;
const isEndless = (value: unknown) => typeof value === "number" && !Number.isFinite(value);

/** Whether it is an object of no class. Of an object of a class, only its own members would be looked at. */
function isPlain(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  // By the end of the chain, since another realm has an Object of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  return isPlain(value) ? "an object" : "an instance of a class";
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
