// What a response says of the token that it was asked with.
import { bodyOf } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { parseObject } from "../json.ts";
import { withTimeout } from "../with-timeout.ts";

/** More of a refusal is never read; it has some hundred bytes. */
const MAX_BYTES = 65_536;
/** It comes in one piece; a body that takes longer is none, or comes never. */
const MAX_MS = 3_000;

/** The token was refused, and the request not carried out; or it was accepted. Anything else says nothing of it. */
export const REJECTED = 1;
export const ACCEPTED = 2;

/** Reads a copy of the response, so that the response stays readable; `judge` is the module's. */
export async function verdictOf(response, judge) {
  let body;
  try {
    if (response.ok) return ACCEPTED;
    if (response.ok !== false || response.bodyUsed) return 0;
    body = bodyOf(response.clone());
    const text = await withTimeout(MAX_MS, undefined, () => body.read(MAX_BYTES + 1));
    const json = body.isWhole ? parseObject(text) : undefined;
    return json === undefined ? 0 : judge(response.status, json);
  } catch {
    // What cannot be read says nothing.
    return 0;
  } finally {
    if (body && !body.isWhole) ignoreErrors(() => body.cancel());
  }
}
