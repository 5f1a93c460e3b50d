// The functions of the doctor that turn facts into findings. They send no request.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandLine } from "./cli.mjs";

const { load } = commandLine("judgement");
const { verdict, ok, skip, warn, fail } = await load("bin/doctor/finding.js");
const { judgeMachine } = await load("bin/doctor/machine.js");
const { judgeClock, judgeNetwork } = await load("bin/doctor/network.js");
const { judgeCredentials, judgeElsewhere, judgeSwap } = await load("bin/doctor/credentials.js");
const { judgeSupersession } = await load("bin/doctor/supersession.js");
const { judgeVariables } = await load("bin/doctor/variables.js");

/** Each finding in one line, without its remedy. */
const brief = (findings) =>
  findings.map(({ level, problem, message }) => [level, problem, message].filter(Boolean).join(": "));

test("the report is wrapped to the terminal's width, and in a pipe a message or a remedy is one line", async () => {
  const { Report } = await load("bin/doctor/report.js");
  const written = (stream) => {
    let text = "";
    const report = new Report({ ...stream, write: (part) => (text += part) }, false);
    report.add([
      { check: "network", level: "warn", message: "a word ".repeat(30).trim(), remedy: "try ".repeat(40).trim() },
    ]);
    return text.trimEnd().split("\n");
  };
  const wrapped = written({ isTTY: true, columns: 60 });
  // A line may also have up to 10 characters of colour codes, which a terminal does not show.
  assert.ok(wrapped.length > 6 && wrapped.every((line) => line.length <= 60 + 10), wrapped.join("\n"));
  assert.equal(written({}).length, 2);
});

describe("the machine", () => {
  const machine = {
    node: "20.20.2",
    hasFetch: true,
    wasm: "there",
    proxies: [],
    asksForProxies: false,
    trustsAnybody: false,
  };
  const judged = (facts) => brief(judgeMachine({ ...machine, ...facts }));

  test("a Node before 20, and one without fetch, fail", () => {
    assert.deepEqual(judged({ node: "18.20.8" }), ["fail: node-too-old: Node 18.20.8 is too old, or has no fetch"]);
    assert.deepEqual(judged({ hasFetch: false }), ["fail: node-too-old: Node 20.20.2 is too old, or has no fetch"]);
    assert.deepEqual(judged({}), ["ok: Node 20.20.2, with fetch"]);
  });

  test("a proxy is ignored unless this Node can use it and is told to", () => {
    const ignored = (node, asksForProxies) => judged({ node, asksForProxies, proxies: ["HTTPS_PROXY"] }).length === 2;
    assert.deepEqual(
      ["20.20.2", "22.20.0", "22.21.0", "24.0.0", "26.1.0"].map((node) => ignored(node, true)),
      [true, true, false, false, false],
    );
    assert.equal(ignored("26.1.0", false), true);
  });
});

describe("the clock", () => {
  const judged = (facts) => brief(judgeClock({ serverTime: 1_000_000, ...facts }));

  test("a clock that is 30 seconds or more ahead or behind is a warning", () => {
    assert.deepEqual(judged({ sent: 1_029_999, received: 1_030_500 }), ["ok: agrees with the server's"]);
    assert.deepEqual(judged({ sent: 1_030_000, received: 1_030_500 }), [
      "warn: clock-skew: this machine's clock is 30 s ahead of the server's",
    ]);
    assert.deepEqual(judged({ sent: 900_000, received: 970_001 }), ["ok: agrees with the server's"]);
    assert.deepEqual(judged({ sent: 900_000, received: 970_000 }), [
      "warn: clock-skew: this machine's clock is 30 s behind the server's",
    ]);
  });

  test("a slow answer is not a wrong clock: the server may have read its clock at any moment before it", () => {
    assert.deepEqual(judged({ sent: 900_000, received: 1_100_000 }), ["ok: agrees with the server's"]);
  });
});

describe("the network", () => {
  const problemOf = (code) => judgeNetwork("h", { failure: { code, reason: `${code} h` } })[0].problem;

  test("each error code of a failed fetch belongs to one kind of problem", () => {
    for (const [problem, codes] of Object.entries({
      dns: ["ENOTFOUND", "EAI_AGAIN"],
      unreachable: ["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT", "TIMEOUT"],
      cut: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"],
      tls: [
        "CERT_HAS_EXPIRED",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "EPROTO",
      ],
      network: ["EOTHER", undefined],
    })) {
      for (const code of codes) assert.equal(problemOf(code), problem, code);
    }
  });

  test("the finding says if there is no reason, or if the firewall answers", () => {
    assert.deepEqual(brief(judgeNetwork("h", { failure: {} })), [
      "fail: network: h: it cannot be asked (no reason given)",
    ]);
    assert.deepEqual(brief(judgeNetwork("h", { status: 404, isBlocked: true })), [
      "warn: firewall: h: the firewall answers with its page",
    ]);
  });
});

describe("the variables", () => {
  const found = (key, secret, rest = {}) => {
    const set = (name, value) => (value === undefined ? [] : [{ name, from: "the environment", value }]);
    const consumerKey = set("DARAJA_CONSUMER_KEY", key);
    return {
      consumerKey,
      consumerSecret: set("DARAJA_CONSUMER_SECRET", secret),
      environment: [],
      baseUrl: [],
      ...rest,
    };
  };
  const judged = (...values) => judgeVariables({ found: found(...values), objections: {} });

  test("keys and secrets may have any length", () => {
    for (const [key, secret] of [
      ["k".repeat(48), "s".repeat(64)],
      ["k".repeat(32), "s".repeat(16)],
      ["k", "s/+="],
    ]) {
      assert.deepEqual(brief(judged(key, secret)), [
        "ok: DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET can be sent",
        "ok: sandbox, since DARAJA_ENVIRONMENT is not set",
      ]);
    }
  });

  test("a key and a secret with each other's length are a warning, not a failure", () => {
    for (const [key, secret] of [
      [64, 48],
      [16, 32],
    ]) {
      const levels = judged("k".repeat(key), "s".repeat(secret)).map(({ level }) => level);
      assert.deepEqual(levels, ["warn", "ok", "ok"]);
    }
  });

  test("no finding contains a value", () => {
    for (const value of [
      "canary",
      "'canary",
      "canary ",
      "ca\nnary",
      "ca:nary",
      "ca nary",
      "canaryü",
      "Basic canary",
      "<canary>",
    ]) {
      const findings = [...judged(value, "s"), ...judged("k", value), ...judged(value, value)];
      assert.doesNotMatch(JSON.stringify(findings), /canary|nary/);
      assert.ok(findings.length > 0);
    }
  });

  test("credentials that generateToken finds invalid are a failure, even without another finding", () => {
    const objections = { pair: { message: "DARAJA_CONSUMER_KEY: expected this, found that", hint: "Do this." } };
    const [finding] = judgeVariables({ found: found("k", "s"), objections });
    assert.deepEqual(finding, {
      check: "variables",
      level: "fail",
      problem: "unusable",
      message: "DARAJA_CONSUMER_KEY: expected this, found that",
      remedy: "Do this.",
    });
  });
});

describe("the pair", () => {
  const refused = { error: { code: "ERR_DARAJA_INVALID_CREDENTIALS", message: "refused", hint: "Look." } };
  const throttled = { error: { code: "ERR_DARAJA_RATE_LIMITED", message: "throttled", hint: "Wait." } };
  const invalid = { error: { code: "ERR_DARAJA_INVALID_OPTION", message: "a colon", hint: "No." } };
  const granted = { grant: { expiresIn: 3599 } };

  test("only Daraja's error for wrong credentials means that they are refused", () => {
    assert.equal(judgeCredentials("h", refused)[0].problem, "refused");
    const [finding] = judgeCredentials("h", throttled);
    assert.deepEqual([finding.problem, finding.remedy], ["rate-limited", "Wait. The credentials were not judged."]);
    assert.equal(judgeCredentials("h", granted)[0].level, "ok");
  });

  test("refused swapped credentials are fine, accepted ones are a failure, and any other answer says nothing", () => {
    const level = (result) => judgeSwap(["A", "B"], result)[0].level;
    assert.deepEqual([refused, invalid, throttled, granted].map(level), ["ok", "ok", "skip", "fail"]);
  });

  test("credentials that the other environment refuses are fine, accepted ones are a failure, and untried ones are skipped", () => {
    const choice = { chosen: "production", other: "sandbox", how: "DARAJA_ENVIRONMENT" };
    const level = (result) => judgeElsewhere(choice, result)[0].level;
    assert.deepEqual([refused, throttled, granted, undefined].map(level), ["ok", "skip", "fail", "skip"]);
  });
});

describe("supersession", () => {
  const alive = { status: 200 };
  const dead = { status: 404, errorCode: "404.001.03", isRejected: true };
  const judged = (first, firstAgain, second) => judgeSupersession({ first, firstAgain, second })[0];

  test("the answer is yes if the first token is dead after the second is granted, and no if it is alive", () => {
    assert.equal(judged(alive, dead, alive).message, "a new token ends the last: yes (404.001.03)");
    assert.equal(judged(alive, alive, alive).message, "a new token ends the last: no");
  });

  test("an API's own error shows that the token was accepted", () => {
    for (const errorCode of ["400.002.02", "500.001.1001"]) {
      const error = { status: 500, errorCode };
      assert.equal(judged(error, dead, error).level, "ok", errorCode);
    }
  });

  test("if the app lacks the product, a yes can be proved, but not a no", () => {
    const known = { status: 401, lacksProduct: true };
    assert.equal(judged(known, dead, known).message, "a new token ends the last: yes (404.001.03)");
    assert.equal(
      judged(known, known, known).message,
      "a new token ends the last: unclear; the first, the first again and the second were without the product, without " +
        "the product, without the product (no apiproduct match, no apiproduct match, no apiproduct match)",
    );
  });

  test("the result is unclear if the new token is rejected, or the answer is not an API's", () => {
    for (const answer of [
      dead,
      { status: 404, errorCode: "404.001.04" },
      { status: 401, errorCode: "401.009.09" },
      { status: 403, isBlocked: true },
      { status: 429, isThrottled: true },
      { status: 500, errorCode: "500.003.02", isThrottled: true },
      { status: 502 },
      { failure: { code: "ECONNRESET" } },
    ]) {
      for (const calls of [
        [answer, dead, alive],
        [alive, dead, answer],
      ]) {
        const { level, problem } = judged(...calls);
        assert.deepEqual([level, problem], ["warn", "unclear"], JSON.stringify(answer));
      }
      if (answer !== dead) assert.equal(judged(alive, answer, alive).problem, "unclear", JSON.stringify(answer));
    }
  });
});

describe("the verdict", () => {
  const refused = fail("credentials", "refused", "Daraja refused", "Look.");

  test("is the first failure, unless a later one is its reason", () => {
    const quoted = fail("variables", "quoted", "quoted", "Remove.");
    assert.equal(verdict([quoted, fail("network", "dns", "no name", "Check.")]).message, "quoted");
    assert.equal(verdict([refused, fail("swap", "swapped", "swapped", "Exchange.")]).message, "swapped");
    const elsewhere = fail("environment", "other-environment", "elsewhere", "Set.");
    assert.deepEqual(verdict([refused, ok("swap", "not"), elsewhere]), {
      isWell: false,
      problem: "other-environment",
      message: "elsewhere",
      remedy: "Set.",
    });
  });

  test("for wrong credentials says what to try next", () => {
    const copy = "Copy both again from My Apps on the Daraja portal: a character may be wrong, or the app gone.";
    assert.equal(verdict([refused]).remedy, "Look.");
    assert.equal(verdict([refused, skip("swap", "not known")]).remedy, "Look.");
    assert.equal(verdict([refused, ok("swap", "not")]).remedy, copy);
    assert.equal(verdict([refused, ok("swap", "not"), skip("environment", "untried", "Try.")]).remedy, `${copy} Try.`);
  });

  test("of a success counts the warnings", () => {
    const granted = ok("credentials", "granted");
    const odd = warn("clock", "clock-skew", "odd", "Set.");
    assert.deepEqual(verdict([granted]), { isWell: true, message: "Daraja grants a token" });
    assert.equal(verdict([odd, granted]).message, "Daraja grants a token, with 1 warning");
    assert.equal(verdict([odd, odd, granted]).message, "Daraja grants a token, with 2 warnings");
    assert.equal(verdict([odd]).message, "nothing is wrong, but no token was asked for, with 1 warning");
  });
});
