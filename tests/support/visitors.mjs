// Those who visit a worker: some wait for its answer, some hang up.
import assert from "node:assert/strict";
import { get } from "node:http";

/** Far beyond any answer's own time: it turns one that never comes into a failure. */
const NEVER_MS = 30_000;

/** What a worker answers, which must be a 200. */
export async function ask(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(NEVER_MS) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

export const askAll = (count, url) => Promise.all(Array.from({ length: count }, () => ask(url)));

/** A request whose client hangs up when it is told to. */
export function visit(url) {
  const request = get(url).on("error", () => {});
  return {
    /** A reset, as from a closed tab or a lost connection: workerd goes on serving a client that only stops sending. */
    hangUp: () => request.socket.resetAndDestroy(),
    /** Sent and gone: whatever the isolate began for this client ends where it happens to be. */
    hangUpAfter: (ms) => request.once("finish", () => setTimeout(() => request.socket.resetAndDestroy(), ms)),
  };
}

/** Waits until a condition holds, which may be a promise's. */
export async function until(condition) {
  for (let waits = 0; !(await condition()); waits++) {
    assert.ok(waits < NEVER_MS / 10, `never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
