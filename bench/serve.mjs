// Measures the cost of `daraja-auth serve`, against a bare reverse proxy in Node and against nginx, on loopback.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "../tests/cli/running-program.mjs";
import { freePort, program } from "../tests/stores/engines/program.mjs";
import { alternate, median } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const PATH = "/mpesa/stkpush/v1/processrequest";
const BODY = JSON.stringify({ BusinessShortCode: 174379, Amount: 1, PhoneNumber: 254708374149 });
const PAIR = { consumerKey: "KeyOfTheBenchmark", consumerSecret: "SecretOfTheBenchmark" };
const BASIC = `Basic ${btoa(`${PAIR.consumerKey}:${PAIR.consumerSecret}`)}`;
/** The number of calls at the same time. */
const AT_ONCE = 16;
/** The calls of one turn. They are few, so that a slow moment of the machine slows the turns of all programs. */
const TURN = { single: 10, many: 100 };
/** The number of processes of each Node proxy. Two processes of the same program differ by up to a tenth. */
const COPIES = 3;
/** The calls before the timed ones. A server runs for days, and V8 has compiled its code after some thousand calls. */
const WARM_UP = 4000;

/** The most that the server may add to the median of a call. */
const MAX_ADDED_MS = 0.3;

/** A program that hangs is killed after this time. The whole benchmark takes less. */
const LIMIT_MS = 3_600_000;

export async function benchServe({ folder, rounds }) {
  const started = [];
  const launch = async (command, args, env = {}) => {
    const running = start(command, args, { cwd: folder, env: { ...process.env, ...env }, limitMs: LIMIT_MS });
    started.push(running);
    return running;
  };
  const own = async (...args) => {
    const running = await launch(process.execPath, [
      fileURLToPath(new URL("serve-programs.mjs", import.meta.url)),
      ...args,
    ]);
    return (await running.until(/^(http:\S+)\n/))[1];
  };
  const home = mkdtempSync(join(tmpdir(), "daraja-bench-"));
  try {
    const daraja = await own("daraja");
    const bare = [];
    const servers = [];
    const cli = join(folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");
    for (let i = 0; i < COPIES; i++) {
      bare.push(await own("proxy", daraja));
      const server = await launch(process.execPath, [cli, "serve", "--port", "0", "--log", "none"], {
        DARAJA_CONSUMER_KEY: PAIR.consumerKey,
        DARAJA_CONSUMER_SECRET: PAIR.consumerSecret,
        DARAJA_BASE_URL: daraja,
      });
      servers.push({ pid: server.pid, url: (await server.until(/^(http:\S+)\n/))[1] });
    }
    // The stand-in gives each server the same token.
    const tokens = await Promise.all(servers.map(({ url }) => tokenOf(url)));
    const serve = servers.map(({ url }) => url);
    const nginx = await withNginx({ launch, home, daraja, serve: serve[0] });
    const targets = { direct: [daraja], bare, serve, ...mapped(nginx, (url) => [url]) };
    const callers = mapped(targets, (urls) => urls.map((url) => callerOf(url, tokens[0])));
    for (const call of Object.values(callers).flat()) await batch(call, WARM_UP);

    /** For each target, the milliseconds of a call in each round. */
    const measure = (rounds, calls, work) =>
      alternate(
        rounds,
        mapped(callers, (copies) => async () => {
          let ms = 0;
          for (const call of copies) ms += await timed(() => work(call, calls));
          return ms / copies.length / calls;
        }),
      );
    const single = await measure(rounds * 10, TURN.single, inTurn);
    const many = await measure(rounds * 4, TURN.many, batch);
    const rows = (times) => [
      { name: "Daraja's stand-in, without a proxy", times: times.direct },
      { name: "a bare proxy of node:http", times: times.bare },
      { name: "daraja-auth serve", times: times.serve, base: times.bare, aim: 1 / 0.9 },
      ...(times.nginx ? [{ name: "nginx, proxy_pass", times: times.nginx }] : []),
      ...(times.auth
        ? [{ name: "nginx, with the token by auth_request", times: times.auth, base: times.nginx, aim: 1 / 0.65 }]
        : []),
    ];
    printTable("One call after the other, the time of a call", rows(single));
    printTable(`${AT_ONCE} calls at once, the time divided by the calls`, rows(many));
    const added = median(single.serve) - median(single.direct);
    const isMet = added <= MAX_ADDED_MS ? "met" : "missed";
    console.log(`\nThe server adds ${added.toFixed(2)} ms to a call, aim ${MAX_ADDED_MS}: ${isMet}`);
    const status = await readFile(`/proc/${servers[0].pid}/status`, "utf8").catch(() => "");
    const [, rss] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
    const calls = WARM_UP + rounds * (10 * TURN.single + 4 * TURN.many);
    if (rss) console.log(`It has ${Math.round(rss / 1024)} MB after ${calls.toLocaleString("en")} calls.`);
  } finally {
    for (const running of started.reverse()) running.kill("SIGTERM");
    await Promise.all(started.map(({ ended }) => ended.catch(() => {})));
    rmSync(home, { recursive: true, force: true });
  }
}

/** nginx as a plain proxy, and with the server's token, which it caches for up to 5 seconds, as in docs/serve.md. */
async function withNginx({ launch, home, daraja, serve }) {
  const nginx = program("nginx");
  if (!nginx) {
    console.log("\nnginx: skipped, because it is not on this machine");
    return {};
  }
  const [plain, auth] = [await freePort(), await freePort()];
  const common = `proxy_http_version 1.1; proxy_set_header Connection "";`;
  const upstream = (name, url) => `upstream ${name} { server ${new URL(url).host}; keepalive 32; }`;
  writeFileSync(
    join(home, "nginx.conf"),
    `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid ${home}/pid; error_log stderr; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`).join(" ")}
  proxy_cache_path ${home}/token keys_zone=token:1m use_temp_path=off;
  ${upstream("daraja", daraja)}
  ${upstream("daraja_auth", serve)}
  server { listen 127.0.0.1:${plain}; location / { proxy_pass http://daraja; ${common} } }
  server {
    listen 127.0.0.1:${auth};
    location / {
      auth_request /_token; auth_request_set $daraja $upstream_http_authorization;
      proxy_pass http://daraja; ${common} proxy_set_header Authorization $daraja;
    }
    location = /_token {
      internal; proxy_pass http://daraja_auth/token; ${common}
      proxy_pass_request_body off; proxy_pass_request_headers off;
      proxy_set_header Host localhost; proxy_set_header Authorization "${BASIC}";
      proxy_cache token; proxy_cache_key token; proxy_cache_lock on;
    }
  }
}
`,
  );
  await launch(nginx, ["-e", "stderr", "-p", home, "-c", join(home, "nginx.conf")]);
  const urls = { nginx: `http://127.0.0.1:${plain}`, auth: `http://127.0.0.1:${auth}` };
  for (const url of Object.values(urls)) {
    while (!(await fetch(url).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return urls;
}

/** The token that a server gives. */
async function tokenOf(url) {
  const response = await fetch(`${url}/oauth/v1/generate?grant_type=client_credentials`, {
    headers: { authorization: BASIC },
  });
  return (await response.json()).access_token;
}

/** A function that makes one call, on connections that stay open. */
function callerOf(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const { hostname: host, port } = new URL(url);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": BODY.length,
  };
  return () =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host, port, agent, method: "POST", path: PATH, headers }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
        answer.resume().once("end", resolve);
      });
      outgoing.once("error", reject).end(BODY);
    });
}

async function inTurn(call, count) {
  for (let i = 0; i < count; i++) await call();
}

async function batch(call, count) {
  let left = count;
  const work = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function timed(run) {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
