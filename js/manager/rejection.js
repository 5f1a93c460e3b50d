// Whether a response says that the token was refused.
import { bodyOf, objectIn } from "../../src/wasm/host.js";

/** More of a refusal is never read; it has some hundred bytes. */
const MAX_BYTES = 65_536;

/** Reads a copy of the response, so that the response stays readable; `judge` is the module's. */
export async function isRejected(response, judge) {
  if (response.ok !== false || response.bodyUsed) return false;
  let body;
  try {
    body = bodyOf(response.clone());
    const text = await body.read(MAX_BYTES + 1);
    const json = body.isWhole ? objectIn(text) : undefined;
    return json !== undefined && judge(response.status, json);
  } catch {
    // What cannot be read is no definitive rejection.
    return false;
  } finally {
    if (!body?.isWhole) body?.cancel();
  }
}
