// daraja-auth run: programs run behind the proxy without a change. tests/interop/token-server tests published clients.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { connect as secureConnect } from "node:tls";
import { needs } from "../stores/engines/program.mjs";
import { run as runProgram } from "../support/child.mjs";
import { isWhole } from "../support/matrix.mjs";
import { work } from "../support/packed.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { servers } from "./servers.mjs";

const CLIENT_PHP = String.raw`<?php
function ask($url, $options) {
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
    $answer = curl_exec($curl);
    if ($answer === false) { fwrite(STDERR, curl_error($curl)); exit(1); }
    return json_decode($answer, true);
}
$daraja = 'https://sandbox.safaricom.co.ke';
$token = ask("$daraja/oauth/v1/generate?grant_type=client_credentials", [
    CURLOPT_USERPWD => getenv('DARAJA_CONSUMER_KEY') . ':' . getenv('DARAJA_CONSUMER_SECRET'),
])['access_token'];
$answer = ask("$daraja/mpesa/b2b/v1/remittax", [
    CURLOPT_POSTFIELDS => '{"Amount":1}',
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'Content-Type: application/json'],
]);
echo $answer['ResponseCode'] ?? $answer['errorCode'], "\n";
`;
const CLIENT_PY = `
import base64, json, os, urllib.error, urllib.request
daraja = "https://sandbox.safaricom.co.ke"
def ask(path, authorization, body=None):
    headers = {"Authorization": authorization, "Content-Type": "application/json"}
    try:
        return json.load(urllib.request.urlopen(urllib.request.Request(daraja + path, body, headers)))
    except urllib.error.HTTPError as error:
        return json.load(error)
pair = os.environ["DARAJA_CONSUMER_KEY"] + ":" + os.environ["DARAJA_CONSUMER_SECRET"]
basic = "Basic " + base64.b64encode(pair.encode()).decode()
token = ask("/oauth/v1/generate?grant_type=client_credentials", basic)["access_token"]
answer = ask("/mpesa/b2b/v1/remittax", "Bearer " + token, b'{"Amount":1}')
print(answer.get("ResponseCode") or answer["errorCode"])
`;
const CLIENT_MJS = `
const daraja = "https://sandbox.safaricom.co.ke";
const basic = btoa(process.env.DARAJA_CONSUMER_KEY + ":" + process.env.DARAJA_CONSUMER_SECRET);
const grant = await fetch(daraja + "/oauth/v1/generate?grant_type=client_credentials", { headers: { authorization: "Basic " + basic } });
const { access_token: token } = await grant.json();
const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
const answer = await fetch(daraja + "/mpesa/b2b/v1/remittax", { method: "POST", body: "{}", headers });
console.log((await answer.json()).ResponseCode);
`;
const CLIENT_SH = `
set -e
daraja=https://sandbox.safaricom.co.ke
token=$(curl -sS -u "$DARAJA_CONSUMER_KEY:$DARAJA_CONSUMER_SECRET" "$daraja/oauth/v1/generate?grant_type=client_credentials" | sed 's/.*access_token":"\\([^"]*\\).*/\\1/')
curl -sS -H "Authorization: Bearer $token" -d '{}' "$daraja/mpesa/b2b/v1/remittax" | sed 's/.*ResponseCode":"\\([^"]*\\).*/\\1/'
`;

const files = { "client.php": CLIENT_PHP, "client.py": CLIENT_PY, "client.mjs": CLIENT_MJS, "client.sh": CLIENT_SH };
const { daraja, run, load, folder, start } = servers("run", files);
const python = process.env.PYTHON ?? "python3";

/** The variables of an app at a simulator, which the proxy then uses for both of Daraja's hosts. */
const variables = ({ app, baseUrl }) => ({
  DARAJA_CONSUMER_KEY: app.consumerKey,
  DARAJA_CONSUMER_SECRET: app.consumerSecret,
  DARAJA_BASE_URL: baseUrl,
});

for (const [name, command, options] of [
  ["PHP's curl", ["php", "client.php"], needs("php")],
  ["Python's urllib", [python, "client.py"], needs("python3")],
  ["curl in a shell", ["sh", "client.sh"], needs("curl")],
  ...(isWhole ? [["Node 24's fetch", [node24.path, "client.mjs"], on(node24)]] : []),
]) {
  test(`two runs of ${name}, unchanged and with Daraja's own host name, share one token`, options, async (t) => {
    const upstream = await daraja(t);
    const env = { ...variables(upstream), DARAJA_STORE: `file:run-${command.at(-1)}` };
    const ended = await Promise.all(Array.from({ length: 2 }, () => run(["run", "--", ...command], env)));
    for (const { code, stdout, stderr } of ended) assert.deepEqual([code, stdout.trim(), stderr], [0, "0", ""]);
    assert.equal(upstream.count("token"), 1);
    assert.equal(upstream.count("accepted"), 2);
  });
}

test("the command exits with the program's code, with 143 after SIGTERM ended the program, and with 127 if the program cannot run", async (t) => {
  const env = variables(await daraja(t));
  assert.equal((await run(["run", "--", "sh", "-c", "exit 7"], env)).code, 7);
  assert.equal((await run(["run", "--", "sh", "-c", "kill -TERM $$"], env)).code, 143);
  const missing = await run(["run", "--", "no-such-program-here"], env);
  assert.equal(missing.code, 127);
  assert.match(missing.stderr, /^ENOENT: no-such-program-here cannot be run: there is no such program\n/m);
  const nothing = await run(["run"], env);
  assert.equal(nothing.code, 2);
  // The command does not read the arguments after --. They belong to the program.
  const { stdout } = await run(["run", "--", "sh", "-c", 'echo "$@"', "sh", "--help", "--log"], env);
  assert.equal(stdout, "--help --log\n");
});

test("a signal reaches the program, and the command leaves no files", async (t) => {
  const env = variables(await daraja(t));
  const script = 'trap "echo heard; exit 3" TERM; echo ready; while :; do sleep 0.05; done';
  const running = start(["run", "--", "sh", "-c", script], { ...env, TMPDIR: folder });
  t.after(() => running.kill("SIGKILL"));
  await running.until(/ready/);
  const left = () => readdirSync(folder).filter((name) => name.startsWith("daraja-auth-run-"));
  const [made] = left();
  // Only certificates are written, never a key.
  for (const file of readdirSync(join(folder, made), { recursive: true, withFileTypes: true })) {
    if (file.isFile())
      assert.doesNotMatch(readFileSync(join(file.parentPath ?? file.path, file.name), "utf8"), /PRIVATE/);
  }
  running.kill("SIGTERM");
  assert.deepEqual(await running.ended, { code: 3, signal: null });
  assert.match(running.stdout, /heard/);
  assert.deepEqual(left(), []);
});

test(
  "a request to another host is refused, and with --allow-other it is passed on without decryption",
  needs("curl"),
  async (t) => {
    const upstream = await daraja(t);
    const { cert, key, file } = (await import("../support/certificate.mjs")).certificate();
    const other = createSecureServer({ cert, key }, (_, response) => response.end("other"));
    await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
    t.after(() => other.close());
    const url = `https://127.0.0.1:${other.address().port}/`;
    const env = variables(upstream);
    const curl = ["curl", "-sS", "--noproxy", "", "--cacert", file, url];
    const refused = await run(["run", "--", ...curl], env);
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.stderr,
      /daraja-auth run: 127\.0\.0\.1 was refused; --allow-other lets the program reach it\./,
    );
    const passed = await run(["run", "--allow-other", "--", ...curl], env);
    assert.deepEqual([passed.code, passed.stdout], [0, "other"]);
  },
);

test("the proxy serves its program only: it refuses a request without the program's password", async (t) => {
  const { startProxy } = await load("bin/run/proxy.js");
  const server = createServer((_, response) => response.end("of the server"));
  const proxy = await startProxy({ hosts: ["sandbox.safaricom.co.ke"], server, allowOther: true });
  t.after(() => proxy.close());
  const { port, username, password } = new URL(proxy.url);
  const host = "sandbox.safaricom.co.ke:443";
  const ask = (target, authorization = "", method = "CONNECT") =>
    new Promise((resolve) => {
      const socket = connect(Number(port), "127.0.0.1");
      let text = "";
      socket.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        if (text.includes("\r\n\r\n")) socket.destroy();
      });
      socket.on("close", () => resolve(text.split("\r\n")[0]));
      socket.write(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${authorization}\r\n`);
    });
  const right = `Proxy-Authorization: Basic ${btoa(`${username}:${password}`)}\r\n`;
  const wrong = `Proxy-Authorization: Basic ${btoa("run:another")}\r\n`;
  assert.equal(await ask(host), "HTTP/1.1 407 Proxy Authentication Required");
  assert.equal(await ask(host, wrong), "HTTP/1.1 407 Proxy Authentication Required");
  assert.equal(await ask(host, right), "HTTP/1.1 200 Connection established");
  // axios 0 asks a proxy for https in this way.
  const url = "https://sandbox.safaricom.co.ke/mpesa";
  assert.equal(await ask(url, "", "GET"), "HTTP/1.1 403 Forbidden");
  assert.equal(await ask(url, wrong, "GET"), "HTTP/1.1 403 Forbidden");
  assert.equal(await ask(url, right, "GET"), "HTTP/1.1 200 OK");
  assert.equal(await ask("https://example.com/mpesa", right, "GET"), "HTTP/1.1 403 Forbidden");
  assert.equal(await ask("no port", right), "HTTP/1.1 400 Bad Request");
  assert.equal(await ask("127.0.0.1:1", right), "HTTP/1.1 502 Bad Gateway");
});

const judges = needs("openssl", "curl", "php", "python3");
test("OpenSSL, curl, Python, PHP and Node do not accept the authority for another host name", judges, async (t) => {
  const { Authority } = await load("bin/run/authority.js");
  const authority = new Authority();
  const ca = join(folder, "authority.pem");
  writeFileSync(ca, authority.certificate);
  /** Whether each program accepts a server with a certificate for this name. */
  const judgements = async (name) => {
    const server = createSecureServer(authority.issue([name]), (_, response) => response.end("ok"));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address();
    const at = `127.0.0.1:${port}`;
    const ofPython = `import socket, ssl
context = ssl.create_default_context(cafile="${ca}")
context.wrap_socket(socket.create_connection(("127.0.0.1", ${port})), server_hostname="${name}")`;
    const ofPhp = `exit(@stream_socket_client("ssl://${at}", $c, $m, 9, STREAM_CLIENT_CONNECT, stream_context_create(
      ["ssl" => ["cafile" => "${ca}", "peer_name" => "${name}"]])) ? 0 : 1);`;
    const openssl = ["s_client", "-connect", at, "-servername", name, "-verify_hostname", name, "-CAfile", ca];
    const commands = {
      openssl: [...openssl, "-verify_return_error", "-brief"],
      curl: [
        "-sS",
        "-o",
        "/dev/null",
        "--cacert",
        ca,
        "--resolve",
        `${name}:${port}:127.0.0.1`,
        `https://${name}:${port}/`,
      ],
      [python]: ["-c", ofPython],
      php: ["-r", ofPhp],
    };
    const said = {};
    for (const [command, args] of Object.entries(commands)) {
      const { code } = await runProgram(command, args, { cwd: work, input: "" });
      said[command] = code === 0;
    }
    said.node = await new Promise((resolve) => {
      const socket = secureConnect({ host: "127.0.0.1", port, servername: name, ca: authority.certificate });
      socket.once("secureConnect", () => resolve(true)).once("error", () => resolve(false));
      t.after(() => socket.destroy());
    });
    server.closeAllConnections();
    server.close();
    return said;
  };
  const every = (said, isTrusted) => Object.fromEntries(Object.keys(said).map((name) => [name, isTrusted]));
  for (const name of ["api.safaricom.co.ke", "sandbox.safaricom.co.ke", "safaricom.co.ke"]) {
    const said = await judgements(name);
    assert.deepEqual(said, every(said, true), name);
  }
  for (const name of ["example.com", "notsafaricom.co.ke", "safaricom.co.ke.example.com", "co.ke", "localhost"]) {
    const said = await judgements(name);
    assert.deepEqual(said, every(said, false), name);
  }
  const { stdout } = spawnSync("openssl", ["x509", "-in", ca, "-noout", "-text"], { encoding: "utf8" });
  assert.match(stdout, /CA:TRUE, pathlen:1/);
  assert.match(
    stdout,
    /Name Constraints: critical\s+Permitted:\s+DNS:safaricom\.co\.ke\s+Excluded:\s+IP:0\.0\.0\.0\/0\.0\.0\.0/,
  );
});
