// The credentials that the option `credentials` gives, and the app that they belong to.
import { isolated } from "#wasm";
import { DarajaError } from "../error.ts";
import type { TokenRequest } from "../http.ts";
import { readOption } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { TIMEOUT, withTimeout } from "../with-timeout.ts";
import { hashEndpoint } from "./endpoint-hash.ts";
import { mistyped } from "./options.ts";
import { recordKey as keyOf, sharedName } from "./record-key.ts";
import type { ChangingCredentials, TokenManagerSettings } from "./settings.ts";

/** Calls the option `credentials`, and gives its result. Gives undefined without that option. */
export async function currentCredentials(
  credentials: ChangingCredentials["credentials"] | undefined,
  timeoutMs: number,
): Promise<unknown> {
  if (!credentials) return undefined;
  let current: unknown;
  try {
    current = await withTimeout(timeoutMs, undefined, async () => credentials());
  } catch (error) {
    throw error === TIMEOUT ? lateCredentials(timeoutMs) : failedCredentials(error);
  }
  const { kind } = readOption({ current }, "current");
  if (kind !== "an object") throw mistyped("credentials", "{ consumerKey, consumerSecret }", kind);
  return current;
}

/** The function's error without its text, because the text may quote the credentials. */
function failedCredentials(error: unknown): DarajaError {
  const [name, code] = ["name", "code"].map((part) => readOption(error ?? {}, part).value);
  const words = [name, code].filter((word) => typeof word === "string" && /^[\w.-]{1,64}$/.test(word));
  return new DarajaError("The function credentials failed", {
    code: "ERR_DARAJA_NETWORK",
    retryable: true,
    hint: "The cause names its error, whose text is withheld: it might quote a secret.",
    cause: new Error(words.join(" ") || "no name to show"),
  });
}

function lateCredentials(timeoutMs: number): DarajaError {
  return new DarajaError(`The function credentials gave nothing within ${timeoutMs} ms`, {
    code: "ERR_DARAJA_TIMEOUT",
    retryable: true,
    hint: "Its promise must settle within timeoutMs. Try again, or raise that.",
  });
}

/** Gives the key of the app's record in a store. */
export async function recordKey(request: TokenRequest, { store, open }: TokenManagerSettings): Promise<string> {
  const { url, consumerKey, consumerSecret } = request;
  // Without the option `store`, this is the key in the memory of the process. It contains a hash of the secret, because
  // code that knows only the consumer key must not get the token.
  if (!store) return keyOf(url, [consumerKey, hashEndpoint(consumerSecret), open !== undefined].join());
  // Each isolated runtime has crypto.subtle.
  if (!isolated && !crypto.subtle) {
    const hint = "A page has it over https and on localhost only. Without a store it is not needed.";
    throw invalidOption("store: expected a runtime with crypto.subtle, found one without", hint);
  }
  return keyOf(url, await sharedName(consumerKey));
}
