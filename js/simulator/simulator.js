// The class Simulator: the clock, the record of requests, and waiting, around a module that only thinks.
import { REMEDY } from "../remedy.js";
import { masked, orAborted, read, responseOf } from "./exchange.js";
import { bind } from "./instance.js";

/** Enough for any test; a server that runs for days must not fill the memory. */
const MAX_REQUESTS = 10_000;
const MAX_BODY_CHARACTERS = 16_000_000;

/** Makes the class, of the module that `compile` gives and the error class of the package's main entry. */
export function simulatorOf(compile, DarajaError) {
  const call = bind(compile, (cause) => {
    const message = "daraja-auth/simulator failed inside its WebAssembly module";
    return new DarajaError(message, { code: "ERR_DARAJA_INTERNAL", retryable: false, hint: REMEDY, cause });
  });

  function run(name, ...args) {
    try {
      return call(name, ...args);
    } catch (error) {
      if (error instanceof DarajaError) throw error;
      throw refusal(error.message, error.hint);
    }
  }

  function refusal(message, hint) {
    return new DarajaError(message, { code: "ERR_DARAJA_INVALID_OPTION", retryable: false, hint });
  }

  /** An object's own members, less those that are undefined: left out, as in every option of JavaScript's. */
  function given(name, object) {
    let members;
    try {
      members = isPlain(object) && Object.entries(object);
    } catch {
      throw refusal(`${name}: expected plain data, found a property that throws when it is read`, USAGE);
    }
    if (!members) throw refusal(`${name}: expected a plain object, found ${kindOf(object)}`, USAGE);
    const there = members.filter(([, value]) => value !== undefined);
    return Object.fromEntries(there.map(([member, value]) => [member, isEndless(value) ? UNUSABLE : value]));
  }

  function checkFunction(name, value) {
    if (value === undefined || typeof value === "function") return;
    throw refusal(`${name}: expected a function, found ${kindOf(value)}`, USAGE);
  }

  class Simulator {
    static name = "Simulator";
    #state;
    #now;
    #advanced = 0;
    #onRequest;
    #requests = [];
    #bodyCharacters = 0;
    #heldBack = new Set();

    constructor(options = {}) {
      const { now, onRequest, ...others } = given("options", options);
      checkFunction("now", now);
      checkFunction("onRequest", onRequest);
      if (others.apps !== undefined) {
        if (!Array.isArray(others.apps)) throw refusal(`apps: expected an array, found ${kindOf(others.apps)}`, USAGE);
        others.apps = others.apps.map((app, i) => given(`apps[${i}]`, app));
      }
      this.#now = now;
      this.#onRequest = onRequest;
      this.#state = run("start", others);
      this.fetch = (input, init) => this.#answer(input, init);
    }

    get apps() {
      return frozen(structuredClone(this.#state.options.apps));
    }

    get requests() {
      return Object.freeze([...this.#requests]);
    }

    now() {
      const now = this.#now ? this.#now() : Date.now();
      if (!(now >= 0)) throw refusal("now: expected a function that gives milliseconds since the epoch", USAGE);
      return Math.trunc(now + this.#advanced);
    }

    advance(ms) {
      if (typeof ms !== "number" || !(ms >= 0 && ms < Number.MAX_SAFE_INTEGER)) {
        throw refusal("ms: expected a number of milliseconds, not negative", USAGE);
      }
      this.#advanced += ms;
      for (const wait of this.#heldBack) this.#schedule(wait);
    }

    inject(fault) {
      this.#state = run("inject", this.#state, given("fault", fault));
    }

    clearFaults() {
      this.#state = run("clearFaults", this.#state);
    }

    async #answer(input, init) {
      const { url, method, headers, body, signal } = await read(input, init);
      signal?.throwIfAborted();
      const at = this.now();
      const { state, response } = run("answer", this.#state, at, {
        method,
        host: url.hostname,
        path: url.pathname,
        grantType: url.searchParams.get("grant_type"),
        authorization: headers.get("authorization"),
        body,
      });
      this.#state = state;
      this.#record(
        { at, method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body },
        response,
      );
      if (response.ending === "never") await this.#holdBack(Number.POSITIVE_INFINITY, signal);
      else if (response.delay > 0) await this.#holdBack(response.delay, signal);
      return responseOf(response, this.now());
    }

    #record(request, { status, outcome, app, token, replaces }) {
      const about = Object.entries({ app, token, replaces }).filter(([, value]) => value !== null);
      const headers = masked(request.headers);
      const entry = frozen({ ...request, headers, status, outcome, ...Object.fromEntries(about) });
      this.#requests.push(entry);
      this.#bodyCharacters += entry.body.length;
      const isFull = () => this.#requests.length > MAX_REQUESTS || this.#bodyCharacters > MAX_BODY_CHARACTERS;
      while (isFull() && this.#requests.length > 1) this.#bodyCharacters -= this.#requests.shift().body.length;
      // In a promise, which takes what it throws as well as what it rejects with.
      new Promise((resolve) => resolve(this.#onRequest?.(entry))).catch(() => {});
    }

    /** Waits until that much time has passed, by the runtime's timer and by advance(); rejects when the signal aborts. */
    async #holdBack(ms, signal) {
      const wait = { until: this.now() + ms };
      const released = new Promise((resolve) => {
        wait.release = resolve;
      });
      this.#heldBack.add(wait);
      this.#schedule(wait);
      try {
        await orAborted(released, signal);
      } finally {
        clearTimeout(wait.timer);
        this.#heldBack.delete(wait);
      }
    }

    /** Sets the timer of a wait to what is left of it. */
    #schedule(wait) {
      clearTimeout(wait.timer);
      const left = wait.until - this.now();
      if (left <= 0) wait.release();
      else if (left !== Number.POSITIVE_INFINITY) wait.timer = setTimeout(wait.release, left);
    }
  }
  return Simulator;
}

const USAGE = "The typings of daraja-auth/simulator say what each option is.";

/** JSON has neither NaN nor an infinity, and would have null in their place; this is a number that no member takes. */
const UNUSABLE = -0.5;
const isEndless = (value) => typeof value === "number" && !Number.isFinite(value);

/** Whether it is an object of no class: of one, only the members that are the object's own would be looked at. */
function isPlain(value) {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  // By the end of the chain, since another realm has an Object of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value) {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  return isPlain(value) ? "an object" : "an instance of a class";
}

function frozen(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
