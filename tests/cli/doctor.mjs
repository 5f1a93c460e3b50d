// For the tests of the doctor: a simulated Daraja for each environment, over HTTP, and the doctor's output as data.
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { assertHidden, commandLine, encoded, hosts, shop } from "./cli.mjs";

export const live = {
  name: "Live",
  consumerKey: "CanaryKeyOfTheLiveShop0005",
  consumerSecret: "CanarySecretOfTheLiveShop0006",
};
const variables = ({ consumerKey, consumerSecret }) => ({
  DARAJA_CONSUMER_KEY: consumerKey,
  DARAJA_CONSUMER_SECRET: consumerSecret,
});
/** The variables of an app of the sandbox, of an app of production, and of an app that does not exist. */
export const ofShop = variables(shop);
export const ofLive = variables(live);
export const ofNobody = variables({ consumerKey: "NobodysKey0007", consumerSecret: "NobodysSecret0008" });
export const [KEY, SECRET] = Object.keys(ofShop);

/** The doctor for the test file `name`. A test may put another simulator into `sandbox` or `production`. */
export function doctorFor(name) {
  const { folder, load, run, start } = commandLine(name);
  const sandbox = {};
  const production = {};
  const tokens = new Set();
  let at;

  before(async () => {
    const { Simulator } = await load("pkg/simulator.node.js");
    const { listen } = await load("bin/listen.js");
    for (const [daraja, app] of [
      [sandbox, shop],
      [production, live],
    ]) {
      const answer = async (request) => {
        const response = await daraja.simulator.fetch(request);
        const [, token] = /"access_token":"(\w+)"/.exec(await response.clone().text()) ?? [];
        if (token) tokens.add(token);
        return response;
      };
      daraja.make = (options) => new Simulator({ apps: [app], ...options });
      Object.assign(daraja, await listen(answer));
    }
    at = hosts({ sandbox: sandbox.url, production: production.url });
  });
  beforeEach(() => {
    for (const daraja of [sandbox, production]) daraja.simulator = daraja.make();
  });
  after(() => Promise.all([sandbox.close(), production.close()]));

  /** Runs the doctor, and checks that it shows no secret. Gives its exit code and its output. */
  async function runDoctor(env, args = []) {
    const ended = await run(["doctor", ...args], { ...at, ...env });
    for (const text of [ended.stdout, ended.stderr]) {
      assertHidden(text, ...Object.values(ofLive), ...Object.values(ofNobody), encoded(live), ...tokens);
    }
    return ended;
  }

  /** Runs the doctor. Gives its exit code, its findings as "level check: message", its verdict and its remedy. */
  async function doctor(env, args) {
    const { code, stdout, stderr } = await runDoctor(env, args);
    assert.equal(stderr, "");
    const findings = [...stdout.matchAll(/^(ok|warn|fail|skip|note) +(\w+) +(.*)$/gm)];
    const [, verdict, remedy] = /\nVerdict: (.*)\n(.*)\n?$/.exec(stdout);
    return {
      code,
      findings: findings.map(([, level, check, message]) => `${level} ${check}: ${message}`),
      verdict,
      remedy,
    };
  }

  return {
    folder,
    sandbox,
    production,
    runDoctor,
    doctor,
    start: (args, env) => start(["doctor", ...args], { ...at, ...env }),
    /** Checks that the doctor finds a mistake: it has this verdict, the exit code is 1, and no token was asked for. */
    async assertVerdict(env, verdict, remedy, args) {
      const result = await doctor(env, args);
      assert.equal(result.verdict, `not well: ${verdict}.`);
      assert.match(result.remedy, remedy);
      assert.equal(result.code, 1);
      assert.ok(result.findings.includes("skip credentials: no token was asked for, because of the above"));
      assert.ok(![...outcomes(sandbox), ...outcomes(production)].includes("token"));
      return result;
    },
    /** Checks that the doctor warns: it has this warning, a token is granted, and the exit code is 0. */
    async assertWarning(env, check, warning, args) {
      const { code, findings, verdict } = await doctor(env, args);
      assert.ok(findings.includes(`warn ${check}: ${warning}`), findings.join("\n"));
      assert.match(verdict, /^all is well: Daraja grants a token, with \d warnings?\.$/);
      assert.equal(code, 0);
    },
  };
}

/** The outcomes of the requests to a simulated Daraja. */
export const outcomes = ({ simulator }) => simulator.requests.map(({ outcome }) => outcome);
