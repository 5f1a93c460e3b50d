// daraja-auth simulate --write-env: the file has what a program needs, and real keys in it are not lost.
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { shop } from "./cli.mjs";
import { APPS, simulators } from "./simulator.mjs";

const { folder, run, simulate } = simulators("write-env");
const at = (file) => join(folder, file);
const read = (file) => readFileSync(at(file), "utf8");

test("the file has the variables, only its owner may read it, and it works unchanged", async (t) => {
  const { running, url } = await simulate(t, "--write-env", "new.env");
  await running.until(/^ {2}node --env-file=new\.env pay\.mjs\n\nnew\.env has the variables now\.\n/m);
  assert.match(
    read("new.env"),
    /^# Written by daraja-auth simulate\. [^\n]*\nDARAJA_BASE_URL=http:\/\/127\.0\.0\.1:\d+\nDARAJA_CONSUMER_KEY=\w+\nDARAJA_CONSUMER_SECRET=\w+\n$/,
  );
  assert.ok(read("new.env").includes(`DARAJA_BASE_URL=${url}\n`));
  if (process.platform !== "win32") assert.equal(statSync(at("new.env")).mode & 0o777, 0o600);
  const { code, stdout } = await run(["token", "--dotenv", "new.env"]);
  assert.equal(code, 0);
  assert.match(stdout, /^\w{28}\n$/);
});

test("a file of an earlier run gets the new address, and keeps its other lines", async (t) => {
  const earlier = await simulate(t, "--write-env", "kept.env");
  writeFileSync(at("kept.env"), `PORT=3000\n${read("kept.env")}DATABASE_URL="postgres://localhost/shop"\n`);
  const { url } = await simulate(t, "--write-env", "kept.env");
  assert.notEqual(url, earlier.url);
  const lines = read("kept.env").trimEnd().split("\n");
  assert.deepEqual(lines.slice(0, 2), ["PORT=3000", 'DATABASE_URL="postgres://localhost/shop"']);
  assert.deepEqual(
    lines.slice(3).map((line) => line.split("=")[0]),
    ["DARAJA_BASE_URL", "DARAJA_CONSUMER_KEY", "DARAJA_CONSUMER_SECRET"],
  );
  assert.equal(lines[3], `DARAJA_BASE_URL=${url}`);
});

for (const [what, text, names] of [
  [
    "another key and secret",
    `DARAJA_CONSUMER_KEY=${shop.consumerKey}\nDARAJA_CONSUMER_SECRET="${shop.consumerSecret}"\n`,
    "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET",
  ],
  ["the address of another host", "DARAJA_BASE_URL=https://api.safaricom.co.ke\n", "DARAJA_BASE_URL"],
]) {
  test(`a file with ${what} is not changed`, async () => {
    writeFileSync(at("real.env"), text);
    const { code, stdout, stderr } = await run(["simulate", "--port", "0", "--write-env", "real.env"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(
      stderr,
      `ERR_DARAJA_INVALID_OPTION: --write-env: real.env has another ${names}\n` +
        "They may be real, so the file is left as it is. Name another one: --write-env .env.simulator.\n",
    );
    assert.equal(read("real.env"), text);
  });
}

test("the keys of --apps are not written, because they may be real", async () => {
  const { code, stderr } = await run(["simulate", ...APPS, "--write-env", "apps.env"]);
  assert.equal(code, 2);
  assert.match(stderr, /^ERR_DARAJA_INVALID_OPTION: --write-env and --apps exclude each other\n/);
});

test("a file that cannot be written is a failure that says so", async () => {
  const { code, stderr } = await run(["simulate", "--port", "0", "--write-env", "no/such/folder/.env"]);
  assert.equal(code, 1);
  assert.match(stderr, /^ENOENT: --write-env: no\/such\/folder\/\.env cannot be written\n/);
});
