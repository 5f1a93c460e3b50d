// The `cause` of a DarajaError. People log it, so it must show no secret. A thrown error may contain a secret in many
// forms: percent-encoded, escaped, in base64, behind a getter. A search for secrets would have to know each form.
//
// So only the parts that a diagnosis needs are kept. If an error has no other parts, the error itself is the cause.
// Otherwise the cause is a copy of these parts.
import { isolated } from "#wasm";

/** The properties that are kept. They say which failure it was, and where. */
const FIELDS = "name message code errno syscall hostname host address port cause errors stack".split(" ");
/** The characters between two words. A host name or an address is several words. */
const WORD = /[^\s"'`()[\]{}<>,;:!?/.|*]+/g;
/**
 * A word (also in camel case), a constant, a code of SQL such as 28P01, a number or a part of an address. No token or
 * key of Daraja has such a form.
 */
const HARMLESS =
  /^(?:[A-Z]{0,5}[a-z]{0,23}(?:[A-Z][a-z]{2,15}){0,4}(?:[-_]+[a-z]{1,23})*|[A-Z]+(?:_[A-Z\d]{1,15})*|[A-Z\d]{5}|-?\d{1,6}|[\da-zA-Z]{1,4})$/;
/** Many short words in a row: a key as bytes or as single characters. Addresses are up to 9 short words. */
const SPELLED = /(?:[\da-zA-Z]{1,4}[^\da-zA-Z]+){15,}/g;
/** A line of a stack: a function and its place. */
const FRAME = /\n {4}at .*(?::\d+|<anonymous>|native|index \d+)\)?$/gm;
/** The members of Bun and Safari that say where an error was made. */
const PLACE = /^(original)?(line|column|sourceURL)$/i;
/** The longest text that is kept. A diagnosis does not need a longer one. */
const MAX_TEXT = 300;
/**
 * fetch's error has the network's error as its cause, which may have an error for each address. These are two levels. A
 * caller's own fetch may add one.
 */
const MAX_DEPTH = 3;
/** The limit of errors that are kept in an AggregateError. A host has fewer addresses. */
const MAX_ERRORS = 16;

/** Gives the thrown error, or a copy of its harmless parts. No text in the result contains one of `secrets`. */
export function safeCause(thrown: unknown, secrets: readonly (string | undefined)[], depth = 0): unknown {
  const bare = secrets.map((secret) => secret?.replace(/^Basic /, ""));
  const hasSecret = (text: string) => bare.some((secret) => secret && text.includes(secret));
  const harmless = (value: unknown): string => {
    const text = String(value);
    if (hasSecret(text) || text.length > MAX_TEXT) return "withheld: it may show a secret";
    return text.replace(WORD, (word) => (HARMLESS.test(word) ? word : "[redacted]")).replace(SPELLED, "[redacted]");
  };
  const isHarmless = (value: unknown) => harmless(value) === String(value);
  const inner = (value: unknown) => (depth < MAX_DEPTH ? safeCause(value, secrets, depth + 1) : undefined);
  const copy = new Error();
  try {
    if (Object(thrown) !== thrown) return isHarmless(thrown) ? thrown : new Error(harmless(thrown));
    const error = thrown as Record<PropertyKey, unknown>;
    let isKept = isOfRuntime(error);
    for (const key of new Set([...FIELDS, ...Reflect.ownKeys(error)])) {
      if (!FIELDS.includes(key as string)) {
        isKept &&= !isolated && PLACE.test(String(key));
        continue;
      }
      const value = error[key];
      if (key === "stack") {
        // The copy gets no frames. The stack only decides whether the error itself is kept.
        isKept &&= isHarmless(String(value).replace(FRAME, "")) && !hasSecret(String(value));
        continue;
      }
      let kept: unknown;
      if (key === "errors" && Array.isArray(value)) kept = allKept(value, inner);
      else if (Object(value) === value) kept = inner(value);
      else if (key === "message") kept = harmless(value ?? "");
      else if (isHarmless(value)) kept = value;
      // A getter could give another value to a log.
      isKept &&= kept === value && !Object.getOwnPropertyDescriptor(error, key)?.get;
      if (kept !== undefined) Object.defineProperty(copy, key, { value: kept, configurable: true });
    }
    if (isKept) return thrown;
    copy.stack = String(copy);
  } catch {
    // A member cannot be read. The copy has those that were read before it.
  }
  return copy;
}

/** An AggregateError has an error for each address of a host. Gives these, or their copies. */
function allKept(errors: readonly unknown[], keep: (error: unknown) => unknown): readonly unknown[] {
  const kept = errors.slice(0, MAX_ERRORS).map(keep);
  return errors.every((error, i) => kept[i] === error) ? errors : kept;
}

/**
 * Whether an error is of one of the runtime's own classes. Another class may have methods that a log calls, or members
 * that it shows. The prototypes are compared, since an older library's class inherits its constructor from Error.
 */
function isOfRuntime(error: object): boolean {
  const prototype = Object.getPrototypeOf(error);
  const classes = globalThis as unknown as Record<string, { prototype?: unknown } | undefined>;
  return error instanceof Error && prototype === classes[prototype.constructor.name]?.prototype;
}
