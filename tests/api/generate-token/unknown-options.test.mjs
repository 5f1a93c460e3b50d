// An option whose name is not known gives an error that names it and lists the known ones, before any request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { credentials, installed, rejects } from "../../support/installed.mjs";

const { generateToken } = await installed("unknown-options");

/** Options whose fetch must not be called. */
const unsent = { ...credentials, fetch: () => assert.fail("a request was sent") };

async function refuses(options, message, hint) {
  const error = await rejects(generateToken(options), "ERR_DARAJA_INVALID_OPTION", message, { retryable: false });
  if (hint !== undefined) assert.equal(error.hint, hint);
}

test("an unknown option is refused, the error names it, and its hint lists the options", async () => {
  const hint =
    "The options are consumerKey, consumerSecret, environment, baseUrl, path, fetch, signal, timeoutMs, retries.";
  for (const name of ["user", "", "toString", "__proto__", "store"]) {
    const options = Object.defineProperty({ ...unsent }, name, { value: 1, enumerable: true });
    await refuses(options, `unknown option ${name}`, hint);
  }
  await refuses(Object.defineProperty({ ...unsent }, "hidden", { value: 1 }), "unknown option hidden");
});

test("the error of an unknown option asks whether a known one with a similar name was meant", async () => {
  for (const [name, meant] of [
    ["consumer_key", "consumerKey"],
    ["CONSUMERSECRET", "consumerSecret"],
    ["secret", "consumerSecret"],
    ["env", "environment"],
    ["baseURL", "baseUrl"],
    ["timeout", "timeoutMs"],
    ["retrise", "retries"],
  ])
    await refuses({ ...unsent, [name]: 1 }, `unknown option ${name}; did you mean ${meant}?`);
});

test("an unknown name of 64 megabytes is refused", () =>
  refuses({ ...unsent, ["s".repeat(2 ** 26)]: 1 }, "unknown option [redacted]"));
