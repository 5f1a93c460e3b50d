// What a business API's response says about the token of its request.
import { type Body, bodyOf } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { type JsonObject, parseObject } from "../json.ts";
import { MAX_TEXT_LENGTH } from "../options.ts";
import { withTimeout } from "../with-timeout.ts";

/** The body of an error comes at once. A body that takes longer than this is not an error's, or never comes. */
const MAX_MS = 3_000;

/** Rejected: the request was not carried out. Accepted: the token is valid. Any other number says nothing about it. */
export const REJECTED = 1;
export const ACCEPTED = 2;

/** The module's function, which gives one of these numbers. src/manager.rs describes `texts`. */
export type Classify = (status: number, json: JsonObject, texts: string) => number;

/** Names of the members with an error's text. Each product names them differently, and some nest them. */
const TEXT = /error|fault|message|msg|desc/i;

/**
 * Classifies a response. It reads a copy, so that the response stays readable. A copy takes a seventh of the time of a
 * call on loopback, so only a possible rejection is copied. With `wantsAccepted`, a response that may say that the
 * token was accepted is copied too.
 */
export async function classifyResponse(
  response: Response,
  classify: Classify,
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
    let texts = "";
    const json = parseObject(text, (name, value) => {
      if (TEXT.test(name)) texts += `${value}\n`;
      return value;
    });
    // Some products reject a token in plain text or in XML.
    const said = (json ? texts : text).toLowerCase().replace(/[ _-]/g, "");
    return classify(status, json ?? {}, said);
  } catch {
    // A body that cannot be read says nothing about the token.
    return 0;
  } finally {
    if (body?.isWhole === false) ignoreErrors(() => body?.cancel());
  }
}

/** A rejection has a status of 4xx. Its type is JSON, XML or text. A response without a type may be a rejection too. */
function mayReject({ status, headers }: Response): boolean {
  return status >= 400 && status < 500 && /json|xml|text|^$/i.test(headers?.get?.("content-type") ?? "");
}
