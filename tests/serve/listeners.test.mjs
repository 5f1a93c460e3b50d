// daraja-auth serve: it listens on addresses, with TLS and on sockets, and writes the token to a file.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { encoded } from "../cli/cli.mjs";
import { start } from "../cli/running-program.mjs";
import { makeCertificate } from "../support/certificate.mjs";
import { isWhole } from "../support/matrix.mjs";
import { servers, TOKEN_PATH } from "./servers.mjs";

const { daraja, serve, run, folder, load, ...commands } = servers("listeners");
const program = join(folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");

/** Asks for a token, by any transport. */
async function grant(ask, pair, options) {
  const outgoing = ask({ path: TOKEN_PATH, headers: { authorization: `Basic ${encoded(pair)}` }, ...options });
  outgoing.end();
  const [incoming] = await once(outgoing, "response");
  const serial = incoming.socket.getPeerCertificate?.().serialNumber;
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  return { status: incoming.statusCode, text, serial };
}

const variables = ({ app, baseUrl }) => ({
  DARAJA_CONSUMER_KEY: app.consumerKey,
  DARAJA_CONSUMER_SECRET: app.consumerSecret,
  DARAJA_BASE_URL: baseUrl,
});

test("a Unix socket is for its owner only, unless --socket-mode says otherwise, and after a crash the next start replaces it", async (t) => {
  const upstream = await daraja(t);
  const socketPath = join(folder, "daraja.sock");
  const begin = async (...args) => {
    const running = commands.start(["serve", "--socket", socketPath, ...args], variables(upstream));
    t.after(() => running.kill("SIGKILL"));
    await running.until(/^unix:.*daraja\.sock\n/);
    return running;
  };
  const first = await begin();
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  const ask = () => grant(request, upstream.app, { socketPath });
  assert.equal((await ask()).status, 200);
  const second = await run(["serve", "--socket", socketPath], variables(upstream));
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^EADDRINUSE: the socket .*daraja\.sock is in use\n/m);
  first.kill("SIGKILL");
  await first.ended;
  await begin("--socket-mode", "660");
  assert.equal(statSync(socketPath).mode & 0o777, 0o660);
  assert.equal((await ask()).status, 200);
  writeFileSync(join(folder, "file"), "mine");
  const other = await run(["serve", "--socket", join(folder, "file")], variables(upstream));
  assert.match(other.stderr, /^EEXIST: .*file is not a socket\n/m);
  assert.equal(readFileSync(join(folder, "file"), "utf8"), "mine");
});

/** Starts the server with listening sockets, as systemd does. Gives the server and the address of each socket. */
async function activated(t, upstream, names) {
  const listeners = names.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(listeners.map((listener) => once(listener, "listening")));
  const urls = listeners.map((listener) => `http://127.0.0.1:${listener.address().port}`);
  // systemd passes the sockets from descriptor 3 on. LISTEN_PID names the process that they are for.
  const script = 'LISTEN_PID=$$ exec "$0" "$1" serve';
  const stdio = ["pipe", "pipe", "pipe", ...listeners.map(({ _handle }) => _handle.fd)];
  const sockets = { LISTEN_FDS: String(names.length), LISTEN_FDNAMES: names.join(":") };
  const env = { ...process.env, ...variables(upstream), ...sockets };
  const running = start("sh", ["-c", script, process.execPath, program], { cwd: folder, env, stdio });
  t.after(() => running.kill("SIGKILL"));
  await running.until(new RegExp(`^(127\\.0\\.0\\.1:\\d+\\n){${names.length}}`));
  for (const listener of listeners) listener.close();
  return { running, urls };
}

test("the server accepts a socket that systemd opened before it started", async (t) => {
  const upstream = await daraja(t);
  const { running, urls } = await activated(t, upstream, ["main"]);
  const { port } = new URL(urls[0]);
  assert.equal((await grant(request, upstream.app, { port, host: "127.0.0.1" })).status, 200);
  running.kill("SIGTERM");
  assert.deepEqual(await running.ended, { code: 0, signal: null });
});

test("if systemd opened a socket with the name admin, only that socket answers the paths of operators", async (t) => {
  const { urls } = await activated(t, await daraja(t), ["main", "admin"]);
  const [main, admin] = urls;
  assert.equal((await fetch(`${admin}/livez`)).status, 200);
  assert.equal((await fetch(`${main}/livez`)).status, 404);
});

test("an address that other machines can reach needs clients, and TLS or an option for plain HTTP", async (t) => {
  const upstream = await daraja(t);
  const { hashOf } = await load("bin/serve/secret.js");
  const pair = { consumerKey: "laravel", consumerSecret: "a secret" };
  writeFileSync(join(folder, "clients.json"), JSON.stringify([{ name: "laravel", secret: await hashOf("a secret") }]));
  for (const args of [[], ["--clients", "clients.json"], ["--insecure-network"]]) {
    const { code, stderr } = await run(["serve", "--host", "0.0.0.0", ...args], variables(upstream));
    assert.equal(code, 2);
    assert.match(stderr, /--host 0\.0\.0\.0: other machines reach that address\nName the clients with --clients/);
  }
  const args = ["--host", "0.0.0.0", "--clients", "clients.json", "--insecure-network"];
  const { url, token, call } = await serve(t, upstream, { args });
  assert.match(url, /^http:\/\/127\.0\.0\.1:/);
  assert.equal((await call(await token(pair))).status, 200);
  // At such an address, clients may use any name for the server.
  const headers = { host: "daraja.internal", authorization: `Basic ${encoded(pair)}` };
  const outgoing = request(url + TOKEN_PATH, { headers }).end();
  const [{ statusCode }] = await once(outgoing, "response");
  assert.equal(statusCode, 200);
});

test("the server speaks TLS, and reads its certificate and key again when they change", async (t) => {
  const upstream = await daraja(t);
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const write = () => {
    const made = makeCertificate();
    writeFileSync(cert, made.cert);
    writeFileSync(key, made.key);
    return made;
  };
  write();
  const { url, running } = await serve(t, upstream, { args: ["--cert", cert, "--key", key] });
  assert.match(url, /^https:/);
  const { port } = new URL(url);
  const ask = () =>
    grant(secureRequest, upstream.app, { port, host: "127.0.0.1", rejectUnauthorized: false, agent: false });
  const first = await ask();
  assert.equal(first.status, 200);
  write();
  let second = await ask();
  for (let i = 0; i < 200 && second.serial === first.serial; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    second = await ask();
  }
  assert.notEqual(second.serial, first.serial);
  writeFileSync(cert, "no certificate");
  await running.until(/are not a certificate and its key .*\. The old certificate is still used\./, "stderr");
  assert.equal((await ask()).status, 200);
  const bad = await run(["serve", "--cert", cert, "--key", key], variables(upstream));
  assert.equal(bad.code, 2);
  const alone = await run(["serve", "--cert", cert], variables(upstream));
  assert.match(alone.stderr, /--cert and --key need each other/);
});

test("the file of --token-file has the live token, also after a rejection, and only its owner may read it", async (t) => {
  const upstream = await daraja(t);
  const path = join(folder, "token");
  const { token, call, stop, running } = await serve(t, upstream, { args: ["--token-file", path] });
  const first = await token();
  assert.equal(readFileSync(path, "utf8"), first);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await upstream.generateElsewhere();
  assert.equal((await call(first)).status, 200);
  const second = await token();
  assert.notEqual(second, first);
  while (readFileSync(path, "utf8") === first) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(readFileSync(path, "utf8"), second);
  await stop();
  assert.ok(existsSync(path));
  assert.ok(!running.stderr.includes(second));
  const nowhere = await run(["serve", "--token-file", join(folder, "none", "token")], variables(upstream));
  assert.match(nowhere.stderr, /^ENOENT: .*token cannot be written\n/m);
});

test("a token file that cannot be written does not end the server, which says so", async (t) => {
  const upstream = await daraja(t);
  const place = join(folder, "lost");
  mkdirSync(place);
  const { token, call, running } = await serve(t, upstream, { args: ["--token-file", join(place, "token")] });
  const first = await token();
  rmSync(place, { recursive: true });
  await upstream.generateElsewhere();
  assert.equal((await call(first)).status, 200);
  await running.until(/^ENOENT: .*token was not written: ENOENT/m, "stderr");
  assert.notEqual(await token(), first);
});

/** How often the file is read: a million times in npm run test:all. */
const READS = isWhole ? 1_000_000 : 200_000;
const ROUNDS = 10;

test("a reader never finds an empty file or half a token, also if the server is killed", async (t) => {
  const upstream = await daraja(t);
  const path = join(folder, "read");
  const env = { DARAJA_STORE: "file:token-file" };
  const options = { env, args: ["--token-file", path, "--log", "none"] };
  let server = await serve(t, upstream, options);
  await server.token();
  const seen = new Set();
  let reads = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < READS / ROUNDS; i++) {
      const text = readFileSync(path, "utf8");
      if (!/^[0-9A-Za-z]{28}$/.test(text)) assert.fail(`read ${JSON.stringify(text)}`);
      seen.add(text);
      reads++;
      // The pause lets the server's answers come in.
      if (i % 2000 === 0) await new Promise(setImmediate);
    }
    const authorization = `Basic ${encoded(upstream.app)}`;
    const accessToken = readFileSync(path, "utf8");
    // Every second round kills the server and starts it again. Two others report that an API rejected the token.
    if (round % 2) {
      server.running.kill("SIGKILL");
      await server.running.ended;
      server = await serve(t, upstream, options);
    } else if (round < 4) {
      await fetch(`${server.url}/rejected`, {
        method: "POST",
        headers: { authorization },
        body: JSON.stringify({ accessToken }),
      });
    }
  }
  assert.equal(reads, READS);
  assert.ok(seen.size >= 2);
  // A new server may answer before it has removed the files that the killed server had not finished.
  await server.stop();
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".read.")),
    [],
  );
});
