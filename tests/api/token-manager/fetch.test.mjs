// tokens.fetch: which request it sends, to which address, how often, and what it gives back.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { rejects } from "../../support/installed.mjs";
import { BRIEF, strays, withManagers } from "../../support/managers.mjs";

const { managed, generateToken } = await withManagers("manager-fetch");
const noStrays = strays();
const REMIT = "/mpesa/b2b/v1/remittax";
const TOKENS = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"Amount":1}' };
const dead = () => Response.json({ errorCode: "404.001.03", errorMessage: "Invalid Access Token" }, { status: 404 });

/** A manager whose business requests are answered by `answer`. `sent` has the requests. */
function answered(answer, options = {}) {
  const sent = [];
  const made = managed({
    ...options,
    fetch: async (url, init) => {
      if (url.includes("/oauth/")) return made.simulator.fetch(TOKENS, init);
      sent.push({ url, ...init });
      return answer(sent.length, url, init);
    },
  });
  return { ...made, sent };
}

async function listening(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

describe("a redirect", () => {
  test("to another server is returned unchanged, and that server gets no request", async () => {
    const seen = [];
    const other = await listening((request, response) => {
      seen.push(request.headers);
      response.end("{}");
    });
    const api = await listening((request, response) => {
      if (request.url.startsWith("/oauth/")) {
        response.setHeader("content-type", "application/json");
        return response.end('{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}');
      }
      return response.writeHead(307, { location: `${other.url}/mpesa` }).end();
    });
    try {
      const { tokens } = managed({ baseUrl: api.url, fetch: undefined, now: undefined });
      for (const input of [REMIT, new Request(api.url + REMIT, post)]) {
        for (const redirect of [undefined, "follow", "error"]) {
          const init = { ...(typeof input === "string" ? post : {}), ...(redirect && { redirect }) };
          const response = await tokens.fetch(typeof input === "string" ? input : input.clone(), init);
          assert.deepEqual([response.status, response.headers.get("location")], [307, `${other.url}/mpesa`]);
        }
      }
      assert.deepEqual(seen, []);
    } finally {
      other.close();
      api.close();
    }
  });
});

describe("an address", () => {
  const to = async (input, options) => {
    const { tokens, sent } = answered(() => Response.json({}), options);
    await tokens.fetch(input);
    return sent[0].url;
  };

  test("is joined to the environment's host, or to baseUrl with its path", async () => {
    const sandbox = "https://sandbox.safaricom.co.ke";
    assert.equal(await to("/mpesa/x?y=1"), `${sandbox}/mpesa/x?y=1`);
    assert.equal(await to("mpesa/x"), `${sandbox}/mpesa/x`);
    assert.equal(await to("/mpesa/x", { environment: "production" }), "https://api.safaricom.co.ke/mpesa/x");
    assert.equal(await to(`${sandbox}/mpesa/x`, { path: "/oauth/v2/generate" }), `${sandbox}/mpesa/x`);
    for (const baseUrl of ["https://gateway.example/daraja", "https://gateway.example/daraja/"]) {
      assert.equal(await to("/mpesa/x", { baseUrl }), "https://gateway.example/daraja/mpesa/x");
      assert.equal(await to("mpesa/x", { baseUrl }), "https://gateway.example/daraja/mpesa/x");
    }
  });

  test("of another origin, in any spelling, gets no request, and neither does a value that is no URL", async () => {
    const { tokens, sent } = answered(() => Response.json({}));
    for (const url of [
      "http://sandbox.safaricom.co.ke/mpesa",
      "https://sandbox.safaricom.co.ke:8443/mpesa",
      "https://sandbox.safaricom.co.ke.evil.example/mpesa",
      "https://sandbox.safaricom.co.ke@evil.example/mpesa",
      "//evil.example/mpesa",
      "/\\evil.example/mpesa",
      "\\\\evil.example/mpesa",
      "blob:https://sandbox.safaricom.co.ke/mpesa",
      "data:,x",
      new Request("https://evil.example/"),
    ]) {
      const message = "url: expected the environment's origin, found another origin";
      await rejects(tokens.fetch(url), "ERR_DARAJA_INVALID_OPTION", message);
    }
    const strings = ["https://", "http://["];
    const objects = [
      { toString: () => "/mpesa" },
      { url: "/mpesa" },
      {
        get url() {
          throw new Error("a getter of the caller's");
        },
      },
    ];
    for (const url of [...strings, ...objects, undefined, null, 5]) {
      const message = "url: expected a path, a URL or a Request, found none";
      await rejects(tokens.fetch(url), "ERR_DARAJA_INVALID_OPTION", message);
    }
    assert.deepEqual(sent, []);
  });
});

describe("a request", () => {
  test("has the token instead of any other Authorization, and keeps the other headers", async () => {
    const { tokens, sent } = answered(() => Response.json({}));
    const { accessToken } = await tokens.getToken();
    const dispatcher = {};
    await tokens.fetch(REMIT, { ...post, headers: { authorization: "Basic x", "x-mine": "1" }, dispatcher });
    const [{ headers, method, body, redirect, ...rest }] = sent;
    assert.deepEqual(headers, { "x-mine": "1", Authorization: `Bearer ${accessToken}` });
    assert.deepEqual([method, body, redirect], ["POST", post.body, "manual"]);
    assert.equal(rest.dispatcher, dispatcher);
    assert.ok(!("retryOnRejection" in rest));
  });

  for (const [what, headers] of Object.entries({
    pairs: [["X-Mine", "1"]],
    "a Map": new Map([["X-Mine", "1"]]),
    Headers: new Headers({ "X-Mine": "1" }),
  })) {
    test(`can have its headers as ${what}, and the user's fetch gets them as an object`, async () => {
      const { tokens, sent } = answered(() => Response.json({}));
      const { accessToken } = await tokens.getToken();
      await tokens.fetch(REMIT, { ...post, headers });
      const name = what === "Headers" ? "x-mine" : "X-Mine";
      assert.deepEqual(sent[0].headers, { [name]: "1", Authorization: `Bearer ${accessToken}` });
    });
  }

  test("with invalid headers is not sent", async () => {
    const { tokens, sent } = answered(() => Response.json({}));
    const message = "headers: expected an object, Headers, or pairs of a name and a value";
    for (const headers of ["x-mine: 1", [["x-mine"]], ["x-mine"], [null]]) {
      await assert.rejects(tokens.fetch(REMIT, { ...post, headers }), { name: "TypeError", message });
    }
    assert.deepEqual(sent, []);
  });

  test("whose token was rejected once is sent with the next token, and the first answer's body is cancelled", async () => {
    let cancelled = 0;
    const refusal = () => {
      const bytes = new TextEncoder().encode('{"errorCode":"404.001.03"}');
      let isSent = false;
      const pull = (controller) => {
        if (isSent) controller.close();
        else controller.enqueue(bytes);
        isSent = true;
      };
      const response = new Response(new ReadableStream({ pull }), { status: 404 });
      const { cancel } = response.body;
      Object.defineProperty(response, "body", {
        value: Object.assign(response.body, {
          cancel: () => {
            cancelled += 1;
            return cancel.call(response.body);
          },
        }),
      });
      return response;
    };
    const { tokens, sent } = answered((times) => (times === 1 ? refusal() : Response.json({ paid: true })));
    assert.deepEqual(await (await tokens.fetch(REMIT, post)).json(), { paid: true });
    const bearers = sent.map(({ headers }) => headers.Authorization);
    assert.equal(new Set(bearers).size, 2);
    assert.equal(cancelled, 1);
    await noStrays();
  });

  test("that must not be sent twice is sent once, and the next call of getToken gives a new token", async () => {
    const streams = {
      "an async iterable": {
        async *[Symbol.asyncIterator]() {
          yield "{}";
        },
      },
      "a web stream": new Blob(["{}"]).stream(),
      "a stream of an older library": { pipe() {} },
    };
    const inits = Object.entries(streams).map(([what, body]) => [what, { method: "POST", body, duplex: "half" }, {}]);
    inits.push(["by the call", { ...post, retryOnRejection: false }, {}]);
    inits.push(["by the manager", post, { retryOnRejection: false }]);
    for (const [what, init, options] of inits) {
      const { tokens, sent, generated } = answered(dead, options);
      const first = await tokens.getToken();
      const response = await tokens.fetch(REMIT, init);
      assert.equal(response.status, 404, what);
      assert.equal((await response.json()).errorCode, "404.001.03", what);
      assert.equal(sent.length, 1, what);
      assert.notEqual((await tokens.getToken()).accessToken, first.accessToken, what);
      assert.equal(generated(), 2, what);
    }
  });

  test("whose token was rejected is sent again if retryOnRejection is true for the call and false for the manager", async () => {
    const { tokens, sent } = answered((times) => (times === 1 ? dead() : Response.json({ paid: true })), {
      retryOnRejection: false,
    });
    assert.equal((await tokens.fetch(REMIT, { ...post, retryOnRejection: true })).status, 200);
    assert.equal(sent.length, 2);
  });

  test("that must not be sent twice gives its rejection, even if there is no new token", async () => {
    const { tokens, simulator } = answered(dead, { retries: 0 });
    await tokens.getToken();
    simulator.inject({ kind: "quota", path: "/oauth/" });
    assert.equal((await tokens.fetch(REMIT, { ...post, retryOnRejection: false })).status, 404);
  });

  test("with a retryOnRejection that is not a boolean is not sent", async () => {
    const { tokens, sent } = answered(() => Response.json({}));
    const message = "retryOnRejection: expected a boolean, found a string";
    await rejects(tokens.fetch(REMIT, { ...post, retryOnRejection: "false" }), "ERR_DARAJA_INVALID_OPTION", message);
    assert.deepEqual(sent, []);
  });

  test("whose fetch throws or gives no response ends as that fetch ends, and is not sent again", async () => {
    const thrown = new Error("a fetch's error");
    const { tokens, sent } = answered((times) => (times === 1 ? Promise.reject(thrown) : undefined));
    await assert.rejects(tokens.fetch(REMIT, post), thrown);
    assert.equal(await tokens.fetch(REMIT, post), undefined);
    assert.equal(sent.length, 2);
    await noStrays();
  });

  test("whose token was rejected fails with the reason if there is no new token", async () => {
    const { tokens, simulator } = answered(dead, { retries: 0, policy: BRIEF });
    await tokens.getToken();
    simulator.inject({ kind: "blocked-403", path: "/oauth/" });
    const error = await tokens.fetch(REMIT, post).then(
      () => assert.fail("answered"),
      (error) => error,
    );
    assert.equal(error.code, "ERR_DARAJA_BLOCKED");
  });

  test("in a Request keeps its signal, and keeps its body if it is sent again", async () => {
    const { tokens, credentials, simulator } = managed();
    await tokens.getToken();
    await generateToken({ ...credentials, fetch: simulator.fetch });
    const request = new Request(`https://sandbox.safaricom.co.ke${REMIT}`, post);
    const response = await tokens.fetch(request);
    assert.deepEqual((await response.json()).echo.body, { Amount: 1 });
    const aborted = new Request(request.url, { ...post, signal: AbortSignal.abort() });
    await assert.rejects(tokens.fetch(aborted), { name: "AbortError" });
  });
});

describe("the user's fetch", () => {
  test("gets a string and an init for any arguments, also if tokens.fetch is called without its object", async () => {
    const { tokens, sent } = answered(() => Response.json({}));
    const { fetch } = tokens;
    const url = "https://sandbox.safaricom.co.ke/mpesa/x";
    const headers = { "Content-Type": "application/json", Authorization: "Basic bm8=" };
    const post = { method: "POST", headers, body: '{"Amount":1}' };
    for (const args of [
      ["/mpesa/x", post],
      [new URL(url), post],
      [new Request(url, post), { method: undefined }],
      [new Request(url), post],
    ]) {
      await fetch(...args);
      const request = sent.pop();
      assert.deepEqual([request.url, request.method, request.redirect], [url, "POST", "manual"]);
      assert.equal(await new Response(request.body).text(), '{"Amount":1}');
      const headers = new Headers(request.headers);
      assert.equal(headers.get("content-type"), "application/json");
      assert.match(headers.get("authorization"), /^Bearer /);
    }
    await fetch(new Request(url));
    assert.deepEqual([sent[0].method, sent[0].body], ["GET", undefined]);
  });
});
