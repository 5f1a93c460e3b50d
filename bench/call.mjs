// Measures the cost of generateToken beyond its request.
import { createRequire } from "node:module";
import { join } from "node:path";
import { consumerKey, consumerSecret } from "../tests/support/daraja-server.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

export async function benchCall({ folder, baseUrl, rounds }) {
  const require = createRequire(join(folder, "package.json"));
  const { generateToken } = require("daraja-auth");
  const { fetch: nodeFetch } = require("daraja-auth/node");
  const options = { baseUrl, consumerKey, consumerSecret };

  // The request as generateToken makes it, so that the bare one has the same headers.
  let request;
  const spy = (url, init) => {
    request = { url: String(url), init };
    return fetch(url, init);
  };
  await generateToken({ ...options, fetch: spy });
  const { url, init } = request;
  const headers = Object.fromEntries(new Headers(init.headers));

  const timed = (run) => async () => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const { redirect, cache } = init;
  const functions = {
    ours: timed(() => generateToken(options)),
    bare: timed(async () => (await fetch(url, { headers })).json()),
    limited: timed(async () => {
      const signal = AbortSignal.timeout(10_000);
      return (await fetch(url, { headers, redirect, cache, signal })).json();
    }),
    node: timed(() => generateToken({ ...options, fetch: nodeFetch })),
  };
  await alternate(Math.min(rounds, 500), functions);
  const { ours, bare, limited, node } = await alternate(rounds, functions);
  printTable(
    `A warm call, against fetch by hand with the same headers (Node ${process.versions.node}, ${rounds} calls each)`,
    [
      { name: "fetch, AbortSignal.timeout, response.json()", times: limited },
      { name: "the same without a time limit", times: bare, base: limited },
      { name: "generateToken", times: ours, base: limited, aim: 1.15 },
      { name: "generateToken with daraja-auth/node", times: node, base: limited },
    ],
  );
}
