// Decides whether a foreign error may become the `cause` of a DarajaError, which people log.

/** Gives the cause, or a stand-in if logging the cause would show one of the secrets, or could. */
export function safeCause(cause: unknown, secrets: readonly (string | undefined)[]): unknown {
  const texts = secrets.filter((secret) => secret !== undefined && secret !== "") as string[];
  const bare = texts.map((text) => text.replace(/^Basic /, ""));
  return isSafeToLog(cause, bare) ? cause : new Error("withheld: it may show a secret");
}

/** Objects of these kinds hide nothing that `util.inspect` or a logger would print. */
const TRANSPARENT = ["[object Error]", "[object DOMException]", "[object Object]", "[object Array]"];
/** A log shows these properties even when they are inherited. The last two are functions that can print anything. */
const INHERITED = ["message", "stack", "name", "toJSON", Symbol.for("nodejs.util.inspect.custom")];
/** A cause with more values than this takes too long to look through, so it is withheld. */
const MAX_VALUES = 1000;

/** Whether everything that a log could print of a value can be seen here, and holds none of the secrets. */
function isSafeToLog(cause: unknown, secrets: readonly string[]): boolean {
  const waiting = new Set([cause]);
  try {
    for (const value of waiting) {
      if (typeof value === "function") return false;
      if (Object(value) !== value) {
        // A log shows the description of a symbol, too.
        if (secrets.some((secret) => String(value).includes(secret))) return false;
        continue;
      }
      const object = value as Record<PropertyKey, unknown>;
      const keys = [...Reflect.ownKeys(object), ...INHERITED];
      const isSmall = waiting.size + keys.length < MAX_VALUES;
      if (!isSmall || !TRANSPARENT.includes(Object.prototype.toString.call(object))) return false;
      for (const key of keys) {
        waiting.add(key);
        // A property that every error has says nothing about this one. (Next.js patches Error.prototype.)
        if (object[key] !== (Error.prototype as unknown as Record<PropertyKey, unknown>)[key]) waiting.add(object[key]);
      }
    }
    return true;
  } catch {
    return false;
  }
}
