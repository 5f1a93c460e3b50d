// Measures the memory of `daraja-auth serve` while it forwards a million requests. The memory should not grow, and the
// aim is at most 110 MB.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "../tests/cli/running-program.mjs";

const PAIR = { consumerKey: "KeyOfTheBenchmark", consumerSecret: "SecretOfTheBenchmark" };
const BODY = JSON.stringify({ BusinessShortCode: 174379, Amount: 1, PhoneNumber: 254708374149 });
const CONNECTIONS = 16;
/** A connection writes this many requests at once, so that the client has less work than the server. */
const AT_ONCE = 10;
const MAX_MB = 110;
/** A program that hangs is killed after this time. The whole benchmark takes less. */
const LIMIT_MS = 3_600_000;

export async function benchServeMemory({ folder, requests }) {
  if (process.platform !== "linux") {
    console.log("\nThe server's memory: skipped, because it is read from Linux's /proc");
    return;
  }
  const started = [];
  const launch = async (args, env = {}) => {
    const running = start(process.execPath, args, { cwd: folder, env: { ...process.env, ...env }, limitMs: LIMIT_MS });
    started.push(running);
    const [, url] = await running.until(/^(http:\S+)\n/);
    return { running, url };
  };
  try {
    const daraja = await launch([fileURLToPath(new URL("serve-programs.mjs", import.meta.url)), "daraja"]);
    const cli = join(folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");
    const { running, url } = await launch([cli, "serve", "--port", "0", "--log", "none"], {
      DARAJA_CONSUMER_KEY: PAIR.consumerKey,
      DARAJA_CONSUMER_SECRET: PAIR.consumerSecret,
      DARAJA_BASE_URL: daraja.url,
    });
    const headers = { authorization: `Basic ${btoa(`${PAIR.consumerKey}:${PAIR.consumerSecret}`)}` };
    const granted = await fetch(`${url}/oauth/v1/generate?grant_type=client_credentials`, { headers });
    const { access_token: token } = await granted.json();
    const parts = 10;
    const found = [];
    for (let i = 0; i < parts; i++) {
      await forward(url, token, requests / parts);
      found.push(memoryOf(running.pid));
    }
    const count = requests.toLocaleString("en");
    const most = Math.max(...found);
    console.log(`\nThe server's memory at each tenth of ${count} requests, in MB: ${found.join(", ")}`);
    console.log(`  at most ${most} MB, aim ${MAX_MB}: ${most <= MAX_MB ? "met" : "missed"}`);
  } finally {
    for (const running of started.reverse()) running.kill("SIGTERM");
    await Promise.all(started.map(({ ended }) => ended.catch(() => {})));
  }
}

/** The memory of a process, in MB of 1024 × 1024 bytes. */
function memoryOf(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(kilobytes / 1024);
}

/** Sends this many requests over several connections, and waits for all answers. Each must have the status 200. */
async function forward(url, token, count) {
  const { host, hostname, port } = new URL(url);
  const head = ["POST /mpesa/stkpush/v1/processrequest HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${token}`];
  const whole = [...head, "Content-Type: application/json", `Content-Length: ${BODY.length}`, "", BODY].join("\r\n");
  const some = whole.repeat(AT_ONCE);
  let left = count / AT_ONCE;
  const work = () =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let answers = 0;
      let rest = "";
      const next = () => {
        answers = 0;
        if (left-- > 0) return socket.write(some);
        resolve();
        socket.destroy();
      };
      const check = (answer) => {
        if (!answer.startsWith("200")) reject(new Error(answer.slice(0, 80)));
      };
      socket.setEncoding("latin1").on("connect", next).on("error", reject);
      socket.on("close", () => reject(new Error("the server closed a connection")));
      socket.on("data", (text) => {
        rest += text;
        const texts = rest.split("HTTP/1.1 ");
        rest = texts.pop();
        const others = texts.filter((answer) => answer !== "");
        others.forEach(check);
        answers += others.length;
        // No other answer follows the last one. It is whole when the end of its JSON has come.
        if (answers === AT_ONCE - 1 && rest.endsWith("}")) {
          check(rest);
          rest = "";
          next();
        }
      });
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}
