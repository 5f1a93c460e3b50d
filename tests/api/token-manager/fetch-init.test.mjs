// tokens.fetch reads the same members of an init as fetch: from a plain object, a Request or an instance of a class.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strays, withManagers } from "../../support/managers.mjs";

const { managed } = await withManagers("fetch-init");
const noStrays = strays();
const URL_OF_REMIT = "https://sandbox.safaricom.co.ke/mpesa/b2b/v1/remittax";
const TOKENS = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"Amount":1}' };
const text = (body) => (body === undefined ? undefined : new Response(body).text());

/** A manager, and the requests that its fetch sent to business APIs. The answers have the `statuses`. */
function watched(...statuses) {
  const sent = [];
  const made = managed({
    fetch: async (url, init) => {
      if (url.includes("/oauth/")) return made.simulator.fetch(TOKENS, init);
      const { headers, body, ...rest } = init;
      const { authorization, ...others } = Object.fromEntries(new Headers(headers));
      sent.push({ ...rest, url, bearer: authorization, headers: others, body: await text(body) });
      const status = statuses[sent.length - 1] ?? 200;
      return Response.json(status === 404 ? { errorCode: "404.001.03" } : {}, { status });
    },
  });
  return { ...made, sent };
}

const whole = {
  method: "POST",
  redirect: "manual",
  url: URL_OF_REMIT,
  headers: { "content-type": "application/json" },
  body: post.body,
};

describe("tokens.fetch", () => {
  for (const [how, args] of Object.entries({
    "a URL and a Request": () => [URL_OF_REMIT, new Request(URL_OF_REMIT, post)],
    "a Request": () => [new Request(URL_OF_REMIT, post)],
    "a Request and an empty init": () => [new Request(URL_OF_REMIT, post), {}],
    "a Request and a body of null": () => [new Request(URL_OF_REMIT, post), { body: null }],
    "a Request and another one": () => [
      new Request(URL_OF_REMIT, { ...post, body: "old" }),
      new Request(URL_OF_REMIT, post),
    ],
    "an init that inherits": () => [URL_OF_REMIT, Object.create(post)],
    "an init of a class": () => [
      URL_OF_REMIT,
      new (class {
        get method() {
          return post.method;
        }
        get headers() {
          return post.headers;
        }
        get body() {
          return post.body;
        }
      })(),
    ],
  })) {
    test(`with ${how} sends the given method, headers and body, also at the second attempt`, async () => {
      const { tokens, sent } = watched(404, 200);
      assert.equal((await tokens.fetch(...args())).status, 200);
      assert.equal(sent.length, 2);
      for (const { bearer, signal, ...rest } of sent) {
        assert.match(bearer, /^Bearer \w+$/);
        assert.ok(signal === undefined || signal instanceof AbortSignal);
        assert.deepEqual(rest, whole);
      }
      assert.notEqual(sent[0].bearer, sent[1].bearer);
      await noStrays();
    });
  }

  test("passes on the other members of a Request or of an instance of a class", async () => {
    const said = { integrity: "sha256-x", keepalive: true, referrerPolicy: "origin", cache: "no-store" };
    const { tokens, sent } = watched();
    await tokens.fetch(URL_OF_REMIT, new Request(URL_OF_REMIT, said));
    await tokens.fetch(new Request(URL_OF_REMIT, said));
    await tokens.fetch(URL_OF_REMIT, Object.create({ ...said, duplex: "half", priority: "high", dispatcher: "mine" }));
    const found = sent.map((init) => Object.fromEntries(Object.keys(said).map((name) => [name, init[name]])));
    assert.deepEqual(found, [said, said, said]);
    assert.deepEqual([sent[2].duplex, sent[2].priority, sent[2].dispatcher], ["half", "high", "mine"]);
  });

  test("takes a member from the init if the Request has it too", async () => {
    const { tokens, sent } = watched();
    await tokens.fetch(new Request(URL_OF_REMIT, post), { method: "PUT", body: "new", headers: { "x-mine": "1" } });
    const [{ method, body, headers }] = sent;
    assert.deepEqual([method, body, headers], ["PUT", "new", { "x-mine": "1" }]);
  });

  test("rejects with the signal's reason if the signal aborts before a Request's body is complete", async () => {
    const { tokens, sent } = watched();
    const controller = new AbortController();
    const body = new ReadableStream({ pull: () => new Promise(() => {}) });
    const request = new Request(URL_OF_REMIT, { method: "POST", body, duplex: "half" });
    const reason = new Error("the caller's error");
    const asked = tokens.fetch(request, { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(asked, reason);
    assert.deepEqual(sent, []);
    await noStrays();
  });
});
