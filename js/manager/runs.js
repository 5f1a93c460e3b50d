// The runs of one manager, around a core that only thinks: its clocks, its timers, and what it asks of the world.
import { DarajaError } from "../error.ts";
import { send } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { propertyOf, readOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { TIMEOUT, withTimeout } from "../with-timeout.ts";
import { unattended, wallClock } from "./clock.ts";
import * as ask from "./core.js";
import { nameOf } from "./endpoint.ts";
import { refusedByEndpoint } from "./fetch.ts";
import { copyManagerOptions, mistyped } from "./options.ts";
import { drive } from "./run.js";
import { storeOf } from "./store.ts";

/** After a renewal in the background that failed. */
const LOOK_AGAIN_MS = 10_000;
/** How a run ends whose credentials turn out to be another app's: who waits for it begins another. */
export const RESTART = Symbol("restart");

export class Runs {
  given;
  limits;
  /** What getToken gives without another look, and until when, by each clock. */
  token;
  #freshByWall = 0;
  #freshByMonotonic = 0;
  /** Whether others may want to hear that an endpoint accepted the token. */
  awaitsNews = false;
  /** Whether the store's watch says that there is something new in the record. */
  hasNews = false;
  isClosed = false;
  #instance;
  /** Whether no request may wait for the promise or the timer of another one. */
  #isolated;
  #store;
  #live;
  #core;
  /** Whose token it is: the request for one, and the name of the record. */
  #app;
  /** The user's wall clock. Without one it is the runtime's, looked up at each call as fetch is: tests replace it. */
  #clock;
  /** The runs that further callers may join, by what they are for. */
  #runs;
  #wakers = new Set();
  /** What the last attempt ended with. */
  #failure;
  #renewal;
  #staleness;
  #unwatch;

  /** Judges the options; `instance` gives the live instance of the module. */
  constructor(instance, isolated, options) {
    this.#instance = instance;
    this.#isolated = isolated;
    this.given = copyManagerOptions(options, instance().optionNames);
    this.#open();
    this.#store = storeOf(this.given);
    if (this.given.now) this.#clock = wallClock(this.given.now);
    const names = ["deadlineMs", "timeoutMs", "storeTimeoutMs", "keepRecordMs", "rotationWaitMs"];
    this.limits = Object.fromEntries(names.map((text) => [text, this.call(ask.SETTING, 0, { text })]));
  }

  /** Ends what goes on by itself. Runs that have something to put right go on to do so. */
  close() {
    this.isClosed = true;
    this.call(ask.CLOSE);
    this.look();
    clearTimeout(this.#renewal);
    this.#watch(undefined);
    this.#wake();
  }

  #wall() {
    return this.#clock === undefined ? Date.now() : this.#clock();
  }

  /** Throws if the machine's clock cannot be right: a token's end is counted from it. */
  checkClock() {
    if (this.#wall() >= 0) return;
    const hint = "Set this machine's clock, or give the option now.";
    throw invalidOption("now: expected a clock after 1970, found one before", hint);
  }

  isFresh() {
    const wall = this.#wall();
    return wall >= 0 && wall < this.#freshByWall && (!this.#isolated || performance.now() < this.#freshByMonotonic);
  }

  /** Opens a core in the live instance: at first, after a trap, and for another app. */
  #open() {
    this.#live = this.#instance();
    this.#core = this.#live.openCore(this.given);
    this.#runs = new Map();
    if (this.isClosed) this.call(ask.CLOSE);
    this.look();
    this.#wake();
  }

  /** The core, unless it is over: then the next one. */
  opened() {
    if (this.#instance() !== this.#live) this.#open();
    return this.#core;
  }

  /** Asks the core something, at this moment. */
  call(what, id = 0, event = {}, core = this.opened()) {
    const { text = "", a = 0, b = 0, c = 0, store = -1, row } = { __proto__: null, ...event };
    // Only a step needs chance, and a worker's global scope, where a manager may be made, gives none.
    const random = what < ask.GET ? ask.randomNumber(this.given.store !== undefined) : 0;
    ask.numbers.set([this.#wall(), performance.now(), random, store, a, b, 0, c]);
    if (row) ask.numbers.set(row, ask.RECORD);
    return core.call(what, id, text, ask.numbers);
  }

  /** Looks at what the core knows: the live token, and until when it is fresh. */
  look() {
    const token = this.isClosed ? undefined : this.call(ask.LIVE);
    [this.#freshByWall, this.#freshByMonotonic] = token && !this.hasNews ? ask.numbers : [0, 0];
    this.awaitsNews = token !== undefined && ask.numbers[4] === 1;
    clearTimeout(this.#staleness);
    if (!this.#isolated && token) {
      // In place of a look at the monotonic clock at each call, which would cost as much as all the rest.
      const stale = () => {
        this.#freshByWall = 0;
      };
      this.#staleness = unattended(stale, this.#freshByMonotonic - performance.now());
    }
    // The same object for the same token.
    if (token?.expiresAt !== this.token?.expiresAt || token?.accessToken !== this.token?.accessToken)
      this.token = token;
    return this.token;
  }

  /** Begins a run, or joins it; gives its promise. */
  run(kind, bad, endpoint, deadline) {
    this.opened();
    const runs = this.#runs;
    const name = `${kind} ${bad} ${endpoint}`;
    const known = runs.get(name);
    if (known) {
      known.deadline = Math.max(known.deadline, deadline);
      if (known.core) this.call(ask.JOIN, known.id, { a: deadline }, known.core);
      return known.promise;
    }
    if (kind === ask.LOOK) this.hasNews = false;
    const run = { __proto__: null, deadline };
    const ended = () => {
      runs.delete(name);
      this.#ended();
    };
    run.promise = this.#drive(run, kind, bad, endpoint)
      .finally(ended)
      .then((token) => (token.accessToken === this.token?.accessToken ? this.token : token));
    run.promise.catch(() => {});
    if (!this.#isolated) runs.set(name, run);
    return run.promise;
  }

  async #drive(run, kind, text, b) {
    // Whose token it is: asked for at first, and by one run, however many callers it has.
    if (!this.#app) {
      const given = await this.#credentials();
      await this.#become(this.opened().request(given));
    }
    const core = this.opened();
    const app = this.#app;
    run.core = core;
    run.id = this.call(kind, 0, { text, a: run.deadline, b }, core);
    return drive({
      step: (event) => this.#step(core, run.id, event),
      generate: () => this.#generate(core, app),
      pause: (ms) => this.#pause(ms),
      wall: () => this.#wall(),
      store: this.#store,
      isShared: this.given.store !== undefined,
      key: app.key,
      limits: this.limits,
      seal: this.given.seal,
      open: this.given.open,
      secrets: () => [text, this.token?.accessToken],
    });
  }

  #step(core, id, event) {
    this.#failure = propertyOf(event, "failure") ?? this.#failure;
    try {
      const next = this.call(event.what, id, event, core);
      if (next === ask.THROW) throw repeated(this.#failure, ...ask.numbers);
      return next;
    } catch (error) {
      if (ask.numbers[6] === 1) refusedByEndpoint.add(error);
      throw error;
    } finally {
      this.#tell(core);
      if (core === this.#core) this.look();
    }
  }

  /** After a run: what is known now, who waits, and when to renew. */
  #ended() {
    const token = this.look();
    const renewal = ask.numbers[2];
    this.#wake();
    clearTimeout(this.#renewal);
    if (!this.given.renewInBackground || this.#isolated || this.isClosed) return;
    const wait = (token && renewal) || LOOK_AGAIN_MS;
    const renew = () => this.run(ask.LOOK, "", 0, performance.now() + this.limits.deadlineMs);
    this.#renewal = unattended(() => renew().catch(() => {}), wait);
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
      if (!this.#isolated) wakers.add(wake);
    });
  }

  #wake() {
    for (const wake of this.#wakers) wake();
  }

  /** What the option `credentials` gives now; nothing without it. */
  async #credentials() {
    const { credentials } = this.given;
    let given;
    try {
      given = credentials && (await withTimeout(this.limits.timeoutMs, undefined, async () => credentials()));
    } catch (error) {
      throw error === TIMEOUT ? lateCredentials(this.limits.timeoutMs) : failedCredentials(error);
    }
    const { kind } = readOption({ given }, "given");
    if (credentials && kind !== "an object") throw mistyped("credentials", "{ consumerKey, consumerSecret }", kind);
    return given;
  }

  async #become(request) {
    // A memory of its own needs no name that others know.
    const name = this.given.store ? await digest(request.consumerKey) : nameOf(request.consumerKey);
    this.#app = { ...request, key: `daraja-auth:v1:${new URL(request.url).origin}:${name}` };
    if (!this.#isolated && !this.isClosed) this.#watch(this.#app.key);
  }

  /** Watches that record, or none. */
  #watch(key) {
    ignoreErrors(() => this.#unwatch?.());
    this.#unwatch = undefined;
    if (key === undefined) return;
    const woken = () => {
      this.hasNews = true;
      this.#freshByWall = 0;
      this.#wake();
    };
    ignoreErrors(() => {
      this.#unwatch = this.#store.watch?.(key, woken);
      return this.#unwatch;
    });
  }

  /** Asks Daraja once, for a run that was begun for that app. */
  async #generate(core, app) {
    try {
      const { timeoutMs } = this.limits;
      const begun = performance.now();
      const given = await this.#credentials();
      const request = this.opened().request(given);
      const { authorization, consumerKey } = request;
      if (consumerKey !== app.consumerKey) {
        if (consumerKey !== this.#app.consumerKey) await this.#become(request);
        if (core === this.#core) this.#open();
        throw RESTART;
      }
      if (authorization !== app.authorization) this.call(ask.FORGET_FAILURE, 0, {}, core);
      Object.assign(app, request);
      const [sent, sentByWall] = [performance.now(), this.#wall()];
      // The lease outlasts one attempt: the credentials and the answer together.
      const left = Math.max(begun + timeoutMs - sent, 1);
      const end = await send({ ...request, timeoutMs: left }, this.given.fetch);
      const token = core.classify(request, end);
      const { accessToken, expiresIn } = token;
      return { what: ask.GRANTED, text: accessToken, a: sent, b: expiresIn, c: sentByWall };
    } catch (failure) {
      const [text, a = -1] = ["code", "retryAfterMs"].map((name) => propertyOf(failure, name));
      return { what: ask.FAILED, text, a, failure };
    }
  }

  /** Tells the user what happened. */
  #tell(core) {
    const { onEvent } = this.given;
    if (!onEvent) return;
    for (;;) {
      const words = this.call(ask.NOTICE, 0, {}, core);
      if (words === undefined) return;
      const [type, reason, code] = words.split(" ");
      const [epoch, durationMs] = ask.numbers;
      const event = Object.freeze({ type, epoch, durationMs, ...(reason && { reason }), ...(code && { code }) });
      ignoreErrors(() => onEvent(event));
    }
  }
}

/** The function's error without its text, which may quote the credentials that it was about to give. */
function failedCredentials(error) {
  const [name, code] = ["name", "code"].map((part) => readOption(error ?? {}, part).value);
  const words = [name, code].filter((word) => typeof word === "string" && /^[\w.-]{1,64}$/.test(word));
  return new DarajaError("The function credentials failed", {
    code: "ERR_DARAJA_NETWORK",
    retryable: true,
    hint: "The cause names its error, whose text is withheld: it might quote a secret.",
    cause: new Error(words.join(" ") || "no error was given"),
  });
}

function lateCredentials(timeoutMs) {
  return new DarajaError(`The function credentials gave none within ${timeoutMs} ms`, {
    code: "ERR_DARAJA_TIMEOUT",
    retryable: true,
    hint: "Its promise must settle within timeoutMs. Try again, or raise that.",
  });
}

/** The name of an app in a store, which has other apps' records too: 16 hexadecimal digits. */
async function digest(consumerKey) {
  if (!crypto.subtle) {
    const hint = "A page has it over https and on localhost only. Without a store none is needed.";
    throw invalidOption("store: expected a runtime with crypto.subtle, found one without", hint);
  }
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(consumerKey));
  return ask.toHex(new Uint8Array(bytes).subarray(0, 8));
}

/** The error once more, for who did not wait for it, with how long there will be no other attempt. */
function repeated(error, retryAfterMs, attempts) {
  if (error === RESTART) return error;
  const fields = { ...error, cause: propertyOf(error, "cause") };
  if (retryAfterMs >= 0) fields.retryAfterMs = retryAfterMs;
  if (attempts > 0) fields.attempts = attempts;
  else delete fields.attempts;
  return new DarajaError(error.message, fields);
}
