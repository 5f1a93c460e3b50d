// What a user says, to the constructor or of one call: read once, and refused by name where it cannot be used.
import { readOption, unknownOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";

const isObject = (value) => value !== null && typeof value === "object";

/** The options as the module is to read them; `read` gets what it read, each property once. */
export function recorded(options, read) {
  if (!isObject(options)) return options;
  return new Proxy(
    {},
    {
      ownKeys: () => Reflect.ownKeys(options),
      get(_, name) {
        if (name in read) return read[name];
        const value = options[name];
        if (value === undefined) return value;
        read[name] = name === "policy" && isObject(value) ? {} : value;
        return read[name] === value ? value : recorded(value, read[name]);
      },
    },
  );
}

/** What a caller says of one call; `kinds` has the names and kinds of what may be said. */
export function ofCall(options, kinds) {
  const names = Object.keys(kinds);
  const { kind } = readOption({ options }, "options");
  if (!isObject(options)) throw mistyped("options", "an object", kind);
  const stranger = unknownOption(options, names.join(" "));
  // A long one may be a token in the wrong place.
  if (stranger !== undefined) {
    throw mistyped(stranger.length > 20 ? "options" : stranger, `one of ${names.join(", ")}`, "another name");
  }
  return Object.fromEntries(names.map((name) => [name, optional(options, name, kinds[name])]));
}

/** One option, if it is of its kind or left out. */
export function optional(options, name, expected) {
  const { kind, value } = readOption(options, name);
  if (kind !== expected && kind !== "undefined") throw mistyped(name, expected, kind);
  return value;
}

export function mistyped(name, expected, found) {
  return invalidOption(
    `${name}: expected ${expected}, found ${found}`,
    "The typings of daraja-auth say what each call takes.",
  );
}
