// What a response says of the token that it was asked with.
import { type Body, bodyOf } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { type JsonObject, parseObject } from "../json.ts";
import { withTimeout } from "../with-timeout.ts";

/** No more of an error answer is read. It has some hundred bytes. */
const MAX_BYTES = 65_536;
/** An error answer comes in one piece. A body that takes longer is something else, or never comes. */
const MAX_MS = 3_000;

/** The token was rejected, and the request not carried out; or it was accepted. Anything else says nothing about it. */
export const REJECTED = 1;
export const ACCEPTED = 2;

/** Reads a copy of the response, so that the response stays readable. `judge` is the module's. */
export async function verdictOf(
  response: Response,
  judge: (status: number, json: JsonObject) => number,
): Promise<number> {
  let body: Body | undefined;
  try {
    if (response.ok) return ACCEPTED;
    if (response.ok !== false || response.bodyUsed) return 0;
    const copy = bodyOf(response.clone());
    body = copy;
    const text = await withTimeout(MAX_MS, undefined, () => copy.read(MAX_BYTES + 1));
    const json = copy.isWhole ? parseObject(text) : undefined;
    return json === undefined ? 0 : judge(response.status, json);
  } catch {
    // What cannot be read says nothing.
    return 0;
  } finally {
    if (body?.isWhole === false) ignoreErrors(() => body?.cancel());
  }
}
