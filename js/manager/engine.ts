// The runs of one manager, and what they have in common: the core, its clocks, its timers, and the store's watch.
import type { AccessToken } from "../access-token.ts";
import { DarajaError } from "../error.ts";
import { type Fetch, send, type TokenRequest } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import type { Instance } from "../instance.ts";
import { propertyOf } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import type { TokenStore } from "../stores/store.ts";
import { acquire } from "./acquire.ts";
import { unattended, wallClock } from "./clock.ts";
import type { ManagerCore, Step } from "./core.ts";
import { currentCredentials, recordKey } from "./credentials.ts";
import type { LiveToken, Moment } from "./effect.ts";
import { type Errand, LOOK } from "./errand.ts";
import { copyManagerOptions } from "./options.ts";
import { randomNumber } from "./random.ts";
import type { ChangingCredentials, TokenManagerSettings } from "./settings.ts";
import { storeOf } from "./store.ts";

/** After a renewal in the background that failed. */
const LOOK_AGAIN_MS = 10_000;
/** A run ends with this if its credentials turn out to be another app's. Its callers begin another run. */
export const RESTART = Symbol("restart");

type Given = TokenManagerSettings & Partial<ChangingCredentials>;

/** An app: its last request for a token, and the key of its record. */
type App = TokenRequest & { readonly key: string };

/** A run that further callers may join. */
interface Entry {
  deadline: number;
  promise: Promise<AccessToken> | undefined;
  core: ManagerCore | undefined;
  id: number | undefined;
}

export class Engine {
  readonly given: Given;
  readonly limits;
  /** The token that getToken gives without another look. */
  token: AccessToken | undefined;
  #live: LiveToken | undefined;
  #freshByWall = 0;
  #freshByMonotonic = 0;
  /** Whether the store's watch says that there is something new in the record. */
  hasNews = false;
  isClosed = false;
  readonly #instance: () => Instance;
  /** Whether no request may wait for the promise or the timer of another one. */
  readonly #isolated: boolean;
  readonly #store: TokenStore;
  #opened!: Instance;
  #core!: ManagerCore;
  #app: App | undefined;
  /** The user's wall clock. Without one it is the runtime's, looked up at each call as fetch is: tests replace it. */
  readonly #clock: (() => number) | undefined;
  #entries = new Map<string, Entry>();
  #wakers = new Set<() => void>();
  /** The error of the last attempt. */
  #failure: unknown;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #staleness: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  /** Judges the options; `instance` gives the live instance of the module. */
  constructor(instance: () => Instance, isolated: boolean, options: unknown) {
    this.#instance = instance;
    this.#isolated = isolated;
    this.given = copyManagerOptions(options, instance().optionNames) as Given;
    this.#open();
    this.#store = storeOf(this.given);
    if (this.given.now) this.#clock = wallClock(this.given.now);
    const limit = (name: string) => this.#core.policyNumber(name);
    this.limits = {
      deadlineMs: limit("deadlineMs"),
      timeoutMs: limit("timeoutMs"),
      storeTimeoutMs: limit("storeTimeoutMs"),
      keepRecordMs: limit("keepRecordMs"),
      renewalWaitMs: limit("renewalWaitMs"),
    };
  }

  /** Ends what goes on by itself. Runs that have something to put right go on to do so. */
  close(): void {
    this.isClosed = true;
    this.core().close();
    this.look();
    clearTimeout(this.#renewal);
    this.#watch(undefined);
    this.#wake();
  }

  /** Whether others may want to hear that an endpoint accepted the token. */
  get awaitsNews(): boolean {
    return this.#live?.awaitsNews === true;
  }

  /** Throws if the machine's clock cannot be right: a token's end is counted from it. */
  checkClock(): void {
    if (this.#wall() >= 0) return;
    const hint = "Set this machine's clock, or give the option now.";
    throw invalidOption("now: expected a clock after 1970, found one before", hint);
  }

  isFresh(): boolean {
    const wall = this.#wall();
    return wall >= 0 && wall < this.#freshByWall && (!this.#isolated || performance.now() < this.#freshByMonotonic);
  }

  /** Gives the old token to a caller that has waited long for its successor, if it is still valid. */
  spare(): AccessToken | undefined {
    const token = this.look();
    return this.#live?.isSpare ? token : undefined;
  }

  #wall(): number {
    return this.#clock === undefined ? Date.now() : this.#clock();
  }

  get #isShared(): boolean {
    return this.given.store !== undefined;
  }

  /** This moment. Only a step needs chance, and a worker's global scope, where a manager may be made, gives none. */
  #moment(random = 0): Moment {
    return { wall: this.#wall(), monotonic: performance.now(), random };
  }

  /** Opens a core in the live instance: at first, after a trap, and for another app. */
  #open(): void {
    this.#opened = this.#instance();
    this.#core = this.#opened.openCore(this.given);
    this.#entries = new Map();
    if (this.isClosed) this.#core.close();
    this.look();
    this.#wake();
  }

  /** The core, unless it is over: then the next one. */
  core(): ManagerCore {
    if (this.#instance() !== this.#opened) this.#open();
    return this.#core;
  }

  /** Looks at what the core knows: the live token, and until when it is fresh. */
  look(): AccessToken | undefined {
    const live = this.isClosed ? undefined : this.core().live(this.#moment());
    const isFresh = live !== undefined && !this.hasNews;
    this.#freshByWall = isFresh ? live.freshByWall : 0;
    this.#freshByMonotonic = isFresh ? live.freshByMonotonic : 0;
    this.#live = live;
    clearTimeout(this.#staleness);
    if (!this.#isolated && live) {
      // In place of a look at the monotonic clock at each call, which would cost as much as all the rest.
      const stale = () => {
        this.#freshByWall = 0;
      };
      this.#staleness = unattended(stale, this.#freshByMonotonic - performance.now());
    }
    // The same object for the same token.
    const token = live?.token;
    if (token?.expiresAt !== this.token?.expiresAt || token?.accessToken !== this.token?.accessToken) {
      this.token = token;
    }
    return this.token;
  }

  /** Begins a run, or joins it; gives its promise. */
  run(errand: Errand, deadline: number): Promise<AccessToken> {
    this.core();
    const entries = this.#entries;
    const known = entries.get(errand.key);
    if (known?.promise) {
      known.deadline = Math.max(known.deadline, deadline);
      if (known.core && known.id !== undefined) known.core.join(known.id, deadline);
      return known.promise;
    }
    if (errand === LOOK) this.hasNews = false;
    const entry: Entry = { deadline, promise: undefined, core: undefined, id: undefined };
    const ended = () => {
      entries.delete(errand.key);
      this.#ended();
    };
    const promise = this.#acquire(entry, errand)
      .finally(ended)
      .then((token) => (this.token?.accessToken === token.accessToken ? this.token : token));
    promise.catch(() => {});
    entry.promise = promise;
    if (!this.#isolated) entries.set(errand.key, entry);
    return promise;
  }

  async #acquire(entry: Entry, errand: Errand): Promise<AccessToken> {
    // Whose token it is: asked for at first, and by one run, however many callers it has.
    const app = this.#app ?? (await this.#become(this.core().requestFor(await this.#credentials())));
    const core = this.core();
    const opened = this.#opened;
    entry.core = core;
    const id = errand.begin(core, this.#moment(), entry.deadline);
    entry.id = id;
    return acquire({
      enter: (step) => this.#enter(core, id, step),
      generate: () => this.#generate(opened, core, app),
      pause: (ms) => this.#pause(ms),
      wall: () => this.#wall(),
      lastError: ({ retryAfterMs, attempts }) => repeated(this.#failure, retryAfterMs, attempts),
      store: this.#store,
      key: app.key,
      isShared: this.#isShared,
      storeTimeoutMs: this.limits.storeTimeoutMs,
      keepRecordMs: this.limits.keepRecordMs,
      seal: this.given.seal,
      open: this.given.open,
      secrets: () => [errand.token, this.token?.accessToken],
    });
  }

  #enter(core: ManagerCore, id: number, step: Step) {
    try {
      return step(core, id, this.#moment(randomNumber(this.#isShared)));
    } finally {
      this.#tell(core);
      if (core === this.#core) this.look();
    }
  }

  /** After a run: what is known now, who waits, and when to renew. */
  #ended(): void {
    const token = this.look();
    const renewInMs = this.#live?.renewInMs;
    this.#wake();
    clearTimeout(this.#renewal);
    if (!this.given.renewInBackground || this.#isolated || this.isClosed) return;
    const wait = (token && renewInMs) || LOOK_AGAIN_MS;
    const renew = () => this.run(LOOK, performance.now() + this.limits.deadlineMs);
    this.#renewal = unattended(() => renew().catch(() => {}), wait);
  }

  /** Waits, unless there is a reason to look earlier. */
  #pause(ms: number): Promise<void> {
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

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }

  #credentials(): Promise<unknown> {
    return currentCredentials(this.given.credentials, this.limits.timeoutMs);
  }

  async #become(request: TokenRequest): Promise<App> {
    const app = { ...request, key: await recordKey(request, this.#isShared) };
    this.#app = app;
    if (!this.#isolated && !this.isClosed) this.#watch(app.key);
    return app;
  }

  /** Watches that record, or none. */
  #watch(key: string | undefined): void {
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
  async #generate({ classify }: Instance, core: ManagerCore, app: App): Promise<Step> {
    try {
      const { timeoutMs } = this.limits;
      const begun = performance.now();
      const request = this.core().requestFor(await this.#credentials());
      if (request.consumerKey !== app.consumerKey) {
        if (request.consumerKey !== this.#app?.consumerKey) await this.#become(request);
        if (core === this.#core) this.#open();
        throw RESTART;
      }
      if (request.authorization !== app.authorization) core.forgetFailure();
      Object.assign(app, request);
      const sent = this.#moment();
      // The lease outlasts one attempt: the credentials and the answer together.
      const left = Math.max(begun + timeoutMs - sent.monotonic, 1);
      const end = await send({ ...request, timeoutMs: left }, this.given.fetch as Fetch | undefined);
      const { accessToken, expiresIn } = classify(request, end);
      return (core, id, now) => core.stepGranted(id, now, accessToken, expiresIn, sent);
    } catch (failure) {
      const error = failure instanceof DarajaError ? failure : undefined;
      const retryAfterMs = error && (propertyOf(error, "retryAfterMs") as number | undefined);
      return (core, id, now) => {
        this.#failure = failure;
        return core.stepFailed(id, now, error?.code, retryAfterMs);
      };
    }
  }

  /** Tells the user what happened. */
  #tell(core: ManagerCore): void {
    const { onEvent } = this.given;
    if (!onEvent) return;
    for (let event = core.takeEvent(); event !== undefined; event = core.takeEvent()) {
      const happened = event;
      ignoreErrors(() => onEvent(happened));
    }
  }
}

/** The error once more, for a caller that did not wait for it, with how long there will be no other attempt. */
function repeated(error: unknown, retryAfterMs: number | undefined, attempts: number): unknown {
  if (!(error instanceof DarajaError)) return error;
  const { attempts: _, ...fields } = { ...error, cause: propertyOf(error, "cause") };
  return new DarajaError(error.message, {
    ...fields,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(attempts > 0 && { attempts }),
  });
}
