// No error shows the consumer secret, the Authorization value or a token, however it is printed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answers } from "../../support/daraja-server.mjs";
import { accessToken, credentials, encoded, granted, installed, rejection, rejects } from "../../support/installed.mjs";
import { assertHidden } from "../../support/printed.mjs";

const { generateToken, DarajaError } = await installed("secrets");
const { consumerSecret } = credentials;
const authorization = `Basic ${encoded}`;
const secrets = [consumerSecret, encoded];
const valid = { ...credentials, retries: 0 };

const TOKEN = /[0-9A-Za-z]{28}/;

for (const { name, status, headers, body, bodyRepeated = 1, expect } of answers) {
  if (!expect.code) continue;
  const text = body.repeat(bodyRepeated);
  const fetch = (text) => async () => new Response(status === 204 ? null : text, { status, headers });

  test(`the error for the answer ${name} shows no secret and no token`, async () => {
    const error = await rejection(generateToken({ ...valid, fetch: fetch(text) }));
    assert.equal(error.code, expect.code);
    assertHidden(error, ...secrets, accessToken);
    assert.doesNotMatch(error.message, TOKEN);
  });

  test(`the error for the answer ${name} with an echo of the request and a token shows no secret and no token`, async () => {
    const echo = `${consumerSecret} ${authorization} ${accessToken}`;
    let echoing = `${text} ${echo}`;
    if (text.startsWith("{") && expect.code !== "ERR_DARAJA_MALFORMED_RESPONSE") {
      const known = ["400.008.01", "400.008.02", "500.003.02", "500.003.03"];
      echoing = JSON.stringify(JSON.parse(text), (_key, value) =>
        typeof value === "string" && !known.includes(value) ? `${value} ${echo}` : value,
      );
    }
    const error = await rejection(generateToken({ ...valid, fetch: fetch(echoing) }));
    assert.ok(error instanceof DarajaError);
    assertHidden(error, ...secrets, accessToken);
  });
}

for (const field of ["errorCode", "requestId", "errorMessage", "error", "error_description"]) {
  for (const [what, secret] of Object.entries({ consumerSecret, encoded, authorization, accessToken })) {
    test(`${what} in ${field} beside an access_token is not shown`, async () => {
      const answer = { errorCode: "400.008.01", requestId: "1-2", access_token: accessToken, [field]: secret };
      const fetch = async () => Response.json(answer, { status: 400 });
      assertHidden(await rejection(generateToken({ ...valid, fetch })), ...secrets, accessToken);
    });
  }
}

test("an errorCode or requestId that contains the secret is left out, and the message hides the secret", async () => {
  const secret = "s3cret";
  const fetch = async () => Response.json({ errorCode: `e-${secret}`, requestId: secret }, { status: 404 });
  await rejects(
    generateToken({ ...valid, consumerSecret: secret, fetch }),
    "ERR_DARAJA_REFUSED",
    "Daraja refused the request (HTTP 404): e-[redacted]",
    { errorCode: undefined, requestId: undefined },
  );
});

test("an errorCode or requestId that looks like a token is left out, and the message hides it", async () => {
  const fetch = async () => Response.json({ errorCode: accessToken, requestId: `ws-${accessToken}` }, { status: 404 });
  await rejects(
    generateToken({ ...valid, fetch }),
    "ERR_DARAJA_REFUSED",
    "Daraja refused the request (HTTP 404): [redacted]",
    { errorCode: undefined, requestId: undefined },
  );
});

test("an error has only the properties of its interface", async () => {
  const fetch = async () =>
    Response.json(
      { requestId: "1-2", errorCode: "500.003.02", errorMessage: "busy" },
      { status: 500, headers: { "retry-after": "9" } },
    );
  const error = await rejection(generateToken({ ...credentials, fetch }));
  const { hint, ...rest } = error;
  assert.deepEqual(rest, {
    code: "ERR_DARAJA_RATE_LIMITED",
    retryable: true,
    status: 500,
    errorCode: "500.003.02",
    requestId: "1-2",
    retryAfterMs: 9_000,
    attempts: 1,
  });
  assert.equal(typeof hint, "string");
  assert.equal(error.name, "DarajaError");
  assert.equal(String(error), `DarajaError: ${error.message}`);
  assert.match(error.stack, /^(Error \[DarajaError\]|DarajaError|Error): Daraja is throttling/);
  assert.equal(Object.prototype.toString.call(error), "[object Error]");
  assert.equal(error.constructor, DarajaError);
});

test("only the property accessToken shows a token", async () => {
  const token = await generateToken({ ...credentials, fetch: async () => granted() });
  const { accessToken: shown, ...rest } = token;
  assert.equal(shown, accessToken);
  assert.ok(!inspect(rest, { showHidden: true }).includes(accessToken));
});
