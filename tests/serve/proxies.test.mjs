// The configurations in docs/serve.md, run in a real nginx and a real Caddy.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encoded } from "../cli/cli.mjs";
import { start } from "../cli/running-program.mjs";
import { freePort, needs, program } from "../stores/engines/program.mjs";
import { root } from "../support/packed.mjs";
import { REMIT_PATH, servers } from "./servers.mjs";

const { daraja, serve, folder } = servers("proxies");
const docs = readFileSync(join(root, "docs", "serve.md"), "utf8");

/** The block of the docs in that language. The test's addresses replace the real ones. */
function configuration(language, replacements) {
  const [, block] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(docs);
  let text = block;
  for (const [from, to] of replacements) {
    assert.ok(text.includes(from), `${from} is not in the configuration of ${language}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Repeats a request until the proxy listens. */
async function listening(url) {
  for (let tries = 0; tries < 200; tries++) {
    try {
      return await fetch(url, { method: "POST", body: "{}" });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${url} never listened`);
}

/** A token server in front of Daraja, and the texts of the configurations that the test replaces. */
async function behind(t) {
  const upstream = await daraja(t);
  const server = await serve(t, upstream, { args: ["--log", "none"] });
  const port = await freePort();
  const replaced = [
    ["127.0.0.1:8253", new URL(server.url).host],
    ["https://api.safaricom.co.ke", upstream.baseUrl],
    ["DARAJA_PAIR", encoded(upstream.app)],
  ];
  return { upstream, server, port, replaced, url: `http://127.0.0.1:${port}${REMIT_PATH}` };
}

test("the configuration for nginx's auth_request works, and nginx caches the token", needs("nginx"), async (t) => {
  const { upstream, server, port, replaced, url } = await behind(t);
  const home = join(folder, "nginx");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${home}/${name};`,
  );
  const site = configuration("nginx", [
    ...replaced,
    ["/dev/shm/daraja-token", join(home, "token")],
    ["127.0.0.1:8280", `127.0.0.1:${port}`],
    ["  proxy_ssl_server_name on;\n", ""],
  ]);
  const http = [`access_log off;`, ...places, site].join("\n");
  // If nginx runs as root, its workers run as another user, who may not enter this folder.
  const user = process.getuid() === 0 ? "user root;" : "";
  const main = `${user}\ndaemon off;\npid ${home}/pid;\nerror_log stderr;\nevents {}\nhttp {\n${http}\n}\n`;
  writeFileSync(join(home, "nginx.conf"), main);
  const nginx = start(program("nginx"), ["-e", "stderr", "-p", home, "-c", join(home, "nginx.conf")], {});
  t.after(() => nginx.kill("SIGTERM"));
  assert.equal((await listening(url)).status, 200, nginx.stderr);
  const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(url, { method: "POST", body: '{"a":1}' })));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.deepEqual((await answers[0].json()).echo.body, { a: 1 });
  assert.equal(upstream.count("token"), 1);
  // nginx answered almost all requests without a request to the token server.
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const [, asked] = /daraja_auth_requests_total\{route="token",code="200"\} (\d+)/.exec(metrics);
  assert.ok(Number(asked) < 20, `${asked} questions`);
  // A token that the client sends is not forwarded.
  const own = { authorization: "Bearer mine", origin: "https://shop.test", "x-forwarded-for": "203.0.113.9" };
  assert.equal((await fetch(url, { method: "POST", body: "{}", headers: own })).status, 200);
});

test("the configuration for Caddy's forward_auth works", needs("caddy"), async (t) => {
  const { upstream, port, replaced, url } = await behind(t);
  const home = join(folder, "caddy");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const site = configuration("caddyfile", [...replaced, ["127.0.0.1:8281", `127.0.0.1:${port}`]]);
  writeFileSync(join(home, "Caddyfile"), `{\n\tadmin off\n}\n${site}`);
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
  const caddy = start(program("caddy"), ["run", "--adapter", "caddyfile", "--config", join(home, "Caddyfile")], {
    env,
  });
  t.after(() => caddy.kill("SIGTERM"));
  assert.equal((await listening(url)).status, 200, caddy.stderr);
  const own = { authorization: "Bearer mine", origin: "https://shop.test", "x-forwarded-for": "203.0.113.9" };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => fetch(url, { method: "POST", body: '{"a":1}', headers: own })),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  assert.deepEqual((await answers[0].json()).echo.body, { a: 1 });
  assert.equal(upstream.count("token"), 1);
});
