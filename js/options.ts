// Reads a caller's object. Its properties may be getters that lie or throw, so each is read once.

/**
 * The longest text that is read or copied. It may be an option, a record or an answer's body. A longer text cannot be
 * valid, and could fill the module's memory. A token's answer has about 100 bytes, an error's a few hundred.
 */
export const MAX_TEXT_LENGTH = 65_536;

/** The kind of a value, in words. */
export type ValueKind =
  | "undefined"
  | "null"
  | "a string"
  | "a string of over 65536 characters"
  | "a string with half a surrogate pair"
  | "a string that is no URL"
  | "a number"
  | "a bigint"
  | "a boolean"
  | "a symbol"
  | "a function"
  | "an AbortSignal"
  | "an object"
  | "a property that throws when it is read";

/** An option's value and kind, as found. */
export interface OptionValue {
  readonly kind: ValueKind;
  readonly value: unknown;
}

/** No caller's object inherits from more classes. The limit is for a proxy that claims to inherit from itself. */
const MAX_CLASSES = 32;

/**
 * Gives the value of a property of an object or of its class. A value on Object.prototype does not count. A careless
 * merge of foreign JSON can put a value there. Then it would look like an option that the caller gave.
 */
export function propertyOf(object: unknown, name: PropertyKey): unknown {
  let holder = object as object | null;
  for (let classes = 0; classes < MAX_CLASSES; classes++) {
    if (Object.hasOwn(holder as object, name)) return (object as Record<PropertyKey, unknown>)[name];
    holder = Object.getPrototypeOf(holder) as object | null;
    // The last object of a prototype chain is Object.prototype, also in another realm.
    if (holder === null || Object.getPrototypeOf(holder) === null) return undefined;
  }
  return undefined;
}

/** In a copy, this replaces a property that throws when it is read. */
const UNREADABLE = Symbol("unreadable");

/**
 * Copies properties of a caller's object into an object that inherits nothing. Each is read once. `names` are separated
 * by commas and spaces. If the object has an own property with another name, the copy has that name, without its value:
 * the module makes an error that needs only the name.
 */
export function copyOptions(object: object, names: string): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of names.split(", ")) {
    try {
      const value = propertyOf(object, name);
      if (value !== undefined) copy[name] = value;
    } catch {
      copy[name] = UNREADABLE;
    }
  }
  const unknown = unknownOption(object, names);
  if (unknown !== undefined) copy[unknown] = undefined;
  return copy;
}

/** Reads a property of a caller's object once. */
export function readOption(options: unknown, name: string): OptionValue {
  try {
    const value = propertyOf(options, name);
    if (value === UNREADABLE) throw undefined;
    const kind = kindOf(value);
    // This is the parser that fetch uses, so a request cannot go to a host that was not checked.
    const isNoUrl = name === "baseUrl" && kind === "a string" && !URL.canParse(value as string);
    return { kind: isNoUrl ? "a string that is no URL" : kind, value };
  } catch {
    return { kind: "a property that throws when it is read", value: undefined };
  }
}

/**
 * Gives the first option name that is not one of `known` (separated by commas and spaces), cut to 200 characters. Gives
 * undefined if all are known.
 */
export function unknownOption(options: unknown, known: string): string | undefined {
  try {
    const names = known.split(", ");
    const unknown = Reflect.ownKeys(options as object).find(
      (name) => typeof name === "string" && !names.includes(name),
    ) as string | undefined;
    return unknown?.slice(0, 200);
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): ValueKind {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  switch (typeof value) {
    case "string":
      if (value.length > MAX_TEXT_LENGTH) return "a string of over 65536 characters";
      return value.isWellFormed?.() === false ? "a string with half a surrogate pair" : "a string";
    case "object":
      return isSignal(value) ? "an AbortSignal" : "an object";
    default:
      return `a ${typeof value as "number"}`;
  }
}

/** Recognises a signal by its members, not by its class: other realms and polyfills have their own classes. */
function isSignal(value: object): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
  return (
    typeof aborted === "boolean" && typeof addEventListener === "function" && typeof removeEventListener === "function"
  );
}
