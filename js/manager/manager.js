// The class TokenManager: callers, timers and runs, around a core that only thinks.
import { ABORTED, DarajaError, find, core as module, quietly, send, TIMEOUT, until } from "../../src/wasm/host.js";
import * as ask from "./core.js";
import { nameOf } from "./endpoint.js";
import { fetchWith, refusedByEndpoint } from "./fetch.js";
import { drive } from "./run.js";
import { checked, invalid } from "./store.js";

/** A longer answer is no token; src/exchange/mod.rs has the same. */
const MAX_BYTES = 65_536;
/** Longer timers would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;
/** After a renewal in the background that failed. */
const LOOK_AGAIN_MS = 10_000;
/** How a run ends whose credentials turn out to be another app's: who waits for it begins another. */
const RESTART = Symbol("restart");

/**
 * Makes the class. `instance` gives the live instance of the module. Where `isolated`, no request may wait for the promise
 * or the timer of another one, as on workerd: there each caller has a run of its own.
 */
export function managerOf(instance, isolated) {
  return class TokenManager {
    static name = "TokenManager";
    #given;
    #store;
    #live;
    #core;
    #limits;
    /** Whose token it is: the request for one, and the name of the record. */
    #request;
    #key;
    /** What getToken gives without another look, and until when, by each clock. */
    #token;
    #freshByWall = 0;
    #freshByMonotonic = 0;
    /** The wall clock; it is the user's, so it may throw. */
    #wall;
    /** The runs that further callers may join, by what they are for. */
    #runs = new Map();
    #wakers = new Set();
    #identifying;
    /** How each caller that waits is told that the manager was closed. */
    #waiting = new Set();
    /** What the last attempt ended with. */
    #failure;
    #renewal;
    #staleness;
    #unwatch;
    /** Whether the store's watch says that there is something new in the record. */
    #hasNews = false;
    #isClosed = false;

    constructor(options) {
      this.#given = copyOf(options);
      this.#wall = wallClock(this.#given?.now);
      this.#open();
      this.#store = checked(this.#given.store);
    }

    getToken(call) {
      const isFresh = this.#wall() < this.#freshByWall && (!isolated || performance.now() < this.#freshByMonotonic);
      if (isFresh && call === undefined) return Promise.resolve(this.#token);
      return this.#ask(this.#hasNews ? ask.LOOK : ask.GET, "", 0, call);
    }

    report(accessToken, about) {
      const { endpoint } = about ?? {};
      const name = endpoint === undefined ? 0 : nameOf(String(endpoint));
      return this.#ask(ask.REPORT, String(accessToken), name);
    }

    fetch(input, init) {
      return fetchWith(
        {
          fetch: this.#given.fetch,
          base: this.#call(ask.URL, 0),
          retryOnRejection: this.#limits.retryOnRejection,
          getToken: (signal) => this.getToken(signal && { signal }),
          report: (token, endpoint, signal) => this.#ask(ask.REPORT, token, endpoint, signal && { signal }),
          accepted: (token, endpoint) => this.#accepted(token, endpoint),
          judge: instance().isTokenRejection,
        },
        input,
        init,
      );
    }

    peek() {
      return this.#look() ?? null;
    }

    close() {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#call(ask.CLOSE, 0);
      for (const reject of this.#waiting) {
        try {
          this.#call(ask.CLOSED, 0);
        } catch (error) {
          reject(error);
        }
      }
      this.#look();
      clearTimeout(this.#renewal);
      quietly(() => this.#unwatch?.());
      for (const wake of this.#wakers) wake();
    }

    /** Opens a core in the live instance: at first, after a trap, and for another app. */
    #open() {
      this.#live = instance();
      this.#core = this.#live.openCore(this.#given);
      this.#runs = new Map();
      const setting = (text) => this.#call(ask.SETTING, 0, { text });
      this.#limits = {
        deadlineMs: setting("deadlineMs"),
        timeoutMs: setting("timeoutMs"),
        storeTimeoutMs: setting("storeTimeoutMs"),
        ttlMs: setting("keepRecordMs"),
        rotationWaitMs: setting("rotationWaitMs"),
        retryOnRejection: setting("retryOnRejection") === 1,
        renewInBackground: setting("renewInBackground") === 1 && !isolated,
      };
      if (this.#isClosed) this.#call(ask.CLOSE);
      this.#look();
    }

    /** Asks the core something, at this moment. */
    #call(what, id, { text = "", a = 0, b = 0, c = 0, store = -1, record } = {}, core = this.#core) {
      const { numbers } = ask;
      numbers[0] = this.#wall();
      numbers[1] = performance.now();
      numbers[2] = ask.randomNumber();
      numbers[3] = store;
      numbers[4] = a;
      numbers[5] = b;
      numbers[6] = 0;
      numbers[7] = c;
      if (record) ask.put(record);
      return core.call(what, id, text, numbers);
    }

    /** Looks at what the core knows: the live token, and until when it is fresh. */
    #look() {
      const token = this.#isClosed ? undefined : this.#call(ask.LIVE, 0);
      [this.#freshByWall, this.#freshByMonotonic] = token ? ask.numbers : [0, 0];
      clearTimeout(this.#staleness);
      if (!isolated && token) {
        // In place of a look at the monotonic clock at each call, which would cost as much as all the rest.
        const stale = () => {
          this.#freshByWall = 0;
        };
        this.#staleness = unattended(stale, this.#freshByMonotonic - performance.now());
      }
      // The same object for the same token.
      if (token?.expiresAt !== this.#token?.expiresAt || token?.accessToken !== this.#token?.accessToken)
        this.#token = token;
      return this.#token;
    }

    /** A caller's question: its run is begun or joined, and waited for as long as the caller wants. */
    #ask(kind, bad, endpoint, call) {
      let calls;
      return new Promise((resolve, reject) => {
        const { signal, deadlineMs = this.#limits.deadlineMs, waitUntil } = optionsOf(call);
        if (this.#isClosed) this.#call(ask.CLOSED, 0);
        ({ calls } = instance());
        calls.add(reject);
        this.#waiting.add(reject);
        const deadline = performance.now() + deadlineMs;
        const asked = async () => {
          for (;;) {
            try {
              await this.#identify();
              const run = this.#run(kind, bad, endpoint, deadline);
              if (waitUntil) quietly(() => waitUntil(run.catch(() => {})));
              // Without a token there is none to fall back on.
              return await (kind === ask.REPORT || !this.#token ? run : this.#patiently(run));
            } catch (error) {
              if (error !== RESTART) throw error;
            }
          }
        };
        until(deadlineMs, signal, asked)
          .catch((error) => {
            if (error === TIMEOUT) return this.#call(ask.LATE, 0);
            if (error !== ABORTED) throw error;
            const { value } = find(signal, "reason");
            throw value === undefined ? AbortSignal.abort().reason : value;
          })
          .then(resolve, reject)
          .finally(() => {
            calls.delete(reject);
            this.#waiting.delete(reject);
          });
      });
    }

    /** Who waits long for a renewal gets the old token, while that lives. */
    #patiently(run) {
      return until(this.#limits.rotationWaitMs, undefined, () => run).catch((error) => {
        if (error !== TIMEOUT) throw error;
        const token = this.#look();
        return token && ask.numbers[3] === 1 ? token : run;
      });
    }

    /** Begins a run, or joins it; gives its promise. */
    #run(kind, bad, endpoint, deadline) {
      if (instance() !== this.#live) this.#open();
      const name = `${kind} ${bad} ${endpoint}`;
      const runs = this.#runs;
      const known = runs.get(name);
      if (known) {
        this.#call(ask.JOIN, known.id, { a: deadline });
        return known.promise;
      }
      this.#hasNews = false;
      const id = this.#call(kind, 0, { text: bad, a: deadline, b: endpoint });
      const core = this.#core;
      const manager = {
        call: (id, event) => this.#step(core, id, event),
        store: this.#store,
        key: this.#key,
        limits: this.#limits,
        seal: this.#given.seal,
        open: this.#given.open,
        generate: () => this.#generate(core),
        pause: (ms) => this.#pause(ms),
      };
      const ended = () => {
        runs.delete(name);
        this.#ended();
      };
      const promise = drive(manager, id)
        .finally(ended)
        .then((token) => (token.accessToken === this.#token?.accessToken ? this.#token : token));
      promise.catch(() => {});
      if (!isolated) runs.set(name, { id, promise });
      return promise;
    }

    #step(core, id, event) {
      if (event.failure) this.#failure = event.failure;
      try {
        const next = this.#call(event.what, id, event, core);
        if (next === ask.THROW) throw repeated(this.#failure, ...ask.numbers);
        return next;
      } catch (error) {
        if (ask.numbers[6] === 1) refusedByEndpoint.add(error);
        throw error;
      } finally {
        this.#tell(core);
        if (core === this.#core) this.#look();
      }
    }

    /** After a run: what is known now, who waits, and when to renew. */
    #ended() {
      const token = this.#look();
      const renewal = ask.numbers[2];
      for (const wake of this.#wakers) wake();
      clearTimeout(this.#renewal);
      if (!this.#limits.renewInBackground || this.#isClosed) return;
      const wait = Math.min((token && renewal) || LOOK_AGAIN_MS, MAX_TIMER_MS);
      this.#renewal = unattended(() => this.#ask(ask.LOOK, "", 0).catch(() => {}), wait);
    }

    /** Waits, unless there is a reason to look earlier. */
    #pause(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(wake, ms);
        const wakers = this.#wakers;
        function wake() {
          clearTimeout(timer);
          wakers.delete(wake);
          resolve();
        }
        if (!isolated) wakers.add(wake);
      });
    }

    /** The request for a token: of the credentials as they are now. */
    async #identity() {
      const { credentials } = this.#given;
      let given;
      try {
        if (credentials) given = await until(this.#limits.timeoutMs, undefined, async () => credentials());
      } catch (cause) {
        const hint = "Its promise must settle within timeoutMs.";
        throw invalid("credentials: expected a consumer key and secret, found a function that failed", hint, cause);
      }
      return this.#core.request(given);
    }

    /** Finds out whose token it is, the first time. */
    #identify() {
      if (this.#key !== undefined) return undefined;
      const identify = async () => this.#become(await this.#identity());
      if (isolated) return identify();
      // All who come meanwhile wait for the same; where it fails, the next asks again.
      this.#identifying ??= identify().finally(() => {
        this.#identifying = undefined;
      });
      return this.#identifying;
    }

    async #become(request) {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(request.consumerKey));
      const name = ask.toHex(new Uint8Array(digest).subarray(0, 8));
      this.#request = request;
      this.#key = `daraja-auth:v1:${new URL(request.url).origin}:${name}`;
      quietly(() => this.#unwatch?.());
      if (isolated || this.#isClosed) return;
      quietly(() => {
        this.#unwatch = this.#store.watch?.(this.#key, () => {
          this.#hasNews = true;
          this.#freshByWall = 0;
          for (const wake of this.#wakers) wake();
        });
      });
    }

    /** Asks Daraja once. */
    async #generate(core) {
      try {
        const request = await this.#identity();
        const { url, authorization, consumerKey, consumerSecret, userAgent } = request;
        if (consumerKey !== this.#request.consumerKey) {
          await this.#become(request);
          if (core === this.#core) this.#open();
          throw RESTART;
        }
        if (authorization !== this.#request.authorization) this.#call(ask.FORGET_FAILURE, 0);
        this.#request = request;
        const { timeoutMs } = this.#limits;
        const [sent, wallSent] = [performance.now(), this.#wall()];
        const answer = await send(this.#given.fetch, undefined, url, authorization, userAgent, timeoutMs, MAX_BYTES);
        const token = module.judge(authorization, consumerSecret, timeoutMs, 0, 1, ...answer);
        return { what: ask.GRANTED, text: token.accessToken, a: sent, b: token.expiresIn, c: wallSent };
      } catch (error) {
        return { what: ask.FAILED, text: error.code, a: error.retryAfterMs ?? -1, failure: error };
      }
    }

    /** An endpoint accepted a token: the others hear of it, if they remember that it refused one. */
    #accepted(accessToken, endpoint) {
      if (!this.#call(ask.IS_NEWS, 0, { text: accessToken, b: endpoint })) return;
      this.#ask(ask.ACCEPT, accessToken, endpoint).catch(() => {});
    }

    /** Tells the user what happened. */
    #tell(core) {
      const { onEvent } = this.#given;
      if (!onEvent) return;
      for (;;) {
        const words = this.#call(ask.NOTICE, 0, {}, core);
        if (words === undefined) return;
        const [type, reason, code] = words.split(" ");
        const [epoch, durationMs] = ask.numbers;
        const event = { type, epoch, durationMs, ...(reason && { reason }), ...(code && { code }) };
        quietly(() => onEvent(Object.freeze(event))?.then?.(undefined, () => {}));
      }
    }

    static {
      if (Symbol.dispose) TokenManager.prototype[Symbol.dispose] = TokenManager.prototype.close;
    }
  };
}

/** Each of the caller's options, read once. What cannot be read, or is no object, is for the module to refuse. */
function copyOf(options) {
  try {
    if (options === null || typeof options !== "object") return options;
    const { policy } = options;
    return { ...options, policy: policy !== null && typeof policy === "object" ? { ...policy } : policy };
  } catch {
    return options;
  }
}

/** A timer that keeps no process alive. */
function unattended(run, ms) {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  timer.unref?.();
  globalThis.Deno?.unrefTimer?.(timer);
  return timer;
}

/** The user's clock, or the runtime's where that throws or gives nonsense. */
function wallClock(now) {
  if (typeof now !== "function") return Date.now;
  return () => {
    let wall;
    quietly(() => {
      wall = now();
    });
    return wall >= 0 ? wall : Date.now();
  };
}

/** What a caller says of one call. */
function optionsOf(call = {}) {
  const expected = { signal: "an AbortSignal", deadlineMs: "a number of milliseconds", waitUntil: "a function" };
  const is = {
    signal: (value) => typeof value?.aborted === "boolean",
    deadlineMs: (value) => typeof value === "number" && value >= 0 && value <= MAX_TIMER_MS,
    waitUntil: (value) => typeof value === "function",
  };
  const read = {};
  for (const name of call === null || typeof call !== "object" ? ["options"] : Object.keys(call)) {
    const { value } = find(call, name);
    if (value === undefined && name in is) continue;
    if (!is[name]?.(value)) {
      const what = expected[name] ?? "signal, deadlineMs or waitUntil";
      throw invalid(
        `${name}: expected ${what}, found something else`,
        "getToken takes one object with these, or nothing.",
      );
    }
    read[name] = value;
  }
  return read;
}

/** The error once more, for who did not wait for it, with how long there will be no other attempt. */
function repeated(error, retryAfterMs, attempts) {
  if (error === RESTART) return error;
  const fields = { ...error, cause: error.cause };
  if (retryAfterMs >= 0) fields.retryAfterMs = retryAfterMs;
  if (attempts > 0) fields.attempts = attempts;
  else delete fields.attempts;
  return new DarajaError(error.message, fields);
}
