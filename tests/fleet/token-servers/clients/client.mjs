// Calls Daraja through two token servers until the file STOP exists. If one does not answer, the other is asked.
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const { ADDRESSES, NAME, STOP, DARAJA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET } = process.env;
const addresses = ADDRESSES.split(" ");
const basic = `Basic ${btoa(`${DARAJA_CONSUMER_KEY}:${DARAJA_CONSUMER_SECRET}`)}`;
const counts = { calls: 0, failures: {}, longestMs: 0 };
let token;
let tokenEnds = 0;

/** Gives the status and the answer of the first server that answers. The next request begins with that server. */
async function ask(path, authorization, body) {
  const headers = { authorization, "x-process": NAME };
  for (const _ of [...addresses]) {
    try {
      const signal = AbortSignal.timeout(3000);
      const response = await fetch(addresses[0] + path, { method: body ? "POST" : "GET", headers, body, signal });
      return [response.status, await response.json()];
    } catch {
      addresses.push(addresses.shift());
    }
  }
  return [0];
}

async function call(number) {
  if (Date.now() > tokenEnds) {
    const [status, granted] = await ask("/oauth/v1/generate?grant_type=client_credentials", basic);
    if (status !== 200) return status;
    token = granted.access_token;
    tokenEnds = Date.now() + (granted.expires_in - 1) * 1000;
  }
  const [status] = await ask(
    "/mpesa/b2b/v1/remittax",
    `Bearer ${token}`,
    JSON.stringify({ call: `${NAME}-${number}` }),
  );
  return status;
}

while (!existsSync(STOP)) {
  const began = performance.now();
  const status = await call(++counts.calls);
  counts.longestMs = Math.max(counts.longestMs, performance.now() - began);
  if (status !== 200) counts.failures[`HTTP ${status}`] = (counts.failures[`HTTP ${status}`] ?? 0) + 1;
  await pause(50);
}
console.log(JSON.stringify(counts));
