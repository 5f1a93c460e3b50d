// Measures the first request of a fresh isolate. `node workerd.mjs <folder> <baseUrl> <rounds>` prints the times as
// JSON, because miniflare needs a newer Node than the package.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { consumerKey, consumerSecret } from "../tests/support/daraja-server.mjs";
import { node24 } from "../tests/support/runtimes.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const file = fileURLToPath(import.meta.url);

export async function benchWorkerd({ folder, baseUrl, rounds }) {
  const newer = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : node24.path;
  if (!newer) {
    console.log("\nworkerd: skipped, because miniflare needs Node 24 or the optional package node-24");
    return;
  }
  const options = { maxBuffer: 1 << 24 };
  const { stdout } = await promisify(execFile)(newer, [file, folder, baseUrl, String(rounds)], options);
  const { bare, ours, second } = JSON.parse(stdout);
  printTable(`The first request of a fresh workerd isolate (${rounds} isolates each)`, [
    { name: "a worker that only fetches", times: bare },
    { name: "a worker with daraja-auth", times: ours, base: bare },
    { name: "its second request", times: second, base: bare },
  ]);
}

const BARE = `
  export default {
    async fetch(_, { url, authorization }) {
      const { access_token, expires_in } = await (await fetch(url, { headers: { authorization } })).json();
      return Response.json({ accessToken: access_token, expiresIn: Number(expires_in) });
    },
  };
`;
const OURS = `
  import { generateToken } from "./workerd.js";
  export default {
    async fetch(_, { settings }) {
      return Response.json(await generateToken(settings));
    },
  };
`;

async function measure(folder, baseUrl, rounds) {
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const { compatibilityDate } = await import("workerd");
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64")}`;
  const url = `${baseUrl}/oauth/v1/generate?grant_type=client_credentials`;
  const bindings = { url, authorization, settings: { baseUrl, consumerKey, consumerSecret } };
  const second = [];

  const first = (text, files) => async () => {
    const modules = files.map((name) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: join(folder, name),
      contents: readFileSync(join(folder, "node_modules/daraja-auth/pkg", name)),
    }));
    const worker = { type: "ESModule", path: join(folder, "worker.mjs"), contents: text };
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        modules: [worker, ...modules],
        modulesRoot: folder,
        compatibilityDate,
        bindings,
        cf: false,
        telemetry: { enabled: false },
      }),
    );
    try {
      const address = await miniflare.ready;
      const request = async () => {
        const start = performance.now();
        const response = await fetch(address);
        const body = await response.text();
        if (!response.ok) throw new Error(body);
        return performance.now() - start;
      };
      const time = await request();
      if (files.length > 0) second.push(await request());
      return time;
    } finally {
      await miniflare.dispose();
    }
  };
  const functions = { bare: first(BARE, []), ours: first(OURS, ["workerd.js", "daraja_auth.wasm"]) };
  await alternate(1, functions);
  second.length = 0;
  return { ...(await alternate(rounds, functions)), second };
}

if (process.argv[1] === file) {
  const [, , folder, baseUrl, rounds] = process.argv;
  process.stdout.write(JSON.stringify(await measure(folder, baseUrl, Number(rounds))));
}
