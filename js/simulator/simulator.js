// The class Simulator: the clock, the record of requests, and waiting, around a module that only thinks.
import { masked, read, responseOf } from "./exchange.js";
import { bind } from "./instance.js";

/** Enough for any test; a server that runs for days must not fill the memory. */
const MAX_REQUESTS = 10_000;

/** Makes the class, of the module that `compile` gives and the error class of the package's main entry. */
export function simulatorOf(compile, DarajaError) {
  const call = bind(compile, (cause) => {
    const hint =
      "A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval', an edge runtime's bundler the condition " +
      "workerd or edge-light. Otherwise please report it.";
    const message = "daraja-auth/simulator failed inside its WebAssembly module";
    return new DarajaError(message, { code: "ERR_DARAJA_INTERNAL", retryable: false, hint, cause });
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
    if (object === null || typeof object !== "object") {
      throw refusal(`${name}: expected an object, found ${kindOf(object)}`, USAGE);
    }
    try {
      return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
    } catch {
      throw refusal(`${name}: expected plain data, found a property that throws when it is read`, USAGE);
    }
  }

  return class Simulator {
    static name = "Simulator";
    #state;
    #now;
    #advanced = 0;
    #requests = [];
    #heldBack = new Set();

    constructor(options = {}) {
      const { now, ...others } = given("options", options);
      if (now !== undefined && typeof now !== "function") {
        throw refusal(`now: expected a function, found ${kindOf(now)}`, USAGE);
      }
      if (Array.isArray(others.apps)) others.apps = others.apps.map((app, i) => given(`apps[${i}]`, app));
      this.#now = now;
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
      const now = this.now();
      for (const { until, release } of this.#heldBack) if (until <= now) release();
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

    #record(request, { status, outcome, app, token }) {
      const about = { status, outcome, ...(app !== null && { app }), ...(token !== null && { token }) };
      this.#requests.push(frozen({ ...request, headers: masked(request.headers), ...about }));
      if (this.#requests.length > MAX_REQUESTS) this.#requests.shift();
    }

    /** Waits until that much time has passed, by the runtime's timer or by advance(); rejects when the signal aborts. */
    async #holdBack(ms, signal) {
      let timer;
      let abort;
      let wait;
      try {
        await new Promise((resolve, reject) => {
          abort = () => reject(signal.reason);
          signal?.addEventListener("abort", abort);
          wait = { until: this.now() + ms, release: resolve };
          this.#heldBack.add(wait);
          if (ms !== Number.POSITIVE_INFINITY) timer = setTimeout(resolve, ms);
        });
      } finally {
        clearTimeout(timer);
        this.#heldBack.delete(wait);
        signal?.removeEventListener("abort", abort);
      }
    }
  };
}

const USAGE = "The typings of daraja-auth/simulator say what each option is.";

function kindOf(value) {
  if (value === undefined) return "nothing";
  return value === null ? "null" : `a ${typeof value}`;
}

function frozen(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
