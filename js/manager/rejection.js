// Whether a response says that the token was refused.
import { bodyOf, objectIn, quietly, until } from "../../src/wasm/host.js";

/** More of a refusal is never read; it has some hundred bytes. */
const MAX_BYTES = 65_536;
/** It comes in one piece; a body that takes longer is none, or comes never. */
const MAX_MS = 10_000;

/** Reads a copy of the response, so that the response stays readable; `judge` is the module's. */
export async function isRejected(response, judge) {
  let body;
  try {
    if (response.ok !== false || response.bodyUsed) return false;
    body = bodyOf(response.clone());
    const text = await until(MAX_MS, undefined, () => body.read(MAX_BYTES + 1));
    const json = body.isWhole ? objectIn(text) : undefined;
    return json !== undefined && judge(response.status, json);
  } catch {
    // What cannot be read is no definitive rejection.
    return false;
  } finally {
    if (!body?.isWhole) quietly(() => body?.cancel());
  }
}
