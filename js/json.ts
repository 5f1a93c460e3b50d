export type JsonObject = Record<string, unknown>;

/** Copies an object into one that inherits nothing: see propertyOf in options.ts. */
export function ownOf(object: JsonObject | undefined): JsonObject {
  return Object.assign(Object.create(null), object);
}

/** Parses a JSON object. Gives undefined for text that is anything else. `reviver` is JSON.parse's. */
export function parseObject(text: string, reviver?: (name: string, value: unknown) => unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text, reviver);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Tries some paths, such as `errorCode fault.detail.errorcode`. Gives the value at the first path that has a value. */
export function valueAt(json: unknown, paths: string): unknown {
  for (const path of paths.split(" ")) {
    let value = json;
    for (const name of path.split(".")) {
      value = Object.hasOwn(Object(value), name) ? (value as JsonObject)[name] : undefined;
    }
    if (value !== undefined) return value;
  }
  return undefined;
}
