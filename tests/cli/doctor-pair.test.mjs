// daraja-auth doctor: the app and the environment of the credentials, the effect of a new token, and the output.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shop } from "./cli.mjs";
import { doctorFor, KEY, ofLive, ofNobody, ofShop, outcomes, SECRET } from "./doctor.mjs";

const { runDoctor, doctor, assertWarning, production, sandbox, start } = doctorFor("doctor-pair");
const { consumerKey, consumerSecret } = shop;

test("without a problem the doctor reports each check, and a note before the request for a token says that the token in use stops working", async () => {
  const { code, findings, verdict } = await doctor(ofShop);
  assert.deepEqual(findings, [
    `ok node: Node ${process.versions.node}, with fetch`,
    "ok variables: DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET can be sent",
    "ok target: sandbox, since DARAJA_ENVIRONMENT is not set",
    "ok network: sandbox.safaricom.co.ke answers (HTTP 404)",
    "ok clock: agrees with the server's",
    "note credentials: asking sandbox.safaricom.co.ke for a token; the one in use there, if there is one, stops working",
    "ok credentials: sandbox.safaricom.co.ke grants a token, for 3599 seconds",
  ]);
  assert.equal(verdict, "all is well: Daraja grants a token.");
  assert.equal(code, 0);
  assert.deepEqual([outcomes(sandbox), outcomes(production)], [["unknown-path", "token"], []]);
});

test("if key and secret are swapped, one more request in the same environment proves it", async () => {
  const env = { [KEY]: consumerSecret, [SECRET]: consumerKey };
  const { code, findings, verdict, remedy } = await doctor(env);
  assert.equal(verdict, "not well: Daraja accepts them the other way round: key and secret are swapped.");
  assert.equal(remedy, `Exchange the values of ${KEY} and ${SECRET}.`);
  assert.equal(code, 1);
  assert.match(
    findings.join("\n"),
    /^fail credentials: Daraja did not accept the consumer key and secret \(HTTP 400\)$/m,
  );
  assert.deepEqual([outcomes(sandbox), outcomes(production)], [["unknown-path", "wrong-pair", "token"], []]);
});

test("a key and a secret with each other's length are a warning, and are sent unchanged", async () => {
  const long = { name: "Long", consumerKey: "k".repeat(64), consumerSecret: "s".repeat(48) };
  sandbox.simulator = sandbox.make({ apps: [long] });
  const env = { [KEY]: long.consumerKey, [SECRET]: long.consumerSecret };
  await assertWarning(env, "variables", "the key is as long as secrets are, and the secret as long as keys are");
});

test("production's credentials on the sandbox: production is tried only if an option asks for it", async () => {
  const untried = await doctor(ofLive);
  assert.equal(untried.verdict, "not well: Daraja did not accept the consumer key and secret (HTTP 400).");
  assert.match(
    untried.remedy,
    /If they may belong to production, use --try-production\. A token there ends the one in use there\.$/,
  );
  assert.ok(
    untried.findings.includes("skip environment: not tried on production, whose token in use would stop working"),
  );
  assert.deepEqual([untried.code, outcomes(production)], [1, []]);
  const tried = await doctor(ofLive, ["--try-production"]);
  assert.equal(tried.verdict, "not well: the pair belongs to production, and sandbox was asked.");
  assert.equal(tried.remedy, "Set DARAJA_ENVIRONMENT=production.");
  assert.deepEqual([tried.code, outcomes(production)], [1, ["token"]]);
});

test("the sandbox's credentials on production: the sandbox is tried", async () => {
  const byVariable = await doctor({ ...ofShop, MPESA_ENVIRONMENT: "production" });
  assert.equal(byVariable.verdict, "not well: the pair belongs to sandbox, and production was asked.");
  assert.equal(byVariable.remedy, "Set MPESA_ENVIRONMENT=sandbox.");
  const byOption = await doctor(ofShop, ["--environment", "production"]);
  assert.equal(byOption.remedy, "Use --environment sandbox.");
  assert.deepEqual([byVariable.code, byOption.code], [1, 1]);
  assert.deepEqual(outcomes(production), [
    "unknown-path",
    "wrong-pair",
    "wrong-pair",
    "unknown-path",
    "wrong-pair",
    "wrong-pair",
  ]);
});

test("with --try-production, unknown credentials are tried the other way round, and then on production", async () => {
  const { code, findings, verdict, remedy } = await doctor(ofNobody, ["--try-production"]);
  assert.deepEqual(findings.slice(-5), [
    "fail credentials: Daraja did not accept the consumer key and secret (HTTP 400)",
    "note swap: trying them the other way round",
    "ok swap: refused the other way round, too",
    "note environment: trying them on production; if it accepts them, the token in use there stops working",
    "ok environment: refused on production, too",
  ]);
  assert.equal(verdict, "not well: Daraja did not accept the consumer key and secret (HTTP 400).");
  assert.equal(remedy, "Copy both again from My Apps on the Daraja portal: a character may be wrong, or the app gone.");
  assert.equal(code, 1);
});

test("with --no-token the doctor asks for no token, and still finds an empty variable", async () => {
  const { code, findings, verdict } = await doctor(ofShop, ["--no-token"]);
  assert.equal(findings.at(-1), "skip credentials: no token was asked for, as --no-token says");
  assert.deepEqual([code, verdict], [0, "all is well: nothing is wrong, but no token was asked for."]);
  assert.deepEqual(outcomes(sandbox), ["unknown-path"]);
  const wrong = await doctor({ ...ofShop, [KEY]: "" }, ["--no-token"]);
  assert.deepEqual([wrong.code, wrong.verdict], [1, `not well: ${KEY} is set to nothing.`]);
});

test("--probe-supersession finds out whether a new token ends the previous one", async () => {
  const asked = async (options, args = ["--probe-supersession"]) => {
    sandbox.simulator = sandbox.make(options);
    const { code, findings } = await doctor(ofShop, args);
    assert.equal(code, 0, findings.join("\n"));
    return findings.at(-1);
  };
  const answer = (level, text) => `${level} supersession: a new token ends the last: ${text}`;
  assert.equal(await asked(), answer("ok", "yes (404.001.03)"));
  assert.deepEqual(outcomes(sandbox), [
    "unknown-path",
    "token",
    "invalid-request",
    "token",
    "dead-token",
    "invalid-request",
  ]);
  for (const rejectAs of ["401.002.01", "401.003.01", "400.003.01"]) {
    assert.equal(await asked({ rejectAs }), answer("ok", `yes (${rejectAs})`));
  }
  assert.equal(await asked({ supersede: false }), answer("ok", "no"));
  assert.equal(await asked({}, ["--probe-supersession", "--base-url", sandbox.url]), answer("ok", "yes (404.001.03)"));
  assert.equal(await asked({ apps: [{ ...shop, products: ["b2c"] }] }), answer("ok", "yes (404.001.03)"));
  sandbox.simulator = sandbox.make();
  sandbox.simulator.inject({ kind: "unavailable", rate: 1, path: "/mpesa/" });
  const { code, findings } = await doctor(ofShop, ["--probe-supersession"]);
  const calls = "unclear, unclear, unclear (HTTP 503, HTTP 503, HTTP 503)";
  const sentence = `unclear; the first, the first again and the second were ${calls}`;
  assert.deepEqual([code, findings.at(-1)], [0, answer("warn", sentence)]);
});

test("--probe-supersession is a misuse on hosts other than the sandbox and loopback, and nothing is sent", async () => {
  const refused = async (env, args, host) => {
    const { code, stdout, stderr } = await runDoctor({ ...ofShop, ...env }, ["--probe-supersession", ...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    const sentence = `--probe-supersession: only on the sandbox or on loopback, and this is ${host}`;
    assert.equal(stderr.split("\n")[0], `ERR_DARAJA_INVALID_OPTION: ${sentence}`);
  };
  await refused({}, ["--environment", "production"], "api.safaricom.co.ke");
  await refused({ MPESA_ENVIRONMENT: "production" }, [], "api.safaricom.co.ke");
  await refused({}, ["--base-url", "https://daraja.example"], "daraja.example");
  assert.deepEqual([...outcomes(sandbox), ...outcomes(production)], []);
});

test("without a token --probe-supersession is skipped", async () => {
  const { code, findings } = await doctor(ofNobody, ["--probe-supersession"]);
  assert.deepEqual([code, findings.at(-1)], [1, "skip supersession: not probed: there is no token"]);
});

test("--json prints the verdict, the target and the findings as JSON, with a name for each problem", async () => {
  const { code, stdout, stderr } = await runDoctor({ ...ofShop, [SECRET]: `"${consumerSecret}"` }, ["--json"]);
  assert.deepEqual([code, stderr], [1, ""]);
  const { findings, ...report } = JSON.parse(stdout);
  const problem = "quoted";
  const message = `${SECRET} has quotation marks around it`;
  const { remedy } = report.verdict;
  assert.deepEqual(report, {
    isWell: false,
    verdict: { problem, message, remedy },
    target: { environment: "sandbox", host: "sandbox.safaricom.co.ke" },
  });
  assert.deepEqual(findings[1], { check: "variables", level: "fail", problem, message, remedy });
  const well = await runDoctor(ofShop, ["--json", "--base-url", sandbox.url]);
  assert.deepEqual(JSON.parse(well.stdout).verdict, { message: "Daraja grants a token" });
  assert.deepEqual(JSON.parse(well.stdout).target, { host: new URL(sandbox.url).host });
  assert.equal(well.code, 0);
});

test("if the reader of stdout is gone, no stack is printed, and the exit code is the doctor's own", async () => {
  for (const [env, code] of [
    [ofShop, 0],
    [ofNobody, 1],
  ]) {
    const running = start([], env);
    running.stopReading();
    assert.deepEqual(await running.ended, { code, signal: null });
    assert.equal(running.stderr, "");
  }
});
