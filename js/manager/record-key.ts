// The key of an app's record in a store.
import { toHex } from "./random.ts";

/** Gives the key of the record of the app named `app`, at the origin of `url`. */
export function recordKey(url: string, app: string | number): string {
  return `daraja-auth:v1:${new URL(url).origin}:${app}`;
}

/** Gives the app's name in a store that several programs share: 16 hexadecimal digits of the consumer key's SHA-256. */
export async function sharedName(consumerKey: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(consumerKey));
  return toHex(new Uint8Array(bytes).subarray(0, 8));
}
