// Reads the options of a TokenManager and of its calls. Each option is read once. An error names the invalid option.
import type { DarajaError } from "../error.ts";
import { copyOptions, readOption, unknownOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";

const isObject = (value: unknown): value is object => value !== null && typeof value === "object";

/** Copies the options of a TokenManager, for the module and the manager. `namesOf` gives the names of the options. */
export function copyManagerOptions(options: unknown, namesOf: (ofPolicy: boolean) => string): unknown {
  // The module throws an error for a value that is not an object.
  if (!isObject(options)) return options;
  const copy = copyOptions(options, namesOf(false));
  if (isObject(copy.policy)) copy.policy = copyOptions(copy.policy, namesOf(true));
  return copy;
}

/** Reads the options of one call. `kinds` has the name and the kind of each. */
export function callOptions(options: unknown, kinds: Readonly<Record<string, string>>): Record<string, unknown> {
  const names = Object.keys(kinds).join(", ");
  const { kind } = readOption({ options }, "options");
  if (!isObject(options)) throw mistyped("options", "an object", kind);
  const unknown = unknownOption(options, names);
  // A long name may be a token in the wrong place, so it is not repeated.
  if (unknown !== undefined) {
    throw invalidOption(`unknown option ${unknown.length > 20 ? "[redacted]" : unknown}`, `The options are ${names}.`);
  }
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, optional(options, name, kind)]));
}

/** Reads one option, which may be left out. Throws if it is of another kind. */
export function optional(options: unknown, name: string, expected: string): unknown {
  const { kind, value } = readOption(options, name);
  if (kind !== expected && kind !== "undefined") throw mistyped(name, expected, kind);
  return value;
}

export function mistyped(name: string, expected: string, found: string): DarajaError {
  return invalidOption(
    `${name}: expected ${expected}, found ${found}`,
    "The typings of daraja-auth say what each call takes.",
  );
}
