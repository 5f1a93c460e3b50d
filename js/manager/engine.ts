// The engine of one manager: its core, the acquisitions that callers share, and their clocks, timers and store.
import { isolated } from "#wasm";
import type { AccessToken } from "../access-token.ts";
import { DarajaError } from "../error.ts";
import { type Fetch, send, type TokenRequest } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import type { Instance } from "../instance.ts";
import type { TokenStore } from "../stores/store.ts";
import { acquire } from "./acquire.ts";
import { Clock } from "./clock.ts";
import type { ManagerCore, Step } from "./core.ts";
import { currentCredentials, recordKey } from "./credentials.ts";
import type { Limits } from "./effect.ts";
import { Freshness } from "./freshness.ts";
import { copyManagerOptions } from "./options.ts";
import { Pauses } from "./pauses.ts";
import { type Purpose, REVALIDATE } from "./purpose.ts";
import { randomNumber } from "./random.ts";
import { RecordWatch } from "./record-watch.ts";
import { Renewal } from "./renewal.ts";
import type { ChangingCredentials, TokenManagerSettings } from "./settings.ts";
import { storeOf } from "./store.ts";

/** An acquisition ends with this if its credentials are those of another app. Its callers begin another acquisition. */
export const APP_CHANGED = Symbol("another app");

/** An app: its last request for a token, and the key of its record. */
type App = TokenRequest & { readonly key: string };

/** An acquisition that other callers may join. */
interface Joinable {
  promise: Promise<AccessToken>;
  /** The latest deadline of its callers. */
  deadline: number;
  /** Tells the core of a later deadline, once the acquisition has begun. */
  join: ((deadline: number) => void) | undefined;
}

export class Engine {
  readonly options: TokenManagerSettings & Partial<ChangingCredentials>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly freshness: Freshness;
  isClosed = false;
  readonly #instance: () => Instance;
  readonly #store: TokenStore;
  /**
   * An isolated runtime has none of these three. There a request cannot end the pause of another request. A watch or a
   * renewal would outlive the request that started it.
   */
  readonly #pauses: Pauses | undefined;
  readonly #watch: RecordWatch | undefined;
  readonly #renewal: Renewal | undefined;
  /** The instance of the module that the core is in. */
  #opened: Instance;
  #core: ManagerCore;
  #app: App | undefined;
  #joinable = new Map<string, Joinable>();

  /** Checks the options. `instance` gives the live instance of the module. */
  constructor(instance: () => Instance, options: unknown) {
    this.#instance = instance;
    this.#opened = instance();
    this.options = copyManagerOptions(options, this.#opened.optionNames) as Engine["options"];
    this.#core = this.#opened.openCore(this.options);
    this.#store = storeOf(this.options);
    this.clock = new Clock(this.options.now);
    this.freshness = new Freshness(this.clock);
    if (!isolated) {
      const pauses = new Pauses();
      this.#pauses = pauses;
      this.#watch = new RecordWatch(this.#store, () => {
        this.freshness.markStale();
        pauses.wake();
      });
      this.#renewal = new Renewal(() => this.acquire(REVALIDATE, performance.now() + this.limits.deadlineMs));
    }
    this.limits = this.#core.limits();
  }

  /** Ends timers and the watch. An acquisition that has written a lease still releases it. */
  close(): void {
    this.isClosed = true;
    this.core().close();
    this.liveToken();
    if (isolated) return;
    this.#renewal?.stop();
    this.#watch?.stop();
    this.#pauses?.wake();
  }

  /**
   * Gives the old token to a caller that has waited long for a new one. Gives undefined if the old token is dead, or
   * ends within a minute.
   */
  tokenDuringRenewal(): AccessToken | undefined {
    const token = this.liveToken();
    return this.freshness.live?.isUsableDuringRenewal ? token : undefined;
  }

  /** Asks the core for the live token, and how long it is fresh. */
  liveToken(): AccessToken | undefined {
    return this.freshness.update(this.isClosed ? undefined : this.core().live(this.clock.moment()));
  }

  /** The core. After a trap it is a new one, in the next instance of the module. */
  core(): ManagerCore {
    if (this.#instance() !== this.#opened) this.#open();
    return this.#core;
  }

  /** Opens another core: after a trap, and for another app. */
  #open(): void {
    this.#opened = this.#instance();
    this.#core = this.#opened.openCore(this.options);
    if (this.isClosed) this.#core.close();
    this.liveToken();
    if (isolated) return;
    this.#joinable = new Map();
    this.#pauses?.wake();
  }

  /** Begins an acquisition, or joins the one that has the same purpose. */
  acquire(purpose: Purpose, deadline: number): Promise<AccessToken> {
    this.core();
    const joinable = { deadline, join: undefined } as Joinable;
    const joinables = this.#joinable;
    if (!isolated) {
      const known = joinables.get(purpose.joinKey);
      if (known) {
        known.deadline = Math.max(known.deadline, deadline);
        known.join?.(deadline);
        return known.promise;
      }
      if (purpose === REVALIDATE) this.freshness.isStale = false;
    }
    const promise = this.#acquire(joinable, purpose)
      .finally(() => {
        if (!isolated) joinables.delete(purpose.joinKey);
        this.#acquired();
      })
      .then((token) => (this.freshness.token?.accessToken === token.accessToken ? this.freshness.token : token));
    promise.catch(() => {});
    joinable.promise = promise;
    if (!isolated) joinables.set(purpose.joinKey, joinable);
    return promise;
  }

  async #acquire(joinable: Joinable, purpose: Purpose): Promise<AccessToken> {
    // The credentials say which app it is. The first acquisition asks for them, once for all its callers.
    const app = this.#app ?? (await this.#switchTo(await this.#currentRequest()));
    const core = this.core();
    const id = purpose.begin(core, this.clock.moment(), joinable.deadline);
    if (!isolated) joinable.join = (deadline) => core.join(id, deadline);
    return acquire({
      enter: (step) => this.#enter(core, id, step),
      generate: () => this.#generate(core, app),
      pause: (ms) => this.#pauses?.pause(ms) ?? new Promise((resolve) => setTimeout(resolve, ms)),
      wall: () => this.clock.wall(),
      store: this.#store,
      key: app.key,
      isShared: this.#isShared,
      storeTimeoutMs: this.limits.storeTimeoutMs,
      keepRecordMs: this.limits.keepRecordMs,
      seal: this.options.seal,
      open: this.options.open,
      secrets: () => [purpose.token, this.freshness.token?.accessToken],
    });
  }

  #enter(core: ManagerCore, id: number, step: Step) {
    try {
      return step(core, id, this.clock.moment(randomNumber(this.#isShared)));
    } finally {
      this.#emitEvents(core);
      if (core === this.#core) this.liveToken();
    }
  }

  /** After an acquisition: ends the pauses of the others, and plans the next renewal. */
  #acquired(): void {
    const token = this.liveToken();
    if (isolated) return;
    this.#pauses?.wake();
    if (!this.options.renewInBackground || this.isClosed) return;
    this.#renewal?.schedule(token && this.freshness.live?.renewInMs);
  }

  get #isShared(): boolean {
    return this.options.store !== undefined;
  }

  /** The request for a token with the current credentials. */
  async #currentRequest(): Promise<TokenRequest> {
    const credentials = await currentCredentials(this.options.credentials, this.limits.timeoutMs);
    return this.core().requestFor(credentials);
  }

  async #switchTo(request: TokenRequest): Promise<App> {
    const app = { ...request, key: await recordKey(request, this.options) };
    this.#app = app;
    if (!isolated && !this.isClosed) this.#watch?.start(app.key);
    return app;
  }

  /** Asks Daraja once, for an acquisition that began for that app. */
  async #generate(core: ManagerCore, app: App): Promise<Step> {
    try {
      const begun = performance.now();
      const request = await this.#currentRequest();
      if (request.consumerKey !== app.consumerKey) {
        if (request.consumerKey !== this.#app?.consumerKey) await this.#switchTo(request);
        if (core === this.#core) this.#open();
        throw APP_CHANGED;
      }
      if (request.authorization !== app.authorization) core.forgetFailure();
      Object.assign(app, request);
      const sent = this.clock.moment();
      // The lease lasts for one attempt. `credentials` and the request share that time.
      const timeoutMs = Math.max(begun + this.limits.timeoutMs - sent.monotonic, 1);
      const end = await send({ ...request, timeoutMs }, this.options.fetch as Fetch | undefined);
      return (core, id, now) => core.stepAttempted(id, now, request, end, sent);
    } catch (error) {
      const isRetryable = error instanceof DarajaError && error.retryable;
      return (core, id, now) => core.stepNotSent(id, now, error, isRetryable);
    }
  }

  #emitEvents(core: ManagerCore): void {
    const { onEvent } = this.options;
    if (!onEvent) return;
    for (let event = core.takeEvent(); event !== undefined; event = core.takeEvent()) {
      const happened = event;
      ignoreErrors(() => onEvent(happened));
    }
  }
}
