import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { startDemo, startReal } from "./demo.mjs";
import { asPage, forged, POLICY, send } from "./demo-http.mjs";

const FORGERIES = {
  "another site's Origin": { origin: "https://evil.example" },
  "an opaque Origin": { origin: "null" },
  "another port's Origin": { origin: "http://127.0.0.1:1" },
  "an Origin of another scheme": (url) => ({ origin: new URL(url).origin.replace("http:", "https:") }),
  "neither Origin nor Sec-Fetch-Site": { origin: undefined, "sec-fetch-site": undefined },
  "no Origin and another site": { origin: undefined, "sec-fetch-site": "cross-site" },
  "no Origin and another port of this machine": { origin: undefined, "sec-fetch-site": "same-site" },
  "a form's content type": { "content-type": "text/plain" },
  "a form's other content type": { "content-type": "application/x-www-form-urlencoded" },
  "no content type": { "content-type": undefined },
};

for (const mode of ["simulator", "sandbox"]) {
  describe(`the demo's server, ${mode}`, () => {
    let demo;
    let endpoint;
    before(async () => {
      demo = mode === "simulator" ? await startDemo() : await startReal("--sandbox");
      endpoint = mode === "simulator" ? "apps" : "token";
    });
    after(() => demo?.stop());

    test("tells the page its mode", async () => {
      const { status, body } = await send(demo.url);
      assert.equal(status, 200);
      assert.ok(body.includes(`<meta name="daraja-mode" content="${mode}">`));
    });

    test("sends the same strict headers with each answer", async () => {
      const asked = [
        {},
        { path: "/main.js" },
        { path: "/favicon.svg" },
        { path: "/nothing" },
        { headers: { host: "evil.example" } },
        asPage(demo.url, endpoint),
        asPage(demo.url, "nothing"),
        { path: "/oauth/v1/generate" },
      ];
      for (const question of asked) {
        const { headers } = await send(demo.url, question);
        assert.equal(headers["content-security-policy"], POLICY);
        assert.equal(headers["x-content-type-options"], "nosniff");
        assert.equal(headers["referrer-policy"], "no-referrer");
        assert.equal(headers["cross-origin-opener-policy"], "same-origin");
        assert.equal(headers["cross-origin-resource-policy"], "same-origin");
        assert.equal(headers["cache-control"], "no-store");
        assert.equal(headers["access-control-allow-origin"], undefined);
      }
    });

    test("answers requests for the names of this machine, and refuses others", async () => {
      const { port } = new URL(demo.url);
      for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
        assert.equal((await send(demo.url, { headers: { host } })).status, 200, host);
      }
      const others = [
        "evil.example",
        `evil.example:${port}`,
        `localhost.evil.example:${port}`,
        `127.0.0.1.nip.io:${port}`,
      ];
      const almost = ["localhost", "127.0.0.1:1", `0.0.0.0:${port}`, `localhost:${port}.evil.example`];
      for (const host of [...others, ...almost]) {
        const paths = ["/", "/main.js", "/oauth/v1/generate"].map((path) => ({ path, headers: { host } }));
        for (const question of [...paths, forged(asPage(demo.url, endpoint), { host })]) {
          const { status, headers, body } = await send(demo.url, question);
          assert.equal(status, 403, host);
          assert.equal(headers["content-type"], "text/plain; charset=utf-8");
          assert.equal(body, `This server answers to http://localhost:${port} and http://127.0.0.1:${port} only.\n`);
        }
      }
    });

    test("refuses a request without a Host header", async () => {
      const { hostname, port } = new URL(demo.url);
      const socket = connect(port, hostname).setEncoding("utf8").end("GET / HTTP/1.0\r\n\r\n");
      const [answer] = await once(socket, "data");
      assert.match(answer, /^HTTP\/1\.1 403 /);
    });

    test("another name for this machine does not become an origin of the page", async () => {
      const origin = "http://evil.example";
      const question = forged(asPage(demo.url, endpoint), { host: "evil.example", origin });
      assert.equal((await send(demo.url, question)).status, 403);
    });

    test("answers its page's questions", async () => {
      const { port } = new URL(demo.url);
      assert.equal((await send(demo.url, asPage(demo.url, endpoint))).status, 200);
      const byName = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
      assert.equal((await send(demo.url, forged(asPage(demo.url, endpoint), byName))).status, 200);
      const older = forged(asPage(demo.url, endpoint), { origin: undefined });
      assert.equal((await send(demo.url, older)).status, 200);
    });

    for (const [what, headers] of Object.entries(FORGERIES)) {
      test(`refuses a question with ${what}`, async () => {
        const change = typeof headers === "function" ? headers(demo.url) : headers;
        for (const name of [endpoint, "apps", "use", "clock", "exchange", "nothing"]) {
          const { status, body } = await send(demo.url, forged(asPage(demo.url, name), change));
          assert.equal(status, 403);
          assert.equal(body, "Only the demo's own page may ask that.\n");
        }
      });
    }

    test("refuses a question that is no POST", async () => {
      for (const method of ["GET", "PUT", "OPTIONS"]) {
        const { status } = await send(demo.url, { ...asPage(demo.url, endpoint), method });
        assert.equal(status, 403, method);
      }
    });

    test("refuses a question that is no object, or too long", async () => {
      const long = ["x".repeat(70_000), "é".repeat(40_000)].map((text) => JSON.stringify({ text }));
      for (const body of ["", "null", "[]", "7", "{", ...long]) {
        const { status } = await send(demo.url, { ...asPage(demo.url, endpoint), body });
        assert.equal(status, 400, body.slice(0, 20));
      }
    });

    test("gives the page's files and no others", async () => {
      const paths = ["/package.json", "/../package.json", "/%2e%2e/package.json", "/daraja-auth/../package.json"];
      for (const path of [
        ...paths,
        "/daraja-auth/node.js",
        "//etc/passwd",
        "/demo",
        "/toString",
        "/scripts/start.mjs",
      ]) {
        const { status, body } = await send(demo.url, { path });
        assert.equal(status, 404, path);
        assert.equal(body, "There is nothing at this path.\n");
      }
      assert.equal((await send(demo.url, { path: "/main.js", method: "POST" })).status, 405);
      assert.equal(
        (await send(demo.url, { path: "/main.js?v=1" })).headers["content-type"],
        "text/javascript; charset=utf-8",
      );
    });
  });
}
