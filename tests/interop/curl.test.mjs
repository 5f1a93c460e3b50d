// curl against `daraja-auth simulate`: what a user of curl sees.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { needs } from "./programs.mjs";
import { installed } from "./simulate.mjs";

const TOKEN = "/oauth/v1/generate?grant_type=client_credentials";
const REMIT = "/mpesa/b2b/v1/remittax";
/** Options of curl: no settings of the tester, no proxy, no progress, and the answer's headers. */
const PLAIN = ["-q", "--noproxy", "*", "-sS", "-i"];

const { folder, modules, simulate } = installed("curl");
const options = needs("curl");

/** Runs curl. Gives its exit code, its error text, and the part of the answer that came. */
async function curl(...args) {
  const { code, stdout, stderr } = await run("curl", [...PLAIN, ...args]);
  const [head, ...body] = stdout.split("\r\n\r\n");
  const [first, ...lines] = head.split("\r\n");
  return {
    code,
    stderr,
    status: Number(first.split(" ")[1]),
    headers: Object.fromEntries(lines.map((line) => line.toLowerCase().split(": "))),
    body: body.join("\r\n\r\n"),
  };
}

const ask = ({ url, app }, ...args) => curl("-u", `${app.consumerKey}:${app.consumerSecret}`, ...args, url + TOKEN);
const call = ({ url }, ...args) => curl("--json", "{}", ...args, url + REMIT);
const bearer = ({ body }) => ["-H", `Authorization: Bearer ${JSON.parse(body).access_token}`];
const refusalOf = ({ code, status, body }) => [code, status, JSON.parse(body).errorCode];

describe("curl", () => {
  test("gets a token for -u key:secret", options, async (t) => {
    const { code, status, headers, body } = await ask(await simulate(t));
    assert.deepEqual([code, status, headers["content-type"]], [0, 200, "application/json"]);
    assert.match(body, /^\{"access_token":"[0-9A-Za-z]{28}","expires_in":"3599"\}$/);
  });

  test("makes an accepted call with that token, until there is a newer token", options, async (t) => {
    const simulator = await simulate(t);
    const first = await ask(simulator);
    const { code, status, body } = await call(simulator, ...bearer(first));
    assert.deepEqual([code, status, JSON.parse(body).ResponseCode], [0, 200, "0"]);
    const second = await ask(simulator);
    assert.deepEqual(refusalOf(await call(simulator, ...bearer(first))), [0, 404, "404.001.03"]);
    assert.equal((await call(simulator, ...bearer(second))).status, 200);
  });

  test("gets the empty 400 for a wrong secret, without a reason", options, async (t) => {
    const { url, app } = await simulate(t);
    const { code, status, headers, body } = await curl("-u", `${app.consumerKey}:wrong`, url + TOKEN);
    assert.deepEqual([code, status, body], [0, 400, ""]);
    assert.deepEqual([headers["content-type"], headers["content-length"]], ["text/plain", "0"]);
  });

  test("gets the error codes for no Basic header, a wrong grant type and no Bearer header", options, async (t) => {
    const simulator = await simulate(t);
    const { url, app } = simulator;
    assert.deepEqual(refusalOf(await curl(url + TOKEN)), [0, 400, "400.008.01"]);
    const wrongGrant = url + TOKEN.replace("client_credentials", "password");
    const pair = `${app.consumerKey}:${app.consumerSecret}`;
    assert.deepEqual(refusalOf(await curl("-u", pair, wrongGrant)), [0, 400, "400.008.02"]);
    assert.deepEqual(refusalOf(await call(simulator)), [0, 404, "404.001.04"]);
  });

  test("gets Apigee's spike arrest once", options, async (t) => {
    const simulator = await simulate(t, "--fault", "spike-arrest");
    const { status, body } = await ask(simulator);
    assert.deepEqual(
      [status, JSON.parse(body).fault.detail.errorcode],
      [429, "policies.ratelimit.SpikeArrestViolation"],
    );
    assert.equal((await ask(simulator)).status, 200);
  });

  test("gets a Retry-After with a 429", options, async (t) => {
    const simulator = await simulate(t, "--fault", "rate-limited:retryAfterSeconds=7");
    const { status, headers, body } = await ask(simulator);
    assert.deepEqual([status, headers["retry-after"], body], [429, "7", "Too Many Requests"]);
  });

  test("exits with 18 if the connection is cut in the middle of the body", options, async (t) => {
    const simulator = await simulate(t, "--fault", "cut");
    const { code, status, body, stderr } = await ask(simulator);
    // The code is not 56, a reset connection, because the simulator had read the whole request and closed normally.
    assert.equal(code, 18, stderr);
    assert.equal(status, 200);
    assert.match(body, /^\{"access_token":"\w*$/);
  });

  test("exits with 28 at its time limit if no answer comes", options, async (t) => {
    const simulator = await simulate(t, "--fault", "hang");
    const { code, body } = await ask(simulator, "--max-time", "1");
    assert.deepEqual([code, body], [28, ""]);
    const requests = await simulator.requests();
    assert.deepEqual(
      requests.map(({ outcome, response }) => ({ outcome, response })),
      [{ outcome: "hang", response: null }],
    );
  });
});

describe("a shell with daraja-auth on its PATH", () => {
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin);
  symlinkSync(join(modules, "bin", "daraja-auth.js"), join(bin, "daraja-auth"));
  // The Node that runs this test comes before the PATH's Node.
  const PATH = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  const shell = (command, { url, app }) => {
    const env = {
      PATH,
      DARAJA_BASE_URL: url,
      DARAJA_CONSUMER_KEY: app.consumerKey,
      DARAJA_CONSUMER_SECRET: app.consumerSecret,
    };
    return run("sh", ["-c", command], { cwd: folder, env });
  };
  const CALL = "curl -q --noproxy '*' -sS --json '{}'";

  for (const header of ['"Authorization: Bearer $(daraja-auth token)"', '"$(daraja-auth token --header)"']) {
    test(`makes an accepted call with curl -H ${header}`, options, async (t) => {
      const simulator = await simulate(t);
      const { code, stdout, stderr } = await shell(`${CALL} -H ${header} "$DARAJA_BASE_URL${REMIT}"`, simulator);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.equal(JSON.parse(stdout).echo.app, "Duka");
      const requests = await simulator.requests();
      assert.deepEqual(
        requests.map(({ outcome }) => outcome),
        ["token", "accepted"],
      );
    });
  }
});
