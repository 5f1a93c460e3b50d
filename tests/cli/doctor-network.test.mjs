// daraja-auth doctor: the network, the firewall and the clock.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { hosts, shop } from "./cli.mjs";
import { doctorFor, ofShop, outcomes } from "./doctor.mjs";

const { doctor, assertWarning, sandbox } = doctorFor("doctor-network");
const { consumerSecret } = shop;

test("the doctor warns of a proxy that Node ignores, and of certificates that Node does not check", async () => {
  const proxy = { HTTPS_PROXY: `http://user:${consumerSecret}@proxy.example` };
  await assertWarning({ ...ofShop, ...proxy }, "proxy", "HTTPS_PROXY: set, but Node's fetch does not use it");
  const careless = { ...ofShop, NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1" };
  const warning = "NODE_TLS_REJECT_UNAUTHORIZED=0: anyone on the way can pose as Daraja and read the secret";
  await assertWarning(careless, "tls", warning);
});

for (const [ms, how] of [
  [-600_000, "ahead of"],
  [600_000, "behind"],
]) {
  test(`the doctor warns of a clock that is ${how} the server's`, async () => {
    sandbox.simulator = sandbox.make({ now: () => Date.now() + ms });
    const { code, findings, verdict } = await doctor(ofShop);
    const [skew] = findings.filter((finding) => finding.startsWith("warn clock: "));
    assert.match(skew, new RegExp(`^warn clock: this machine's clock is (599|60\\d) s ${how} the server's$`));
    assert.deepEqual([code, verdict], [0, "all is well: Daraja grants a token, with 1 warning."]);
  });
}

for (const [failure, what, remedy] of [
  ["ENOTFOUND", "the name is not known here", /^Check the name/],
  ["ETIMEDOUT", "no answer", /firewall or a proxy/],
  ["ECONNRESET", "the connection is cut", /Try another network/],
  ["SELF_SIGNED_CERT_IN_CHAIN", "no trusted TLS connection is possible", /NODE_EXTRA_CA_CERTS/],
  ["EWHATEVER", "it cannot be asked", /^Check network, DNS, proxy and TLS/],
]) {
  test(`if requests fail with ${failure}, the verdict is "${what}", and the remedy fits it`, async () => {
    const { code, findings, verdict, remedy: said } = await doctor({ ...ofShop, ...hosts({ sandbox: failure }) });
    assert.match(verdict, new RegExp(`^not well: sandbox\\.safaricom\\.co\\.ke: ${what} \\(${failure}.*\\)\\.$`));
    assert.match(said, remedy);
    assert.equal(code, 1);
    assert.deepEqual(findings.slice(-2), [
      "skip clock: not compared: no answer",
      "skip credentials: no token was asked for, because of the above",
    ]);
  });
}

test("the verdict says that a host did not answer within 10 seconds", async () => {
  const { code, verdict } = await doctor({ ...ofShop, ...hosts({ sandbox: "TIMEOUT" }) });
  assert.equal(verdict, "not well: sandbox.safaricom.co.ke: no answer (none within 10 s).");
  assert.equal(code, 1);
});

test("a port without a server, a server without TLS, and a server that hangs up have different verdicts", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address();
  closed.close();
  await once(closed, "close");
  const nothing = await doctor(ofShop, ["--base-url", `http://127.0.0.1:${port}`]);
  assert.match(nothing.verdict, /^not well: 127\.0\.0\.1:\d+: no answer \(.*ECONNREFUSED.*\)\.$/);
  const plain = await doctor(ofShop, ["--base-url", sandbox.url.replace("http:", "https:")]);
  assert.match(plain.verdict, /^not well: 127\.0\.0\.1:\d+: no trusted TLS connection is possible \(.*\)\.$/);
  const rude = createServer((request) => request.socket.resetAndDestroy()).listen(0, "127.0.0.1");
  await once(rude, "listening");
  const cut = await doctor(ofShop, ["--base-url", `http://127.0.0.1:${rude.address().port}`]);
  rude.close();
  assert.match(cut.verdict, /^not well: 127\.0\.0\.1:\d+: the connection is cut \(.*ECONNRESET.*\)\.$/);
  assert.deepEqual([nothing.code, plain.code, cut.code], [1, 1, 1]);
});

test("if the answer has no Date, the clock is not compared", async () => {
  const server = createServer((_request, response) => {
    response.sendDate = false;
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { findings } = await doctor(ofShop, ["--no-token", "--base-url", `http://127.0.0.1:${server.address().port}`]);
  server.close();
  assert.ok(findings.includes("skip clock: not compared: the answer has no Date"), findings.join("\n"));
});

test("the firewall's page is not taken for wrong credentials, and its incident is named", async () => {
  for (const kind of ["blocked-403", "blocked-503", "blocked-200"]) {
    sandbox.simulator = sandbox.make();
    sandbox.simulator.inject({ kind, rate: 1 });
    const { code, findings, verdict, remedy } = await doctor(ofShop);
    assert.match(
      findings.join("\n"),
      /^warn network: sandbox\.safaricom\.co\.ke: the firewall answers with its page \(incident \d{18}-\d{4}\)$/m,
    );
    assert.match(
      verdict,
      /^not well: The firewall in front of Daraja blocked this machine .*\(incident \d{18}-\d{4}\)\.$/,
    );
    assert.match(remedy, /networks, not credentials.* The credentials were not judged\.$/);
    assert.equal(code, 1);
    assert.deepEqual(outcomes(sandbox), [kind, kind]);
  }
});

test("a page that the firewall let through is not a block, although it contains the firewall's script", async (t) => {
  const script = '<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>';
  const page = `<!DOCTYPE html><html><head>${script}</head><body>${"<p>The portal.</p>".repeat(100)}</body></html>`;
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(page);
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { findings } = await doctor(ofShop, ["--no-token", "--base-url", `http://127.0.0.1:${server.address().port}`]);
  assert.doesNotMatch(findings.join("\n"), /the firewall/);
});

test("the doctor warns if the firewall blocks only the host's front page", async () => {
  sandbox.simulator.inject({ kind: "blocked-403", times: 1 });
  const { code, findings, verdict } = await doctor(ofShop);
  assert.match(findings.join("\n"), /^warn network: .*the firewall answers with its page/m);
  assert.deepEqual([code, verdict], [0, "all is well: Daraja grants a token, with 1 warning."]);
});

for (const [kind, verdict] of [
  ["spike-arrest", /^not well: Daraja is throttling the requests for tokens \(HTTP 429\)/],
  ["quota", /^not well: Daraja is throttling the requests for tokens \(HTTP 500\)/],
  ["unavailable", /^not well: Daraja is not available \(HTTP 503\)/],
]) {
  test(`an answer of ${kind} is not taken for wrong credentials`, async () => {
    sandbox.simulator.inject({ kind, rate: 1, path: "/oauth/" });
    const result = await doctor(ofShop);
    assert.match(result.verdict, verdict);
    assert.match(result.remedy, / The credentials were not judged\.$/);
    assert.equal(result.code, 1);
    assert.deepEqual(outcomes(sandbox), ["unknown-path", kind, kind]);
  });
}
