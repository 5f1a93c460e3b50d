// daraja-auth/env: reads the options from environment variables.
import type {
  AppCredentials,
  ChangingCredentials,
  Environment,
  TokenManagerOptions,
  TokenManagerSettings,
  TokenStore,
} from "daraja-auth";
import { storeFor, WAY_OUT } from "#store";
import { invalidOption } from "../stores/invalid-option.ts";
import {
  type Found,
  lookalikesIn,
  meantEnvironment,
  type Place,
  type Used,
  VARIABLES,
  type VariableOption,
  valuesIn,
  warningOf,
} from "./variables.ts";

/** The options `seal` and `open`. */
type Sealing =
  | {
      /** Encrypts a token before it is written to the store. */
      seal: NonNullable<TokenManagerSettings["seal"]>;
      /** Decrypts what `seal` made. */
      open: NonNullable<TokenManagerSettings["open"]>;
    }
  | {
      /** It needs `open` beside it. */
      seal?: undefined;
    };

/** Credentials that stay the same. */
interface Fixed {
  /** This option excludes `consumerKey` and `consumerSecret`. */
  credentials?: undefined;
}

/** Options that override the variables, or for which no variable exists. */
export type EnvOverrides = TokenManagerSettings & Partial<AppCredentials> & Sealing & Fixed;

/** The options that {@link fromEnv} returns. */
export type EnvOptions = TokenManagerSettings & AppCredentials & Sealing & Fixed;

/**
 * Reads the options of `TokenManager` and of `generateToken` from the environment, by the same variables as the command
 * line.
 *
 * DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET are required. DARAJA_ENVIRONMENT is sandbox (the default) or
 * production. DARAJA_BASE_URL is the URL of another Daraja, such as a simulator, and overrides it. MPESA_CONSUMER_KEY,
 * MPESA_CONSUMER_SECRET and MPESA_ENVIRONMENT are read if the others are not set. DARAJA_STORE names a store:
 * redis://…, postgres://… or file:…. On Node, Deno and Bun the store connects when it is first used. In other runtimes
 * DARAJA_STORE is an error: give `store` there.
 *
 * No file is read: `node --env-file=.env` does that.
 *
 * `generateToken` has no option `store`. If DARAJA_STORE is set, these options are an error there.
 *
 * @param overrides Options that override the variables, or that have no variable. An undefined one counts as left out.
 * @param env The variables. In a Cloudflare Worker it is the handler's `env`. The default is `process.env`.
 * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if a variable is missing or cannot be used. The message names it.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { fromEnv } from "daraja-auth/env";
 *
 * const tokens = new TokenManager(fromEnv());
 * ```
 */
export function fromEnv(overrides?: EnvOverrides, env?: object): EnvOptions;
export function fromEnv(
  overrides: TokenManagerSettings & ChangingCredentials & Sealing,
  env?: object,
): TokenManagerOptions;
export function fromEnv(
  overrides: Partial<TokenManagerOptions> = {},
  env: object = globalThis.process?.env ?? {},
): object {
  const given = Object.fromEntries(Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined));
  const place: Place = { from: "the environment", variables: readable(env) };
  const found = valuesIn([place]);
  for (const option of Object.keys(given).flatMap(replacedBy)) found[option] = [];
  refuseMissing(given, found, place);
  if (given.environment === undefined && given.baseUrl === undefined) warnOfLookalikes(found, place);
  return { ...optionsOf(found), ...given };
}

/** The variables of these options are ignored if the given option is present. */
function replacedBy(given: string): VariableOption[] {
  if (given === "credentials") return ["consumerKey", "consumerSecret"];
  if (given === "environment" || given === "baseUrl") return ["environment", "baseUrl"];
  return Object.hasOwn(VARIABLES, given) ? [given as VariableOption] : [];
}

/** The options that come from variables. */
function optionsOf({ store: [store], environment: [environment], ...others }: Found) {
  const options: Record<string, unknown> & { store?: TokenStore; environment?: Environment } = {};
  for (const [option, [used]] of Object.entries(others)) if (used) options[option] = filled(used);
  if (environment) options.environment = environmentOf(environment);
  if (store) options.store = storeFor(store);
  return options;
}

/** The value of a variable. Throws for an empty one, which a line of a template for .env files may have left. */
function filled({ name, value }: Used): unknown {
  if (value === "") throw invalidOption(`${name} is set to nothing`, "Give it its value, or unset it.");
  return value;
}

function environmentOf(used: Used): Environment {
  const value = String(filled(used));
  if (value === "sandbox" || value === "production") return value;
  // The value is not repeated: it may be a secret in the wrong variable.
  const meant = meantEnvironment(value);
  const question = meant ? `; did you mean ${meant}?` : "";
  throw invalidOption(
    `${used.name}: expected sandbox or production, found another text${question}`,
    "sandbox is for tests, production for real transactions. DARAJA_BASE_URL gives another host.",
  );
}

/** Throws if the key or the secret is neither given nor set. */
function refuseMissing(given: object, found: Found, place: Place): void {
  const isGiven = (option: string) => Object.hasOwn(given, option) || Object.hasOwn(given, "credentials");
  const missing = (["consumerKey", "consumerSecret"] as const).filter(
    (option) => !isGiven(option) && found[option].length === 0,
  );
  if (missing.length === 0) return;
  const names = missing.map((option) => VARIABLES[option][0]).join(" and ");
  const { credentials } = lookalikesIn([place], found);
  const hints = [
    credentials.length > 0 && `${credentials.join(" and ")}: set, but not read.`,
    WAY_OUT,
    "The values are in My Apps on the Daraja portal; npx daraja-auth simulate --write-env .env makes some for tests.",
  ];
  throw invalidOption(`${names}: not set`, hints.filter(Boolean).join(" "));
}

/** Warns of variables that seem to choose an environment. The package does not read them, so it asks the sandbox. */
function warnOfLookalikes(found: Found, place: Place): void {
  const { target } = lookalikesIn([place], found);
  if (target.length === 0) return;
  const warning = warningOf(target, "DARAJA_ENVIRONMENT");
  const { process } = globalThis;
  if (process?.emitWarning) process.emitWarning(warning, "DarajaAuthWarning", "DARAJA_AUTH_LOOKALIKE");
  else console.warn(warning);
}

/**
 * Copies the variables that can be read. Deno shows only the variables that its user has allowed. It throws for the
 * others, and for a list of all.
 */
function readable(env: object): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  let names: readonly string[] = Object.values(VARIABLES).flat();
  try {
    names = Object.keys(env);
  } catch {
    // Only the names that the package reads are tried, one by one.
  }
  for (const name of names) {
    try {
      if (Object.hasOwn(env, name)) copy[name] = (env as Record<string, unknown>)[name];
    } catch {
      // A variable that may not be read counts as not set.
    }
  }
  return copy;
}
