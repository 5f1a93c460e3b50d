// What a business API's response says of the token that it was asked with.
import { type Body, bodyOf } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { type JsonObject, parseObject } from "../json.ts";
import { MAX_TEXT_LENGTH } from "../options.ts";
import { withTimeout } from "../with-timeout.ts";

/** An error answer comes in one piece. A body that takes longer is something else, or never comes. */
const MAX_MS = 3_000;

/** The token was rejected, and the request not carried out; or it was accepted. Any other number says nothing about it. */
export const REJECTED = 1;
export const ACCEPTED = 2;

/**
 * Classifies a response. Reads a copy, so that the response stays readable; copying one takes a seventh of a call on
 * loopback, so it is copied only if it may be a rejection. `wantsAccepted`: also if it may say that the token was
 * accepted. `classify` is the module's.
 */
export async function classifyResponse(
  response: Response,
  classify: (status: number, json: JsonObject) => number,
  wantsAccepted: boolean,
): Promise<number> {
  let body: Body | undefined;
  try {
    const { ok, status } = response;
    if (ok) return ACCEPTED;
    if (ok !== false || response.bodyUsed || !(wantsAccepted || mayReject(response))) return 0;
    const copy = bodyOf(response.clone());
    body = copy;
    const text = await withTimeout(MAX_MS, undefined, () => copy.read(MAX_TEXT_LENGTH + 1));
    if (!copy.isWhole) return 0;
    // Some products reject a token in plain text.
    return classify(status, parseObject(text) ?? { errorMessage: text });
  } catch {
    // What cannot be read says nothing.
    return 0;
  } finally {
    if (body?.isWhole === false) ignoreErrors(() => body?.cancel());
  }
}

/** A rejection has a status of 4xx, and is JSON or is called text. Without a type it may be anything. */
function mayReject({ status, headers }: Response): boolean {
  return status >= 400 && status < 500 && /json|text|^$/i.test(headers?.get?.("content-type") ?? "");
}
