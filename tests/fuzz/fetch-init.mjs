// tokens.fetch(input, init) sends the request of fetch(input, init), with a token and without following redirects. It
// sends nothing to another origin, and sends a request again only after a rejection of the token.
import assert from "node:assert/strict";

const ORIGIN = "https://sandbox.safaricom.co.ke";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "post", undefined];
const REJECTED = { errorCode: "404.001.03", errorMessage: "Invalid Access Token" };

/** Addresses. About half of them are of another origin. */
const addresses = (random) => [
  "/mpesa/x",
  `${ORIGIN}/mpesa/x`,
  `${ORIGIN}/mpesa/x?a=${encodeURIComponent(random.text())}`,
  "//evil.example/x",
  `https://evil.example/${encodeURIComponent(random.text())}`,
  `https://sandbox.safaricom.co.ke@evil.example/`,
  `https://sandbox.safaricom.co.ke.evil.example/`,
  `http://sandbox.safaricom.co.ke/x`,
  `/${random.text()}`,
  random.mutate(`${ORIGIN}/mpesa/x`, ["evil.example", "//", "\\", "@", ":8443"]),
];

/** An init as a plain object, as an instance of a class, or as an object that inherits. */
function shaped(random, init) {
  const shape = random.below(4);
  if (shape === 0) return Object.create(init);
  if (shape === 1) {
    class Init {}
    for (const [name, value] of Object.entries(init)) Object.defineProperty(Init.prototype, name, { get: () => value });
    return new Init();
  }
  return init;
}

/** @type {(outcome: any) => boolean} */
const isError = (outcome) => outcome instanceof Error;

export async function check(random, { TokenManager, DarajaError, Simulator }) {
  const simulator = new Simulator();
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const sent = [];
  const statuses = Array.from({ length: 3 }, () => random.pick([200, 404, 401, 500, 302]));
  const answers = statuses.map((status) => [status, random.pick([REJECTED, {}, random.json()])]);
  const fetch = async (url, init) => {
    const request = new Request(url, { ...init, ...(init.body && { duplex: "half" }) });
    assert.equal(new URL(request.url).origin, ORIGIN, "the request goes to another origin");
    if (request.url.includes("/oauth/")) return simulator.fetch(request);
    sent.push({ request, body: await request.clone().text() });
    const [status, body] = answers[sent.length - 1];
    return Response.json(body, { status });
  };
  const tokens = new TokenManager({ consumerKey, consumerSecret, fetch, now: () => simulator.now() });
  const method = random.pick(METHODS);
  const hasBody = method !== undefined && method !== "GET" && random.chance(0.8);
  const init = {
    ...(method && { method }),
    ...(hasBody && { body: JSON.stringify(random.json()) }),
    ...(random.chance(0.5) && {
      headers: random.pick([
        { "x-mine": "1" },
        [["X-Mine", "1"]],
        new Headers({ "x-mine": "1", authorization: "Basic x" }),
      ]),
    }),
  };
  const address = random.pick(addresses(random));
  /** @type {Request | undefined} */
  let expected;
  try {
    expected = new Request(new URL(address, `${ORIGIN}/`), init);
  } catch {
    // The real fetch refuses this request, too.
  }
  const ours = expected && new URL(expected.url).origin === ORIGIN ? expected : undefined;
  const requested = ours && !hasBody && random.chance(0.3) ? ours : undefined;
  /** @type {any} */
  const outcome = await (requested
    ? tokens.fetch(new Request(requested.url, init))
    : tokens.fetch(address, shaped(random, init))
  ).catch((error) => error);
  tokens.close();
  if (isError(outcome)) {
    assert.ok(outcome instanceof DarajaError || outcome instanceof TypeError, String(outcome));
    assert.ok(outcome.code !== "ERR_DARAJA_INTERNAL", String(outcome.cause));
    if (ours) assert.ok(sent.length > 0 || outcome.code === "ERR_DARAJA_INVALID_OPTION", String(outcome));
    return;
  }
  if (!ours && /^\/[\t\n\r]/.test(String(address))) {
    // A URL ignores these characters. fetch takes "/<tab>/host" for another host, tokens.fetch for a path of Daraja.
    return assert.equal(new URL(sent[0].request.url).origin, ORIGIN);
  }
  assert.ok(ours, `${address} was sent to ${sent[0]?.request.url}`);
  const [first] = sent;
  assert.equal(first.request.method, ours.method);
  assert.equal(first.request.url, ours.url);
  assert.equal(first.body, await ours.clone().text());
  assert.equal(first.request.redirect, "manual");
  assert.equal(first.request.headers.get("x-mine"), ours.headers.get("x-mine"));
  assert.match(first.request.headers.get("authorization"), /^Bearer \S+$/);
  const isRejected = statuses[0] >= 400 && answers[0][1] === REJECTED;
  if (!isRejected) assert.equal(sent.length, 1, "sent again without a rejection of the token");
  assert.ok(sent.length <= 2, `sent ${sent.length} times`);
  if (sent.length === 2) {
    assert.equal(sent[1].body, first.body);
    assert.notEqual(sent[1].request.headers.get("authorization"), first.request.headers.get("authorization"));
  }
}
