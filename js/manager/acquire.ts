// One run of the protocol: carries out each effect that the core asks for, and tells it what came of that.
import type { AccessToken } from "../access-token.ts";
import { safeCause } from "../cause.ts";
import { DarajaError } from "../error.ts";
import { type JsonObject, parseObject } from "../json.ts";
import { MAX_TEXT_LENGTH, propertyOf } from "../options.ts";
import type { TokenStore } from "../stores/store.ts";
import { TIMEOUT, withTimeout } from "../with-timeout.ts";
import type { Step } from "./core.ts";
import type { Effect } from "./effect.ts";
import { randomText } from "./random.ts";
import { type RecordFields, readRecord, SCHEMA, writeRecord } from "./record.ts";
import type { TokenManagerSettings } from "./settings.ts";

/** A name that only a record has: a text with it may hold a record, and so a token. */
const MARK = "obtainedAt";
/** No clock of a server is wrong by more. In another unit than milliseconds it is decades away. */
const YEAR_MS = 365 * 86_400_000;

/** What a run needs of its engine. */
export interface Acquisition {
  /** Enters the core. */
  readonly enter: (step: Step) => Effect;
  /** Asks Daraja once. It does not reject, and cannot hang. */
  readonly generate: () => Promise<Step>;
  /** Waits, unless there is a reason to look earlier. */
  readonly pause: (ms: number) => Promise<void>;
  /** The error of the last attempt, for a caller who did not wait for it. */
  readonly lastError: (effect: Effect & { kind: "fail-as-before" }) => unknown;
  /** The wall clock. */
  readonly wall: () => number;
  readonly store: TokenStore;
  readonly key: string;
  readonly isShared: boolean;
  readonly storeTimeoutMs: number;
  readonly keepRecordMs: number;
  readonly seal: TokenManagerSettings["seal"];
  readonly open: TokenManagerSettings["open"];
  /** Tokens that no error may show. */
  readonly secrets: () => (string | undefined)[];
}

/** What stands in the store. */
interface Held {
  readonly version: string | null;
  /** The record with what another version of this package put there. */
  readonly json: JsonObject;
  /** Its token, as it was opened. */
  readonly token: string;
}

/** What came of an operation of the store. `held` is what stands there now, unless that is unknown. */
interface Outcome {
  readonly step: Step;
  readonly held: Held | undefined;
}

const NOTHING: Held = { version: null, json: {}, token: "" };

/** Errors that say that an endpoint rejects tokens that are good. */
export const blamesEndpoint = new WeakSet<object>();

/** Carries a run to its end: gives the token, or throws the error. */
export async function acquire(run: Acquisition): Promise<AccessToken> {
  const { store, key, open, seal } = run;
  let held = NOTHING;
  let written: string | undefined;
  let trouble: unknown;

  /** Only what an operation gives in time counts: one that is late must change nothing. */
  async function within(operation: () => Promise<Outcome>): Promise<Step> {
    try {
      const outcome = await withTimeout(run.storeTimeoutMs, undefined, operation);
      held = outcome.held ?? held;
      return outcome.step;
    } catch (error) {
      trouble = error === TIMEOUT ? new Error(`no answer within ${run.storeTimeoutMs} ms`) : error;
      return (core, id, now) => core.stepStoreFailed(id, now);
    }
  }

  async function load(): Promise<Outcome> {
    const [found, storeNow] = propertiesOf(await store.load(key), "record", "now");
    const at = instant(storeNow, run.wall);
    if (found === null) return { step: (core, id, now) => core.stepLoaded(id, now, undefined, at), held: NOTHING };
    const [version, value] = propertiesOf(found, "version", "value");
    const isUnreadable = typeof value !== "string" || value.length > MAX_TEXT_LENGTH;
    const json = ownOf(isUnreadable ? undefined : parseObject(value as string));
    if (json.schema !== SCHEMA) {
      textOf(version);
      return { step: (core, id, now) => core.stepUnreadable(id, now), held: undefined };
    }
    const text = typeof json.token === "string" ? json.token : "";
    const token = json.sealed && text ? await unsealed(text) : text;
    const record = readRecord(json, token);
    return {
      step: (core, id, now) => core.stepLoaded(id, now, record, at),
      held: { version: textOf(version), json, token },
    };
  }

  async function unsealed(sealed: string): Promise<string> {
    if (!open) throw new Error("the token in the store is sealed, and the option open is not given");
    const opened = await open(sealed);
    // `open` gives null where the key is lost. Then there is no token.
    return opened === null ? "" : textOf(opened);
  }

  async function swap(record: RecordFields): Promise<Outcome> {
    const { token } = record;
    const json = ownOf({ ...held.json, ...writeRecord(record) });
    // A token that stands there already is not sealed again.
    if (token !== held.token || json.token === undefined) {
      const isSealed = seal !== undefined && token !== "";
      json.token = isSealed ? textOf(await seal(token)) : token;
      json.sealed = isSealed || undefined;
    }
    const next = { version: randomText(run.isShared), value: JSON.stringify(json) };
    const answer = await store.compareAndSwap(key, held.version, next, { ttlMs: run.keepRecordMs });
    const [swapped, storeNow] = propertiesOf(answer, "swapped", "now");
    if (typeof swapped !== "boolean") throw new TypeError("swapped: expected a boolean");
    const at = instant(storeNow, run.wall);
    const step: Step = (core, id, now) => core.stepSwapped(id, now, swapped, at);
    return { step, held: swapped ? { version: next.version, json, token } : undefined };
  }

  /** The error, with what the store failed with as its cause, unless that could show a token. */
  function explained(error: DarajaError): DarajaError {
    if (error.code !== "ERR_DARAJA_STORE_UNAVAILABLE" || trouble === undefined) return error;
    const cause = safeCause(trouble, [MARK, held.token, written, ...run.secrets()]);
    return new DarajaError(error.message, { ...error, cause });
  }

  let step: Step = (core, id, now) => core.stepBegun(id, now);
  for (;;) {
    const effect = run.enter(step);
    switch (effect.kind) {
      case "load":
        step = await within(load);
        break;
      case "write":
        written = effect.record.token;
        step = await within(() => swap(effect.record));
        break;
      case "generate":
        step = await run.generate();
        break;
      case "wait":
        await run.pause(effect.ms);
        step = (core, id, now) => core.stepWoke(id, now);
        break;
      case "complete":
        return effect.token;
      case "fail": {
        const error = explained(effect.error);
        if (effect.endpoint) blamesEndpoint.add(error);
        throw error;
      }
      case "fail-as-before":
        throw run.lastError(effect);
    }
  }
}

/** The store's own instant, where it has a clock. Otherwise the wall clock counts, so a clock in another unit is refused. */
function instant(now: unknown, wall: () => number): number | undefined {
  if (now === undefined || now === null) return undefined;
  if (typeof now !== "number" || !(now >= 0)) throw new TypeError("now: expected milliseconds since the epoch");
  if (Math.abs(now - wall()) > YEAR_MS && Math.abs(now - Date.now()) > YEAR_MS) {
    const found = "found a number that is over a year from this machine's clock";
    throw new TypeError(`now: expected milliseconds since the epoch, ${found}: is it in another unit?`);
  }
  return now;
}

/** Properties of what a store gave. */
function propertiesOf(object: unknown, ...names: string[]): unknown[] {
  return names.map((name) => propertyOf(object, name));
}

/** Copies an object into one that inherits nothing: see propertyOf in options.ts. */
function ownOf(object: JsonObject | undefined): JsonObject {
  return Object.assign(Object.create(null), object);
}

/** A version, or a token. Entering the module with hundreds of megabytes would block the process for seconds. */
function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("expected a string");
  if (value.length > MAX_TEXT_LENGTH) throw new TypeError(`expected at most ${MAX_TEXT_LENGTH} characters`);
  return value;
}
