import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { work } from "../support/packed.mjs";
import { apps, root, start, startDemo, startReal } from "./demo.mjs";
import { asPage, POLICY, send } from "./demo-http.mjs";

const [{ consumerKey, consumerSecret }] = apps;

describe("npm start", () => {
  test("prints its help", async () => {
    const { code, stdout } = await start(["--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: npm start -- \[options\]\n/);
  });

  for (const [args, why] of [
    [["--nonsense"], "unknown option or argument"],
    [["canary-secret"], "unknown option or argument"],
    [["--sandbox=canary-secret"], "unknown option or argument"],
    [["--sandbox", "--production"], "--sandbox and --production exclude each other"],
    [["--port", "x"], "--port: expected a number from 0 to 65535, found something else"],
    [["--port", "65536"], "--port: expected a number from 0 to 65535, found something else"],
    [["--sandbox"], "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set"],
    [["--production"], "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set"],
  ]) {
    test(`${args.join(" ")}: ends with 2, and says why`, async () => {
      const { code, stdout, stderr } = await start(args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.equal(stderr.split("\n")[0], `npm start: ${why}`);
      assert.ok(!stderr.includes("canary-secret"));
    });
  }

  test("--sandbox with one of the keys names the other", async () => {
    const { code, stderr } = await start(["--sandbox"], { MPESA_CONSUMER_KEY: "key", DARAJA_CONSUMER_SECRET: "" });
    assert.equal(code, 2);
    assert.equal(stderr.split("\n")[0], "npm start: DARAJA_CONSUMER_SECRET: not set");
  });

  test("takes the keys from the variables that begin with MPESA, too", async (t) => {
    const unset = { DARAJA_CONSUMER_KEY: undefined, DARAJA_CONSUMER_SECRET: undefined };
    const env = { ...unset, MPESA_CONSUMER_KEY: consumerKey, MPESA_CONSUMER_SECRET: consumerSecret };
    const demo = await startReal("--sandbox", env);
    t.after(() => demo.stop());
    const { body } = await send(demo.url, asPage(demo.url, "token"));
    assert.match(JSON.parse(body).token.accessToken, /^\w{28}$/);
  });

  test("if the port of --port is in use, it says so and ends with 1", async (t) => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address();
    const { code, stderr } = await start(["--port", `${port}`]);
    assert.equal(code, 1);
    assert.equal(stderr, `npm start: cannot listen on port ${port}: EADDRINUSE\n`);
  });

  test("if the default port is in use, it takes another one", async (t) => {
    const server = createServer();
    // If another program has the port already, the test works as well.
    await new Promise((resolve) => server.once("error", resolve).listen(8255, "127.0.0.1", resolve));
    t.after(() => server.close());
    const demo = await startDemo([]);
    t.after(() => demo.stop());
    assert.notEqual(new URL(demo.url).port, "8255");
    assert.equal((await send(demo.url)).status, 200);
  });

  test("listens on loopback, and exits with 0 after SIGINT or SIGTERM", async () => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      const child = spawn(process.execPath, ["scripts/start.mjs", "--port", "0"], { cwd: root });
      const ended = once(child, "close");
      const [said] = await once(child.stdout.setEncoding("utf8"), "data");
      assert.match(said, /^The demo page is at http:\/\/127\.0\.0\.1:\d+\/\n/);
      child.kill(signal);
      assert.deepEqual(await ended, [0, null]);
    }
  });
});

describe("npm run site", () => {
  const folder = join(work, `site-files-${process.pid}`);
  const site = () => run(process.execPath, ["scripts/site.mjs", folder], { cwd: root });
  before(() => rmSync(folder, { recursive: true, force: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("copies the page and what it imports of the package, and nothing else", async () => {
    assert.equal((await site()).code, 0);
    const page = readdirSync(join(root, "www"));
    assert.deepEqual(readdirSync(folder).toSorted(), [...page, "daraja-auth"].toSorted());
    assert.deepEqual(readdirSync(join(folder, "daraja-auth")).toSorted(), ["index.js", "simulator.js"]);
    assert.ok(readFileSync(join(folder, "index.html"), "utf8").includes('<meta name="daraja-mode" content="static">'));
  });

  test("the page has the server's policy, except for frame-ancestors, which a page cannot set", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(
      readFileSync(join(folder, "index.html"), "utf8"),
    );
    assert.equal(`${policy}; frame-ancestors 'none'`, POLICY);
  });

  test("has relative addresses only, except for links, and no style or script in an attribute", () => {
    const files = readdirSync(folder).filter((name) => /\.(html|css|js)$/.test(name));
    assert.ok(files.length > 20);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      assert.doesNotMatch(text, /(?:src|from|import|url\(|rel="\w+" href)[=\s("']*["'(](?:\/|https?:)/, file);
      assert.doesNotMatch(text, /\sstyle="|\son\w+="/, file);
    }
  });

  test("does not empty a folder that has something else", async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(join(folder, "precious"), "");
    assert.equal((await site()).code, 2);
    assert.deepEqual(readdirSync(folder), ["precious"]);
  });
});
