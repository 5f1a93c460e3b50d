// daraja-mock is a mock of Daraja that we did not write. generateToken gets its tokens. The tests show how it differs
// from Daraja.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { serve } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { needs, programs } from "./programs.mjs";

const [, version] = /^daraja-mock==(.*)$/m.exec(readFileSync(new URL("requirements.txt", import.meta.url), "utf8"));
/** Runs `python -m daraja_mock` with stderr joined to stdout, because stderr says which port it has. */
const MAIN = "import runpy, sys; sys.stderr = sys.stdout; runpy.run_module('daraja_mock', run_name='__main__')";
const pair = { consumerKey: "a-key-that-nobody-gave-out", consumerSecret: "a-secret-that-nobody-gave-out" };

describe(`daraja-mock ${version}`, () => {
  const options = needs("python");
  let baseUrl;
  let stop;
  let generateToken;
  before(async () => {
    if (options.skip) return;
    const command = ["-u", "-c", MAIN, "--port", "0"];
    const server = await serve(programs.python.program, command, { ready: /Running on (http:\S+)/ });
    [, baseUrl] = server.match;
    stop = server.stop;
    const folder = project("daraja-mock", { "index.mjs": 'export * from "daraja-auth";\n' });
    ({ generateToken } = await import(pathToFileURL(join(folder, "index.mjs")).href));
  });
  after(() => stop?.());

  const query = async (accessToken) => {
    const headers = {
      "content-type": "application/json",
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    };
    const response = await fetch(`${baseUrl}/mpesa/stkpushquery/v1/query`, { method: "POST", headers, body: "{}" });
    return { status: response.status, ResponseCode: (await response.json()).ResponseCode };
  };
  const accepted = { status: 200, ResponseCode: "0" };

  test("grants generateToken a token of 31 characters, underscores among them, for 3600 seconds", options, async () => {
    const before = Date.now();
    const { accessToken, expiresIn, expiresAt } = await generateToken({ ...pair, baseUrl });
    const after = Date.now();
    assert.match(accessToken, /^mock_token_[0-9A-Z]{20}$/);
    assert.equal(expiresIn, 3600);
    assert.ok(before + 3_600_000 <= expiresAt && expiresAt <= after + 3_600_000, `${before} ${expiresAt} ${after}`);
  });

  test("accepts the token at its business APIs", options, async () => {
    const { accessToken } = await generateToken({ ...pair, baseUrl });
    assert.deepEqual(await query(accessToken), accepted);
  });

  test("grants a token for every pair, and without a pair or grant type, unlike Daraja", options, async () => {
    const other = await generateToken({ consumerKey: "k", consumerSecret: "s", baseUrl });
    assert.equal(other.expiresIn, 3600);
    const response = await fetch(`${baseUrl}/oauth/v1/generate`);
    assert.deepEqual([response.status, Object.keys(await response.json())], [200, ["access_token", "expires_in"]]);
  });

  test("accepts the older of two tokens, and calls without a token, unlike Daraja", options, async () => {
    const { accessToken } = await generateToken({ ...pair, baseUrl });
    assert.notEqual((await generateToken({ ...pair, baseUrl })).accessToken, accessToken);
    assert.deepEqual(await query(accessToken), accepted);
    assert.deepEqual(await query(undefined), accepted);
  });

  test("has no /oauth/v2/generate, and generateToken's error has the status 404", options, async () => {
    await assert.rejects(generateToken({ ...pair, baseUrl, path: "/oauth/v2/generate" }), {
      name: "DarajaError",
      code: "ERR_DARAJA_REFUSED",
      status: 404,
      retryable: false,
    });
  });
});
