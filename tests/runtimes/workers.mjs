// Tests of the package in workerd. They are the same for a bundled worker and for one without a bundler.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../support/child.mjs";
import { answers, consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { ask, askAll, until, visit } from "../support/visitors.mjs";
import { managesInIsolates } from "./isolates.mjs";
import { report } from "./project.mjs";

const host = fileURLToPath(new URL("miniflare.mjs", import.meta.url));

/** Tests a worker. `worker()` gives its files as miniflare.mjs takes them: `{ folder, modules, date? }`. */
export function worksInWorkerd(name, worker) {
  /**
   * Runs a test with its own isolate and its own upstream, and ends both. `upstream` gives `{ baseUrl, app, close }`.
   * The worker may print one warning and nothing else, because an error between two requests is only printed.
   */
  const isolated = (upstream, sentence, check, manager = {}) =>
    test(sentence, on(node24), async (t) => {
      const daraja = await upstream();
      t.after(() => daraja.close());
      const settings = { baseUrl: daraja.baseUrl, ...daraja.app, answers, manager };
      const args = [host, JSON.stringify({ ...worker(), settings })];
      const workerd = await serve(node24.path, args, { ready: /^ready at (\S+)/m });
      t.after(workerd.stop);
      await check({ t, daraja, url: workerd.match[1] });
      await workerd.stop();
      // The managers have no store, so an isolate with a manager warns once.
      const stderr = workerd.output.stderr.replace(/^\[DARAJA_AUTH_NO_STORE\] .*\n/, "");
      assert.deepEqual({ ...workerd.output, stderr }, { stdout: `${workerd.match[0]}\n`, stderr: "" });
    });

  describe(name, () => {
    generatesInIsolates((...test) => isolated(upstream, ...test));
    managesInIsolates(isolated);
  });
}

const upstream = async () => ({ app: { consumerKey, consumerSecret }, ...(await startDaraja()) });

function generatesInIsolates(isolated) {
  isolated("the suite passes", async ({ t, url }) => {
    await report(t, await (await fetch(`${url}suite`)).json());
  });

  isolated("20 parallel requests to a cold isolate each get a token", async ({ daraja, url }) => {
    const tokens = await askAll(20, `${url}generate`);
    assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 20);
    assert.equal(new Set(tokens.map(({ isolate }) => isolate)).size, 1);
    assert.equal(daraja.requests.length, 20);
  });

  isolated("if clients of a cold isolate soon hang up, it still serves other clients", async ({ url }) => {
    for (let client = 0; client < 20; client++) visit(`${url}generate?path=/hang`).hangUpAfter(client);
    const tokens = await askAll(5, `${url}generate`);
    tokens.push(await ask(`${url}generate`));
    assert.equal(new Set(tokens.map(({ isolate }) => isolate)).size, 1);
  });

  isolated(
    "if clients hang up while Daraja is asked, the isolate still serves other clients",
    async ({ daraja, url }) => {
      const before = hangUps(5, daraja, url);
      const during = askAll(5, `${url}generate`);
      await before;
      const [{ isolate }] = await during;
      await hangUps(5, daraja, url);
      const after = await askAll(5, `${url}generate`);
      assert.deepEqual(new Set(after.map((answer) => answer.isolate)), new Set([isolate]));
      assert.equal(daraja.requests.filter((request) => request.url.startsWith("/oauth")).length, 10);
    },
  );
}

/** Lets clients hang up while their worker waits for Daraja. Resolves when Daraja has seen that the requests ended. */
async function hangUps(count, daraja, url) {
  const hanging = () => daraja.requests.filter((request) => request.url.startsWith("/hang"));
  const earlier = hanging().length;
  const clients = Array.from({ length: count }, () => visit(`${url}generate?path=/hang`));
  await until(() => hanging().length === earlier + count);
  for (const client of clients) client.hangUp();
  await until(() => hanging().every(({ closedEarly }) => closedEarly));
}
