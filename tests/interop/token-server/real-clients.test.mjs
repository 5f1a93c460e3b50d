// Published clients, and programs as people write them. Two processes of each use one consumer key, first directly with
// Daraja, then with the token server. The simulator takes Daraja's place.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { clean } from "../../cli/cli.mjs";
import { servers } from "../../serve/servers.mjs";
import { run, serve } from "../../support/child.mjs";
import { clients, optionsFor } from "./clients.mjs";
import { startDarajaHosts } from "./without-us.mjs";

const { daraja, load, folder } = servers("real-clients");
const command = join(folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");

/** A thousand calls take seconds, or minutes on a busy machine. */
const LIMIT_MS = 600_000;

const pairOf = ({ app }) => ({ DARAJA_CONSUMER_KEY: app.consumerKey, DARAJA_CONSUMER_SECRET: app.consumerSecret });

/** Runs two processes of a client to their end, and gives how all their calls ended. */
async function two([program, ...args], calls, variables) {
  const env = { ...clean, ...variables, CALLS: String(calls), PYTHONDONTWRITEBYTECODE: "1" };
  const ended = await Promise.all([1, 2].map(() => run(program, args, { cwd: folder, env, limitMs: LIMIT_MS })));
  const sum = { accepted: 0, refused: 0, failed: 0 };
  for (const { code, stdout, stderr } of ended) {
    assert.equal(code, 0, stdout + stderr);
    const counts = JSON.parse(stdout);
    assert.equal(counts.failed, 0, stderr);
    for (const name of Object.keys(sum)) sum[name] += counts[name];
  }
  return sum;
}

/** The simulator, which delays the first payments until both processes have a token, so that one token is dead. */
function afterTwoTokens({ fetch }) {
  let granted = 0;
  const waiting = [];
  return async (request) => {
    const isForToken = new URL(request.url).pathname.startsWith("/oauth/");
    if (!isForToken && granted < 2) await new Promise((resolve) => waiting.push(resolve));
    const response = await fetch(request);
    if (isForToken && ++granted === 2) for (const resolve of waiting) resolve();
    return response;
  };
}

async function withoutUs(t, { way, calls, ...client }) {
  const upstream = await daraja(t);
  const hosts = await startDarajaHosts(load, afterTwoTokens(upstream.simulator));
  t.after(() => hosts.close());
  const there = way === "run" ? hosts.variables : { DARAJA_URL: hosts.url };
  const counts = await two(client.command(), calls, { ...pairOf(upstream), ...there });
  return { ...counts, tokens: upstream.count("token") };
}

async function withUs(t, { way, calls, ...client }) {
  const upstream = await daraja(t);
  const env = { ...pairOf(upstream), DARAJA_BASE_URL: upstream.baseUrl, DARAJA_STORE: "file:tokens" };
  let counts;
  if (way === "run") {
    counts = await two([process.execPath, command, "run", "--", ...client.command()], calls, env);
  } else {
    const args = [command, "serve", "--port", "0"];
    const ready = /^(http:\S+:\d+)\n/;
    const { match, stop } = await serve(process.execPath, args, { ready, cwd: folder, env: { ...clean, ...env } });
    t.after(stop);
    counts = await two(client.command(), calls, { ...pairOf(upstream), DARAJA_URL: match[1] });
  }
  return { ...counts, tokens: upstream.count("token") };
}

const table = [];
after(() => {
  const head = ["Client", "By", "Calls", "Refused without", "With", "Tokens without", "With"];
  for (const row of [head, head.map(() => "---"), ...table]) console.log(`| ${row.join(" | ")} |`);
});

for (const client of clients) {
  const { name, way, calls } = client;
  test(
    `${name}: some calls of two processes fail at Daraja, and none with the token server`,
    optionsFor(client),
    async (t) => {
      const before = await withoutUs(t, client);
      const after = await withUs(t, client);
      table.push([name, way, 2 * calls, before.refused, after.refused, before.tokens, after.tokens]);
      assert.ok(before.refused > 0 && before.tokens > 1, JSON.stringify(before));
      assert.deepEqual(after, { accepted: 2 * calls, refused: 0, failed: 0, tokens: 1 });
    },
  );
}
