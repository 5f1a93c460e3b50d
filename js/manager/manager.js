// The class TokenManager: callers, timers and runs, around a core that only thinks.
import {
  ABORTED,
  DarajaError,
  find,
  core as module,
  quietly,
  reasonOf,
  send,
  shown,
  TIMEOUT,
  until,
} from "../../src/wasm/host.js";
import { MAX_TIMER_MS, unattended, wallClock } from "./clock.js";
import * as ask from "./core.js";
import { nameOf } from "./endpoint.js";
import { fetchWith, refusedByEndpoint } from "./fetch.js";
import { invalid, mistyped, ofCall, recorded } from "./options.js";
import { drive } from "./run.js";
import { checked } from "./store.js";

/** A longer answer is no token; src/exchange/mod.rs has the same. */
const MAX_BYTES = 65_536;
/** After a renewal in the background that failed. */
const LOOK_AGAIN_MS = 10_000;
/** How a run ends whose credentials turn out to be another app's: who waits for it begins another. */
const RESTART = Symbol("restart");
/** What a caller of getToken may say. */
const OF_CALL = { signal: "an AbortSignal", deadlineMs: "a number", waitUntil: "a function" };

/**
 * Makes the class. `instance` gives the live instance of the module. Where `isolated`, no request may wait for the promise
 * or the timer of another one, as on workerd: there each caller has a run of its own.
 */
export function managerOf(instance, isolated) {
  return class TokenManager {
    static name = "TokenManager";
    #given;
    #store;
    /** Where business requests go. */
    #root;
    #live;
    #core;
    #limits;
    /** Whose token it is: the request for one, and the name of the record. */
    #app;
    /** What getToken gives without another look, and until when, by each clock. */
    #token;
    #freshByWall = 0;
    #freshByMonotonic = 0;
    /** The wall clock. */
    #wall = Date.now;
    /** How to end the wait of each caller. */
    #callers = new Set();
    /** The runs that further callers may join, by what they are for. */
    #runs;
    #wakers = new Set();
    /** What the last attempt ended with. */
    #failure;
    #renewal;
    #staleness;
    #unwatch;
    /** Whether the store's watch says that there is something new in the record. */
    #hasNews = false;
    #isClosed = false;

    constructor(options) {
      const read = {};
      this.#open(recorded(options, read));
      this.#given = read;
      if (read.now) this.#wall = wallClock(read.now);
      this.#store = checked(read.store);
      this.#root = (read.baseUrl ?? new URL(this.#call(ask.URL)).origin).replace(/\/$/, "");
      const names = ["deadlineMs", "timeoutMs", "storeTimeoutMs", "keepRecordMs", "rotationWaitMs"];
      this.#limits = Object.fromEntries(names.map((text) => [text, this.#call(ask.SETTING, 0, { text })]));
    }

    getToken(call) {
      if (call === undefined && this.#isFresh()) return Promise.resolve(this.#token);
      return this.#ask(this.#hasNews ? ask.LOOK : ask.GET, "", 0, call);
    }

    async report(accessToken, about = {}) {
      const { kind } = find({ accessToken }, "accessToken");
      if (kind !== "a string") throw mistyped("accessToken", "a string", kind);
      const { endpoint } = ofCall(about, { endpoint: "a string" });
      return this.#ask(ask.REPORT, accessToken, endpoint === undefined ? 0 : nameOf(endpoint));
    }

    async fetch(input, init) {
      const { fetch, retryOnRejection } = this.#given;
      const manager = {
        fetch,
        retryOnRejection,
        root: this.#root,
        getToken: (call) => this.getToken(call),
        report: (token, endpoint, call) => this.#ask(ask.REPORT, token, endpoint, call),
        accepted: (token, endpoint) => quietly(() => this.#accepted(token, endpoint)),
        judge: instance().isTokenRejection,
      };
      return fetchWith(manager, input, init);
    }

    peek() {
      return this.#look() ?? null;
    }

    close() {
      this.#isClosed = true;
      this.#call(ask.CLOSE);
      this.#look();
      clearTimeout(this.#renewal);
      this.#watch(undefined);
      // Runs that have something to put right go on without their callers.
      try {
        this.#call(ask.CLOSED);
      } catch (error) {
        for (const leave of this.#callers) leave(error);
      }
      this.#wake();
    }

    #isFresh() {
      return this.#wall() < this.#freshByWall && (!isolated || performance.now() < this.#freshByMonotonic);
    }

    /** Opens a core in the live instance: at first, after a trap, and for another app. */
    #open(given = this.#given) {
      this.#live = instance();
      this.#core = this.#live.openCore(given);
      this.#runs = new Map();
      if (this.#isClosed) this.#call(ask.CLOSE);
      this.#look();
      this.#wake();
    }

    /** The core, unless it is over: then the next one. */
    #opened() {
      if (instance() !== this.#live) this.#open();
      return this.#core;
    }

    /** Asks the core something, at this moment. */
    #call(what, id = 0, { text = "", a = 0, b = 0, c = 0, store = -1, row } = {}, core = this.#opened()) {
      const { numbers } = ask;
      // Only a step needs chance, and a worker's global scope, where a manager may be made, gives none.
      const random = what < ask.GET ? ask.randomNumber() : 0;
      numbers.set([this.#wall(), performance.now(), random, store, a, b, 0, c]);
      if (row) numbers.set(row, ask.RECORD);
      return core.call(what, id, text, numbers);
    }

    /** Looks at what the core knows: the live token, and until when it is fresh. */
    #look() {
      const token = this.#isClosed ? undefined : this.#call(ask.LIVE);
      [this.#freshByWall, this.#freshByMonotonic] = token && !this.#hasNews ? ask.numbers : [0, 0];
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
    async #ask(kind, bad, endpoint, call = {}) {
      const { signal, deadlineMs = this.#limits.deadlineMs, waitUntil } = ofCall(call, OF_CALL);
      if (!(deadlineMs >= 0)) throw mistyped("deadlineMs", "a number of milliseconds", "another number");
      if (kind === ask.GET && !signal?.aborted && this.#isFresh()) return this.#token;
      if (this.#isClosed) this.#call(ask.CLOSED);
      const { calls } = instance();
      let leave;
      const answered = () =>
        new Promise((resolve, reject) => {
          leave = reject;
          calls.add(leave);
          this.#callers.add(leave);
          this.#answer(kind, bad, endpoint, performance.now() + deadlineMs, waitUntil).then(resolve, reject);
        });
      try {
        return await until(Math.min(deadlineMs, MAX_TIMER_MS), signal, answered);
      } catch (error) {
        if (error === TIMEOUT) return this.#call(ask.LATE);
        throw error === ABORTED ? reasonOf(signal) : error;
      } finally {
        calls.delete(leave);
        this.#callers.delete(leave);
      }
    }

    /** What a run gives; a second one, where the credentials turned out to be another app's. */
    async #answer(kind, bad, endpoint, deadline, waitUntil) {
      for (let runs = 1; ; runs++) {
        try {
          const run = this.#run(kind, bad, endpoint, deadline);
          if (waitUntil) quietly(() => waitUntil(run.catch(() => {})));
          // Without a token there is none to fall back on.
          return await (bad || !this.#token ? run : this.#patiently(run));
        } catch (error) {
          if (error !== RESTART) throw error;
          if (runs > 1) throw invalid("credentials: expected those of one app, found others at each call", ONE_APP);
        }
      }
    }

    /** Who waits long for a renewal gets the old token, while that lives. */
    async #patiently(run) {
      try {
        return await until(this.#limits.rotationWaitMs, undefined, () => run);
      } catch (error) {
        if (error !== TIMEOUT) throw error;
        const token = this.#look();
        return token && ask.numbers[3] === 1 ? token : run;
      }
    }

    /** Begins a run, or joins it; gives its promise. */
    #run(kind, bad, endpoint, deadline) {
      this.#opened();
      const runs = this.#runs;
      const name = `${kind} ${bad} ${endpoint}`;
      const known = runs.get(name);
      if (known) {
        known.deadline = Math.max(known.deadline, deadline);
        if (known.core) this.#call(ask.JOIN, known.id, { a: deadline }, known.core);
        return known.promise;
      }
      if (kind === ask.LOOK) this.#hasNews = false;
      const run = { deadline };
      const ended = () => {
        runs.delete(name);
        this.#ended();
      };
      run.promise = this.#drive(run, kind, bad, endpoint)
        .finally(ended)
        .then((token) => (token.accessToken === this.#token?.accessToken ? this.#token : token));
      run.promise.catch(() => {});
      if (!isolated) runs.set(name, run);
      return run.promise;
    }

    async #drive(run, kind, text, b) {
      // Whose token it is: asked for at first, and by one run, however many callers it has.
      if (!this.#app) await this.#become(await this.#identity());
      const core = this.#opened();
      const app = this.#app;
      run.core = core;
      run.id = this.#call(kind, 0, { text, a: run.deadline, b }, core);
      return drive({
        step: (event) => this.#step(core, run.id, event),
        generate: () => this.#generate(core, app),
        pause: (ms) => this.#pause(ms),
        store: this.#store,
        key: app.key,
        limits: this.#limits,
        seal: this.#given.seal,
        open: this.#given.open,
        secrets: () => [text, this.#token?.accessToken],
      });
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
      this.#wake();
      clearTimeout(this.#renewal);
      if (!this.#given.renewInBackground || isolated || this.#isClosed) return;
      const wait = (token && renewal) || LOOK_AGAIN_MS;
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

    #wake() {
      for (const wake of this.#wakers) wake();
    }

    /** The request for a token: of the credentials as they are now. */
    async #identity() {
      const { credentials } = this.#given;
      let given;
      try {
        if (credentials) given = await until(this.#limits.timeoutMs, undefined, async () => credentials());
      } catch (error) {
        const cause =
          error === TIMEOUT ? undefined : shown(error, [this.#app?.authorization, this.#app?.consumerSecret]);
        const hint = "Its promise must settle within timeoutMs.";
        throw invalid("credentials: expected a consumer key and secret, found a function that failed", hint, cause);
      }
      return this.#opened().request(given);
    }

    async #become(request) {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(request.consumerKey));
      const name = ask.toHex(new Uint8Array(digest).subarray(0, 8));
      this.#app = { ...request, key: `daraja-auth:v1:${new URL(request.url).origin}:${name}` };
      if (!isolated && !this.#isClosed) this.#watch(this.#app.key);
    }

    /** Watches that record, or none. */
    #watch(key) {
      quietly(() => this.#unwatch?.());
      this.#unwatch = undefined;
      if (key === undefined) return;
      const woken = () => {
        this.#hasNews = true;
        this.#freshByWall = 0;
        this.#wake();
      };
      quietly(() => {
        this.#unwatch = this.#store.watch?.(key, woken);
        return this.#unwatch;
      });
    }

    /** Asks Daraja once, for a run that was begun for that app. */
    async #generate(core, app) {
      try {
        const { timeoutMs } = this.#limits;
        const begun = performance.now();
        const request = await this.#identity();
        const { url, authorization, consumerKey, consumerSecret, userAgent } = request;
        if (consumerKey !== app.consumerKey) {
          if (consumerKey !== this.#app.consumerKey) await this.#become(request);
          if (core === this.#core) this.#open();
          throw RESTART;
        }
        if (authorization !== app.authorization) this.#call(ask.FORGET_FAILURE, 0, {}, core);
        Object.assign(app, request);
        const [sent, sentByWall] = [performance.now(), this.#wall()];
        // The lease outlasts one attempt: the credentials and the answer together.
        const left = Math.max(begun + timeoutMs - sent, 1);
        const answer = await send(this.#given.fetch, undefined, url, authorization, userAgent, left, MAX_BYTES);
        const token = module.judge(authorization, consumerSecret, timeoutMs, 0, 1, ...answer);
        const { accessToken, expiresIn } = token;
        return { what: ask.GRANTED, text: accessToken, a: sent, b: expiresIn, c: sentByWall };
      } catch (failure) {
        return { what: ask.FAILED, text: failure.code, a: failure.retryAfterMs ?? -1, failure };
      }
    }

    /** An endpoint accepted a token: the others hear of it, if they remember that it refused one. */
    #accepted(accessToken, endpoint) {
      if (this.#call(ask.IS_NEWS, 0, { text: accessToken, b: endpoint })) {
        return this.#ask(ask.ACCEPT, accessToken, endpoint);
      }
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
        const event = Object.freeze({ type, epoch, durationMs, ...(reason && { reason }), ...(code && { code }) });
        quietly(() => onEvent(event));
      }
    }

    static {
      if (Symbol.dispose) TokenManager.prototype[Symbol.dispose] = TokenManager.prototype.close;
    }
  };
}

const ONE_APP = "A TokenManager is for one app, whose credentials may change now and then. Make one for each app.";

/** The error once more, for who did not wait for it, with how long there will be no other attempt. */
function repeated(error, retryAfterMs, attempts) {
  if (error === RESTART) return error;
  const fields = { ...error, cause: error.cause };
  if (retryAfterMs >= 0) fields.retryAfterMs = retryAfterMs;
  if (attempts > 0) fields.attempts = attempts;
  else delete fields.attempts;
  return new DarajaError(error.message, fields);
}
