// What a business API's response says about the token of its request.
import { type Body, bodyOf } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { type JsonObject, parseObject } from "../json.ts";
import { MAX_TEXT_LENGTH } from "../options.ts";
import { withTimeout } from "../with-timeout.ts";

/** An error answer comes in one piece. A body that takes longer is not an error answer, or never comes. */
const MAX_MS = 3_000;

/** Rejected: the request was not carried out. Accepted: the token is valid. Any other number says nothing about it. */
export const REJECTED = 1;
export const ACCEPTED = 2;

/**
 * The texts of a 401 for a rejected token. A token has the products that its app had when the token was issued. So if no
 * product matches, another token may help.
 */
const REJECTION =
  /(invalid|expired)[ _-]?access[ _-]?token|access[ _-]?token[ _-]((is|has) )?(invalid|expired|not approved)|no ?api ?product match/i;
/** Names of the members with an error's text. Each product names them differently, and some nest them. */
const TEXT = /error|fault|message|msg|desc/i;

/**
 * Classifies a response. It reads a copy, so that the response stays readable. A copy takes a seventh of the time of a
 * call on loopback, so only a possible rejection is copied. With `wantsAccepted`, a response that may say that the
 * token was accepted is copied too. `classify` is the module's function, which reads the error's code.
 */
export async function classifyResponse(
  response: Response,
  classify: (json: JsonObject) => number,
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
    let said = "";
    const json = parseObject(text, (name, value) => {
      if (TEXT.test(name)) said += ` ${value}`;
      return value;
    });
    // Some products reject a token in plain text or in XML.
    if (status === 401 && REJECTION.test(json ? said : text)) return REJECTED;
    return json ? classify(json) : 0;
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
