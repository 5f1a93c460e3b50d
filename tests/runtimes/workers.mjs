// What a worker in workerd must do, however it came there.
import assert from "node:assert/strict";
import { get } from "node:http";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { answers, consumerKey, consumerSecret, startDaraja } from "../daraja.mjs";
import { serve } from "./child.mjs";
import { node24, on } from "./runtimes.mjs";
import { report } from "./trial.mjs";

const host = fileURLToPath(new URL("miniflare.mjs", import.meta.url));

/** Tests a worker made of `modules()` of a folder: `{ folder, modules, date? }`, as miniflare.mjs takes them. */
export function worksInWorkerd(name, worker) {
  describe(name, () => {
    /** Runs a test against an isolate of its own, with a server of its own, and ends both. */
    const isolated = (sentence, check) =>
      test(sentence, on(node24), async (t) => {
        const daraja = await startDaraja();
        t.after(() => daraja.close());
        const settings = { baseUrl: daraja.baseUrl, consumerKey, consumerSecret, answers };
        const args = [host, JSON.stringify({ ...worker(), settings })];
        const workerd = await serve(node24.path, args, { ready: /^ready at (\S+)/m });
        t.after(workerd.stop);
        await check({ t, daraja, url: workerd.match[1] });
      });

    isolated("the whole suite", async ({ t, url }) => {
      await report(t, await (await fetch(`${url}suite`)).json());
    });

    isolated("20 parallel requests to a cold isolate all answer", async ({ daraja, url }) => {
      const tokens = await Promise.all(Array.from({ length: 20 }, () => token(url)));
      assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 20);
      assert.equal(new Set(tokens.map(({ isolate }) => isolate)).size, 1);
      assert.equal(daraja.issued, 20);
    });

    isolated("clients that hang up at once leave a cold isolate to those with and after them", async ({ url }) => {
      for (let client = 0; client < 20; client++) {
        const request = get(`${url}?path=/hang`).on("error", () => {});
        // Sent and gone: whatever the isolate began for this client ends where it happens to be.
        request.once("finish", () => setTimeout(() => request.socket.resetAndDestroy(), client));
      }
      const tokens = await Promise.all(Array.from({ length: 5 }, () => token(url)));
      tokens.push(await token(url));
      assert.equal(new Set(tokens.map(({ isolate }) => isolate)).size, 1);
    });

    isolated(
      "clients that hang up on Daraja leave the isolate to those with and after them",
      async ({ daraja, url }) => {
        const before = hangUps(5, daraja, url);
        const during = Array.from({ length: 5 }, () => token(url));
        await before;
        const [{ isolate }] = await Promise.all(during);
        await hangUps(5, daraja, url);
        const after = await Promise.all(Array.from({ length: 5 }, () => token(url)));
        assert.deepEqual(new Set(after.map((answer) => answer.isolate)), new Set([isolate]));
        assert.equal(daraja.issued, 10);
      },
    );
  });
}

async function token(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** Lets clients hang up while their worker waits for Daraja, and returns once Daraja has seen the requests dropped. */
async function hangUps(count, daraja, url) {
  const hanging = () => daraja.requests.filter((request) => request.url.startsWith("/hang"));
  const earlier = hanging().length;
  const clients = Array.from({ length: count }, () => get(`${url}?path=/hang`).on("error", () => {}));
  await until(() => hanging().length === earlier + count);
  // A reset, as from a closed tab or a lost connection: workerd goes on serving a client that only stops sending.
  for (const client of clients) client.socket.resetAndDestroy();
  await until(() => hanging().every(({ closedEarly }) => closedEarly));
}

async function until(condition) {
  for (let waits = 0; !condition(); waits++) {
    assert.ok(waits < 3000, `never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
