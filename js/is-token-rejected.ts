import { instance } from "./instance.ts";
import { classifyResponse, REJECTED } from "./manager/rejection.ts";

/**
 * Whether a business API's response says that the token was rejected. Then the request was not carried out. This is for
 * clients that do not use {@link TokenManager.fetch}. The response stays readable.
 */
export async function isTokenRejected(response: Response): Promise<boolean> {
  return (await classifyResponse(response, instance().judgeError, false)) === REJECTED;
}
