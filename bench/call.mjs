// What generateToken costs beyond the request it makes.
import { createRequire } from "node:module";
import { join } from "node:path";
import { consumerKey, consumerSecret } from "../tests/daraja.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

export async function benchCall({ folder, baseUrl, rounds }) {
  const { generateToken } = createRequire(join(folder, "package.json"))("daraja-auth");
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
  const functions = {
    ours: timed(() => generateToken(options)),
    bare: timed(async () => (await fetch(url, { headers })).json()),
    // What the promised time limit alone costs, in the plainest JavaScript there is.
    limited: timed(async () => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 10_000);
      const { redirect, cache } = init;
      await (await fetch(url, { headers, redirect, cache, signal: controller.signal })).json();
      clearTimeout(timer);
    }),
  };
  await alternate(Math.min(rounds, 500), functions);
  const { ours, bare, limited } = await alternate(rounds, functions);
  printTable(
    `A call, against a bare fetch with the same headers (Node ${process.versions.node}, ${rounds} calls each)`,
    [
      { name: "fetch and response.json()", times: bare },
      { name: "the same with a time limit", times: limited, base: bare },
      { name: "generateToken", times: ours, base: bare, aim: 1.05 },
    ],
  );
}
