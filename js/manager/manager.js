// The class TokenManager: what callers ask, and how long each waits.
import { ignoreErrors } from "../ignore-errors.ts";
import { readOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { ABORTED, abortReason, TIMEOUT, withTimeout } from "../with-timeout.ts";
import { MAX_TIMER_MS } from "./clock.js";
import * as ask from "./core.js";
import { nameOf } from "./endpoint.js";
import { fetchWith } from "./fetch.js";
import { mistyped, ofCall } from "./options.js";
import { RESTART, Runs } from "./runs.js";

/** What a caller of getToken may say. */
const OF_CALL = { signal: "an AbortSignal", deadlineMs: "a number", waitUntil: "a function" };
const ONE_APP = "A TokenManager is for one app, whose credentials may change now and then. Make one for each app.";

/** What a caller says of a token: which endpoint it was, by the name that the record has for it. */
function aboutToken(accessToken, about) {
  const { kind } = readOption({ accessToken }, "accessToken");
  if (kind !== "a string") throw mistyped("accessToken", "a string", kind);
  const { endpoint } = ofCall(about, { endpoint: "a string" });
  return { endpoint: endpoint === undefined ? 0 : nameOf(endpoint) };
}

/**
 * Makes the class. `instance` gives the live instance of the module. Where `isolated`, no request may wait for the promise
 * or the timer of another one, as on workerd: there each caller has a run of its own.
 */
export function managerOf(instance, isolated) {
  return class TokenManager {
    static name = "TokenManager";
    #runs;
    /** What fetch needs of this manager. */
    #forFetch;
    /** How to end the wait of each caller. */
    #callers = new Set();

    constructor(options) {
      const runs = new Runs(instance, isolated, options);
      this.#runs = runs;
      const { fetch, retryOnRejection, baseUrl = new URL(runs.call(ask.URL)).origin } = runs.given;
      this.#forFetch = {
        fetch,
        retryOnRejection,
        root: baseUrl.replace(/\/$/, ""),
        home: new URL(baseUrl),
        getToken: (call) => this.getToken(call),
        report: (token, endpoint, call) => this.#ask(ask.REPORT, token, endpoint, call),
        accepted: (token, endpoint) => {
          if (runs.awaitsNews) ignoreErrors(() => this.#accepted(token, endpoint()));
        },
        patienceMs: runs.limits.rotationWaitMs,
        judge: (...args) => instance().judgeError(...args),
      };
      // Other clients take it as their fetch.
      this.fetch = this.fetch.bind(this);
    }

    getToken(call) {
      const runs = this.#runs;
      if (call === undefined && runs.isFresh()) return Promise.resolve(runs.token);
      return this.#ask(runs.hasNews ? ask.LOOK : ask.GET, "", 0, call);
    }

    async report(accessToken, about = {}) {
      const { endpoint } = aboutToken(accessToken, about);
      return this.#ask(ask.REPORT, accessToken, endpoint);
    }

    accepted(accessToken, about = {}) {
      const { endpoint } = aboutToken(accessToken, about);
      this.#forFetch.accepted(accessToken, () => endpoint);
    }

    async fetch(input, init) {
      return fetchWith(this.#forFetch, input, init);
    }

    peek() {
      return this.#runs.look() ?? null;
    }

    close() {
      this.#runs.close();
      try {
        this.#runs.call(ask.CLOSED);
      } catch (error) {
        for (const leave of this.#callers) leave(error);
      }
    }

    /** A caller's question: its run is begun or joined, and waited for as long as the caller wants. */
    async #ask(kind, bad, endpoint, call = {}) {
      const { signal, deadlineMs = this.#runs.limits.deadlineMs, waitUntil } = ofCall(call, OF_CALL);
      if (!(deadlineMs >= 0)) throw mistyped("deadlineMs", "a number of milliseconds", "another number");
      if (kind === ask.GET && !signal?.aborted && this.#runs.isFresh()) return this.#runs.token;
      if (this.#runs.isClosed) this.#runs.call(ask.CLOSED);
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
        return await withTimeout(Math.min(deadlineMs, MAX_TIMER_MS), signal, answered);
      } catch (error) {
        if (error === TIMEOUT) return this.#runs.call(ask.LATE);
        throw error === ABORTED ? abortReason(signal) : error;
      } finally {
        calls.delete(leave);
        this.#callers.delete(leave);
      }
    }

    /** What a run gives; a second one, where the credentials turned out to be another app's. */
    async #answer(kind, bad, endpoint, deadline, waitUntil) {
      for (let runs = 1; ; runs++) {
        try {
          const run = this.#runs.run(kind, bad, endpoint, deadline);
          if (waitUntil) ignoreErrors(() => waitUntil(run.catch(() => {})));
          // Without a token there is none to fall back on.
          return await (bad || !this.#runs.token ? run : this.#patiently(run));
        } catch (error) {
          if (error !== RESTART) throw error;
          if (runs > 1)
            throw invalidOption("credentials: expected those of one app, found others at each call", ONE_APP);
        }
      }
    }

    /** Who waits long for a renewal gets the old token, while that lives. */
    async #patiently(run) {
      try {
        return await withTimeout(this.#runs.limits.rotationWaitMs, undefined, () => run);
      } catch (error) {
        if (error !== TIMEOUT) throw error;
        const token = this.#runs.look();
        return token && ask.numbers[3] === 1 ? token : run;
      }
    }

    /** An endpoint accepted a token: the others hear of it, if they remember that it refused one. */
    #accepted(accessToken, endpoint) {
      if (this.#runs.call(ask.IS_NEWS, 0, { text: accessToken, b: endpoint })) {
        return this.#ask(ask.ACCEPT, accessToken, endpoint);
      }
    }

    static {
      if (Symbol.dispose) TokenManager.prototype[Symbol.dispose] = TokenManager.prototype.close;
    }
  };
}
