// What a user says, to the constructor or of one call: read once, and refused by name where it cannot be used.
import { copyOptions, readOption, unknownOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";

const isObject = (value) => value !== null && typeof value === "object";

/** Copies the options of a TokenManager, for the module and for the manager. `namesOf` gives the names of the options. */
export function copyManagerOptions(options, namesOf) {
  // The module refuses what is no object.
  if (!isObject(options)) return options;
  const copy = copyOptions(options, namesOf(false));
  if (isObject(copy.policy)) copy.policy = copyOptions(copy.policy, namesOf(true));
  return copy;
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
