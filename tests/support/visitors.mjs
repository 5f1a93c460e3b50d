// Clients of a worker: some wait for its answer, some hang up.
import assert from "node:assert/strict";
import { get } from "node:http";

/** Far longer than any answer takes. A test whose answer never comes fails after it. */
const NEVER_MS = 30_000;

/** Asks a worker, checks that the status is 200, and gives the JSON of the answer. */
export async function ask(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(NEVER_MS) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

export const askAll = (count, url) => Promise.all(Array.from({ length: count }, () => ask(url)));

/** A request whose client can hang up. */
export function visit(url) {
  const request = get(url).on("error", () => {});
  return {
    /** Resets the connection, like a closed tab. workerd continues to serve a client that only stops sending. */
    hangUp: () => request.socket.resetAndDestroy(),
    /** Hangs up some time after the request is sent, when the worker may be at any step. */
    hangUpAfter: (ms) => request.once("finish", () => setTimeout(() => request.socket.resetAndDestroy(), ms)),
  };
}

/** Waits until a condition holds. The condition may be asynchronous. */
export async function until(condition) {
  for (let waits = 0; !(await condition()); waits++) {
    assert.ok(waits < NEVER_MS / 10, `never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
