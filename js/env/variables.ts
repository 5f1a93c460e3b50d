// The rules of environment variables: which ones the package reads, and which one counts if several are set. The
// library and the command line follow them.

/** The variables of each option. The first variable that is set counts. */
export const VARIABLES = {
  consumerKey: ["DARAJA_CONSUMER_KEY", "MPESA_CONSUMER_KEY"],
  consumerSecret: ["DARAJA_CONSUMER_SECRET", "MPESA_CONSUMER_SECRET"],
  environment: ["DARAJA_ENVIRONMENT", "MPESA_ENVIRONMENT"],
  baseUrl: ["DARAJA_BASE_URL"],
  store: ["DARAJA_STORE"],
} as const;

/** An option that a variable can give. */
export type VariableOption = keyof typeof VARIABLES;
/** Variables by name: `process.env`, the variables of a .env file, or the `env` of a worker. */
export type Variables = Readonly<Record<string, unknown>>;

/** A place where variables are looked up, such as "the environment". */
export interface Place {
  readonly from: string;
  readonly variables: Variables;
}

/** A value, the name of its variable, and the place where it was found. */
export interface Used {
  readonly name: string;
  readonly from: string;
  readonly value: unknown;
}

/** Every value that was found for each option. The first one counts. */
export type Found = Record<VariableOption, Used[]>;

/** Whether a variable is set. A variable with an empty value is set. */
export const isSet = (variables: Variables, name: string): boolean =>
  Object.hasOwn(variables, name) && variables[name] !== undefined;

/** Finds the values of all options. An earlier place overrides a later one. */
export function valuesIn(places: readonly Place[]): Found {
  const valuesOf = (names: readonly string[]) =>
    places.flatMap(({ from, variables }) =>
      names.filter((name) => isSet(variables, name)).map((name) => ({ name, from, value: variables[name] })),
    );
  const found = Object.fromEntries(
    Object.entries(VARIABLES).map(([option, names]) => [option, valuesOf(names)]),
  ) as Found;
  // A base URL that was forgotten in a later place must not override an environment of an earlier one.
  const rankOf = (used: Used) => places.findIndex(({ from }) => from === used.from);
  const [chosen] = found.environment;
  if (chosen) found.baseUrl = found.baseUrl.filter((used) => rankOf(used) <= rankOf(chosen));
  return found;
}

const API = "(?:daraja|m_?pesa|safaricom|lnmo)";
const CREDENTIAL = new RegExp(
  `consumer_?(?:key|secret)|${API}_?(?:(?:app|api|client)_?)?(?:key|secret)|${API}_client_?id`,
  "i",
);
/** Frameworks have prefixes, such as NEXT_PUBLIC_. The URL of a callback chooses no environment. */
const TARGET = new RegExp(
  `(?:^|_)${API}_?(?:(?:api|app|daraja|is|target|use)_?)*` +
    "(?:env|environment|stage|(?:(?:test|live|sandbox)_?)?mode|live|sandbox|prod|production|" +
    "(?:(?:base|token|auth|oauth)_?)?url|host|endpoint)$",
  "i",
);

/** Variables that a user may have set by mistake. The package does not read them. */
export interface Lookalikes {
  readonly credentials: string[];
  /** Variables that seem to choose an environment. Empty if a variable that the package reads chooses one. */
  readonly target: string[];
}

/** Finds the names of lookalikes. */
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

/** The warning that the lookalikes in `target` choose no environment. `instead` names the variable that does. */
export const warningOf = (target: readonly string[], instead: string): string =>
  `${target.join(" and ")}: set, but not read. Daraja's sandbox is asked. Set ${instead}.`;

/** The words that people write for the two environments. */
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

/** The scheme of DARAJA_STORE, or what is wrong with its value. The value is not repeated: it may hold a password. */
export function storeSchemeOf({ name, value }: Omit<Used, "from">): string | Objection {
  const scheme = /^[a-z]+:/i.exec(String(value))?.[0].toLowerCase() ?? "";
  if (SCHEMES.includes(scheme)) return scheme;
  const found = value === "" ? `${name} is set to nothing` : `${name}: found something else`;
  return {
    message: `${found}; expected redis://, rediss://, postgres://, postgresql:// or file:`,
    hint: "DynamoDB and Durable Objects are reached by your program only.",
  };
}
