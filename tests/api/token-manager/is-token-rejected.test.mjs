// isTokenRejected: which answers of an API mean that the token was rejected, and how much of an answer is read.
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { answers } from "../../support/daraja-server.mjs";
import { installed } from "../../support/installed.mjs";
import { strays } from "../../support/managers.mjs";

const { isTokenRejected } = await installed("is-token-rejected");
const noStrays = strays();

describe("isTokenRejected", () => {
  const answer = (body, status) => new Response(JSON.stringify(body), { status });

  test("recognizes Daraja's codes, and leaves the response readable", async () => {
    for (const code of ["404.001.03", "401.002.01", "401.003.01", "400.003.01"]) {
      const response = answer({ errorCode: code }, 401);
      assert.equal(await isTokenRejected(response), true, code);
      assert.deepEqual(await response.json(), { errorCode: code });
    }
    const fault = { fault: { faultstring: "Invalid API call as no apiproduct match found" } };
    assert.equal(await isTokenRejected(answer(fault, 401)), true);
    assert.equal(await isTokenRejected(answer(fault, 403)), false);
  });

  test("recognizes each rejection of answers.json, and none of its other errors", async () => {
    for (const { name, status, headers, body, bodyRepeated = 1, rejectsToken = false } of answers) {
      if (status < 400) continue;
      const response = new Response(body.repeat(bodyRepeated), { status, headers });
      assert.equal(await isTokenRejected(response), rejectsToken, name);
    }
  });

  test("recognizes a 401 that says, in a member for texts and in any spelling, that the token is not valid, and no other status", async () => {
    const message = "Invalid Access Token";
    for (const body of [
      ...[message, "INVALID ACCESS TOKEN", "Invalid access Token", "invalid_access_token", "Expired Access-Token"],
      ...["The access token is invalid", "Access Token has expired", "Access Token not approved"],
      ...[
        "Invalid API Call as No ApiProduct Match Found",
        "Error Occurred - Invalid Access Token - Invalid access token",
      ],
      "<fault><faultstring>Invalid Access Token</faultstring></fault>",
      "<html><body>Invalid Access Token</body></html>",
      ...[
        "message",
        "errormessage",
        "responseDesc",
        "responseMessage",
        "resmsg",
        "ResultDesc",
        "Response-Description",
      ].map((name) => ({ [name]: message })),
      { errorMessage: "Unauthorized", ResponseDescription: message },
      { error: { code: "401", message } },
      { error: "invalid_token", error_description: "The access token expired" },
      { responseHeader: { responseCode: 401, responseDescription: message } },
      { errors: [{ message }] },
      [{ errorMessage: message }],
    ]) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const type = text.startsWith("<") ? "application/xml" : "text/plain";
      for (const status of [400, 401, 403, 404, 500]) {
        const response = new Response(text, { status, headers: { "content-type": type } });
        assert.equal(await isTokenRejected(response), status === 401, `${status} ${text}`);
      }
    }
  });

  test("is false for a 401 that says anything else, or says it in a member that is not for an error's text", async () => {
    for (const body of [
      { errorCode: "401", errorMessage: "User not permitted" },
      { errorMessage: "Unauthorized", Remarks: "Invalid Access Token" },
      { errorMessage: "Invalid Credentials" },
      { errorMessage: "Missing access token" },
      { fault: { faultstring: "Failed to resolve API Key variable request.header.x-api-key" } },
      { errorMessage: null },
    ]) {
      assert.equal(await isTokenRejected(answer(body, 401)), false, JSON.stringify(body));
    }
  });

  test("does not copy a response that cannot be a rejection", async () => {
    const headers = { "content-type": "image/png" };
    for (const response of [
      answer({ errorCode: "500.001.1001" }, 500),
      new Response("<fault/>", { status: 401, headers }),
    ]) {
      response.clone = () => assert.fail("it was copied");
      assert.equal(await isTokenRejected(response), false);
    }
  });

  test("is false for anything else: other codes, success, a long or broken body, a body that was read", async () => {
    for (const response of [
      answer({ errorCode: "404.001.04" }, 404),
      answer({ errorCode: "404.001.03" }, 200),
      new Response("<html>", { status: 401 }),
      new Response(`{"errorCode":"404.001.03","x":"${"x".repeat(65_536)}"}`, { status: 404 }),
      new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("broken")) }), {
        status: 404,
      }),
    ]) {
      assert.equal(await isTokenRejected(response), false);
    }
    const read = answer({ errorCode: "404.001.03" }, 404);
    await read.text();
    assert.equal(await isTokenRejected(read), false);
  });

  test("reads only 64 KiB of a body that never ends", async () => {
    let pulled = 0;
    let cancelled;
    const ended = new Promise((resolve) => {
      cancelled = resolve;
    });
    const pull = (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(4_096).fill(32));
    };
    const response = new Response(new ReadableStream({ pull, cancel: cancelled }), { status: 404 });
    assert.equal(await isTokenRejected(response), false);
    // One more chunk crosses the limit, and the two branches of a clone read some chunks ahead.
    assert.ok(pulled <= 16 + 1 + 2, `${pulled} chunks`);
    assert.equal(response.bodyUsed, false);
    await response.body.cancel();
    await ended;
  });

  test("waits three seconds for a body that never comes", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const response = new Response(new ReadableStream({}), { status: 404 });
      let answer;
      const asked = isTokenRejected(response).then((rejected) => {
        answer = rejected;
      });
      await Promise.resolve();
      mock.timers.tick(2_999);
      await new Promise(setImmediate);
      assert.equal(answer, undefined);
      mock.timers.tick(1);
      await asked;
      assert.equal(answer, false);
    } finally {
      mock.timers.reset();
    }
    await noStrays();
  });

  test("is false for a value that is not a response, and for a response that throws", async () => {
    const hostile = new Proxy({}, { get: () => assert.fail("a response's error") });
    for (const response of [undefined, null, 5, {}, { ok: false }, hostile]) {
      assert.equal(await isTokenRejected(response), false);
    }
    await noStrays();
  });
});
