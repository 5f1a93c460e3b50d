// The environment variables that the package reads, and which of several values counts. The library and the command line
// both follow these rules.

/** The variables that each option is looked up in. The first one that is set counts. */
export const VARIABLES = {
  consumerKey: ["DARAJA_CONSUMER_KEY", "MPESA_CONSUMER_KEY"],
  consumerSecret: ["DARAJA_CONSUMER_SECRET", "MPESA_CONSUMER_SECRET"],
  environment: ["DARAJA_ENVIRONMENT", "MPESA_ENVIRONMENT"],
  baseUrl: ["DARAJA_BASE_URL"],
  store: ["DARAJA_STORE"],
} as const;

/** An option that can be given by a variable. */
export type VariableOption = keyof typeof VARIABLES;
/** Variables by their names: `process.env`, what a .env file sets, or the `env` of a worker. */
export type Variables = Readonly<Record<string, unknown>>;

/** Somewhere that variables are looked for, such as "the environment". */
export interface Place {
  readonly from: string;
  readonly variables: Variables;
}

/** A value, and the name and the place that it was found under. */
export interface Used {
  readonly name: string;
  readonly from: string;
  readonly value: unknown;
}

/** Every value that was found for each option. The first one counts. */
export type Found = Record<VariableOption, Used[]>;

/** Whether a variable is set. One that is set to nothing is set. */
export const isSet = (variables: Variables, name: string): boolean =>
  Object.hasOwn(variables, name) && variables[name] !== undefined;

/** Finds the values of all options. The places come in the order in which they count. */
export function valuesIn(places: readonly Place[]): Found {
  const valuesOf = (names: readonly string[]) =>
    places.flatMap(({ from, variables }) =>
      names.filter((name) => isSet(variables, name)).map((name) => ({ name, from, value: variables[name] })),
    );
  const found = Object.fromEntries(
    Object.entries(VARIABLES).map(([option, names]) => [option, valuesOf(names)]),
  ) as Found;
  // A base URL that was left over in a later place must not overrule an environment.
  const rankOf = (used: Used) => places.findIndex(({ from }) => from === used.from);
  const [chosen] = found.environment;
  if (chosen) found.baseUrl = found.baseUrl.filter((used) => rankOf(used) <= rankOf(chosen));
  return found;
}

const API = "(?:daraja|m_?pesa|safaricom)";
const CREDENTIAL = new RegExp(`consumer_?(?:key|secret)|${API}_?(?:(?:app|api|client)_?)?(?:key|secret)`, "i");
const TARGET = new RegExp(
  `^${API}_(?:api_)?(?:env|environment|mode|stage|live|sandbox|production|is_(?:live|sandbox|production)|base_?url|url|host)$`,
  "i",
);

/** Variables that look as if they were meant, and that are not read. */
export interface Lookalikes {
  readonly credentials: string[];
  /** Variables that seem to choose an environment; none if a variable that is read chooses one. */
  readonly target: string[];
}

/** Finds the names of such variables. */
export function lookalikesIn(places: readonly Place[], found: Found): Lookalikes {
  const known: readonly string[] = Object.values(VARIABLES).flat();
  const names = [...new Set(places.flatMap(({ variables }) => Object.keys(variables)))].filter(
    (name) => !known.includes(name) && !name.startsWith("npm_"),
  );
  const isChosen = found.environment.length + found.baseUrl.length > 0;
  return {
    credentials: names.filter((name) => CREDENTIAL.test(name)),
    target: isChosen ? [] : names.filter((name) => TARGET.test(name)),
  };
}

/** Says that such variables choose no environment. `instead` is what does. */
export const warningOf = (target: readonly string[], instead: string): string =>
  `${target.join(" and ")}: set, but not read. Daraja's sandbox is asked. ${instead} says which.`;

/** What people write for the two environments. */
const MEANT = new Map<string, "production" | "sandbox">([
  ["prod", "production"],
  ["live", "production"],
  ["production", "production"],
  ["sandbox", "sandbox"],
  ["test", "sandbox"],
  ["testing", "sandbox"],
  ["dev", "sandbox"],
  ["development", "sandbox"],
]);

/** The environment that a word means, if it means one. */
export const meantEnvironment = (word: string): "production" | "sandbox" | undefined =>
  MEANT.get(word.replace(/[^a-z]/gi, "").toLowerCase());

/** What is wrong, and what to do about it. */
export interface Objection {
  readonly message: string;
  readonly hint: string;
}

const SCHEMES = ["redis:", "rediss:", "postgres:", "postgresql:", "file:"];

/** What DARAJA_STORE begins with, or what is wrong with it. Its value is not repeated: it may have a password in it. */
export function storeSchemeOf({ name, value }: Omit<Used, "from">): string | Objection {
  const scheme = /^[a-z]+:/i.exec(String(value))?.[0].toLowerCase() ?? "";
  if (SCHEMES.includes(scheme)) return scheme;
  const found = value === "" ? `${name} is set to nothing` : `${name}: found something else`;
  return {
    message: `${found}; expected redis://, rediss://, postgres://, postgresql:// or file:`,
    hint: "DynamoDB and Durable Objects are reached by your program only.",
  };
}
