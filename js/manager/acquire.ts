// One acquisition: carries out each effect that the core asks for, and tells the core how it ended.
import type { AccessToken } from "../access-token.ts";
import { safeCause } from "../cause.ts";
import { DarajaError } from "../error.ts";
import { type JsonObject, ownOf } from "../json.ts";
import { MAX_TEXT_LENGTH, propertyOf } from "../options.ts";
import type { TokenStore } from "../stores/store.ts";
import { TIMEOUT, withTimeout } from "../with-timeout.ts";
import type { Step } from "./core.ts";
import type { Effect } from "./effect.ts";
import { randomText } from "./random.ts";
import { parseRecord, type RecordFields, readRecord, SCHEMA, writeRecord } from "./record.ts";
import { repeatedError } from "./repeated-error.ts";
import type { TokenManagerSettings } from "./settings.ts";

/** Only a record has a member of this name. A text that contains the name may hold a record, and so a token. */
const MARK = "obtainedAt";
/** No server's clock is wrong by more than this. A clock in another unit than milliseconds is wrong by decades. */
const YEAR_MS = 365 * 86_400_000;

/** What an acquisition uses of its engine. */
export interface Acquisition {
  /** Enters the core. */
  readonly enter: (step: Step) => Effect;
  /** Asks Daraja once. Its promise always resolves. */
  readonly generate: () => Promise<Step>;
  /** Waits. It may end early: the record may have changed. */
  readonly pause: (ms: number) => Promise<void>;
  /** The wall clock. */
  readonly wall: () => number;
  readonly store: TokenStore;
  readonly key: string;
  readonly isShared: boolean;
  readonly storeTimeoutMs: number;
  readonly keepRecordMs: number;
  readonly seal: TokenManagerSettings["seal"];
  readonly open: TokenManagerSettings["open"];
  /** The tokens that no error may show. */
  readonly secrets: () => (string | undefined)[];
}

/** What the store holds. */
interface Stored {
  readonly version: string | null;
  /** The record, including members that another version of this package may have added. */
  readonly json: JsonObject;
  /** Its token, unsealed. */
  readonly token: string;
}

/** How an operation of the store ended. `stored` is what the store holds now, or undefined if that is unknown. */
interface Outcome {
  readonly step: Step;
  readonly stored: Stored | undefined;
}

const NOTHING: Stored = { version: null, json: {}, token: "" };

/** Errors that say that an endpoint, not the token, is probably at fault. */
export const blamesEndpoint = new WeakSet<object>();

/** Runs an acquisition to its end. Gives the token, or throws the error. */
export async function acquire(acquisition: Acquisition): Promise<AccessToken> {
  const { store, key, open, seal, storeTimeoutMs } = acquisition;
  let stored = NOTHING;
  let written: string | undefined;
  let lastStoreError: unknown;

  /** Gives the step for an operation of the store. The result of one that ends too late is not used. */
  async function inTime(operation: () => Promise<Outcome>): Promise<Step> {
    try {
      const outcome = await withTimeout(storeTimeoutMs, undefined, operation);
      stored = outcome.stored ?? stored;
      return outcome.step;
    } catch (error) {
      lastStoreError = error === TIMEOUT ? new Error(`no answer within ${storeTimeoutMs} ms`) : error;
      const final = isFinal(error);
      return (core, id, now) => (final ? core.stepUnreadable(id, now) : core.stepStoreFailed(id, now));
    }
  }

  async function load(): Promise<Outcome> {
    const [found, storeNow] = propertiesOf(await store.load(key), "record", "now");
    const at = storeInstant(storeNow, acquisition.wall);
    if (found === null) return { step: (core, id, now) => core.stepLoaded(id, now, undefined, at), stored: NOTHING };
    const [version, value] = propertiesOf(found, "version", "value");
    const json = parseRecord(value);
    if (json.schema !== SCHEMA) {
      textOf(version);
      return { step: (core, id, now) => core.stepUnreadable(id, now), stored: undefined };
    }
    const text = typeof json.token === "string" ? json.token : "";
    const token = json.sealed && text ? await unsealed(text) : text;
    const record = readRecord(json, token);
    return {
      step: (core, id, now) => core.stepLoaded(id, now, record, at),
      stored: { version: textOf(version), json, token },
    };
  }

  async function unsealed(sealed: string): Promise<string> {
    if (!open) throw new Error("the token in the store is sealed, and the option open is not given");
    const opened = await open(sealed);
    // `open` gives null if the key is lost. Then there is no token.
    return opened === null ? "" : textOf(opened);
  }

  async function swap(record: RecordFields): Promise<Outcome> {
    const { token } = record;
    const json = ownOf({ ...stored.json, ...writeRecord(record) });
    // A token that the store already holds is not sealed again.
    if (token !== stored.token || json.token === undefined) {
      const isSealed = seal !== undefined && token !== "";
      json.token = isSealed ? textOf(await seal(token)) : token;
      json.sealed = isSealed || undefined;
    }
    const next = { version: randomText(acquisition.isShared), value: JSON.stringify(json) };
    const answer = await store.compareAndSwap(key, stored.version, next, { ttlMs: acquisition.keepRecordMs });
    const [swapped, storeNow] = propertiesOf(answer, "swapped", "now");
    if (typeof swapped !== "boolean") throw new TypeError("swapped: expected a boolean");
    const at = storeInstant(storeNow, acquisition.wall);
    const step: Step = (core, id, now) => core.stepSwapped(id, now, swapped, at);
    return { step, stored: swapped ? { version: next.version, json, token } : undefined };
  }

  /**
   * Adds a safe copy of the store's error, as the cause, to the error of an unavailable store. If the store's error is
   * final, gives that instead. Gives any other error unchanged.
   */
  function withCause(error: DarajaError): DarajaError {
    if (error.code !== "ERR_DARAJA_STORE_UNAVAILABLE" || lastStoreError === undefined) return error;
    if (isFinal(lastStoreError)) return lastStoreError;
    const cause = safeCause(lastStoreError, [MARK, stored.token, written, ...acquisition.secrets()]);
    return new DarajaError(error.message, { ...error, cause });
  }

  let step: Step = (core, id, now) => core.stepBegun(id, now);
  for (;;) {
    const effect = acquisition.enter(step);
    switch (effect.kind) {
      case "load":
        step = await inTime(load);
        break;
      case "write":
        written = effect.record.token;
        step = await inTime(() => swap(effect.record));
        break;
      case "generate":
        step = await acquisition.generate();
        break;
      case "wait":
        await acquisition.pause(effect.ms);
        step = (core, id, now) => core.stepWoke(id, now);
        break;
      case "complete":
        return effect.token;
      case "fail": {
        const error = withCause(effect.error);
        if (effect.endpoint) blamesEndpoint.add(error);
        throw error;
      }
      case "fail-as-before":
        throw repeatedError(effect.error, effect.retryAfterMs, effect.attempts);
    }
  }
}

/** Whether a store says that trying again does not help: its database's client is not installed, for example. */
const isFinal = (error: unknown): error is DarajaError => error instanceof DarajaError && !error.retryable;

/** Checks the store's clock. Gives undefined if the store has no clock. Then the wall clock is used. */
function storeInstant(now: unknown, wall: () => number): number | undefined {
  if (now === undefined || now === null) return undefined;
  if (typeof now !== "number" || !(now >= 0)) throw new TypeError("now: expected milliseconds since the epoch");
  if (Math.abs(now - wall()) > YEAR_MS && Math.abs(now - Date.now()) > YEAR_MS) {
    const found = "found a number that is over a year from this machine's clock";
    throw new TypeError(`now: expected milliseconds since the epoch, ${found}: is it in another unit?`);
  }
  return now;
}

/** Reads properties of a store's answer. */
function propertiesOf(object: unknown, ...names: string[]): unknown[] {
  return names.map((name) => propertyOf(object, name));
}

/** Checks a version or a token. Entering the module with hundreds of megabytes would block the process for seconds. */
function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("expected a string");
  if (value.length > MAX_TEXT_LENGTH) throw new TypeError(`expected at most ${MAX_TEXT_LENGTH} characters`);
  return value;
}
