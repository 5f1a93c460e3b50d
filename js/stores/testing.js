// What every store must do, as named tests for any runner.
import { kindOf, refusal } from "./refusal.js";
import { SENTENCES } from "./sentences.js";
import { Hang, unique } from "./trial.js";

/** The tests, by the sentence that each proves; `run` takes the runner's context only to tell it that it was skipped. */
export function storeConformance(makeStore, { patienceMs = 30_000 } = {}) {
  if (typeof makeStore !== "function") {
    throw refusal(
      `makeStore: expected a function that makes a store, found ${kindOf(makeStore)}`,
      "storeConformance(() => store) is enough; better, each call makes one with a client of its own.",
    );
  }
  return Object.entries(SENTENCES).map(([name, check]) => ({
    name,
    run: async (...[context]) => {
      const key = `daraja-auth:conformance:${unique()}`;
      const made = [];
      const make = async () => {
        const given = await makeStore();
        const { store, ...rest } = typeof given?.compareAndSwap === "function" ? { store: given } : given;
        made.push(rest);
        return { store: guarded(store, patienceMs), ...rest };
      };
      try {
        const why = await check({
          key,
          ours: await make(),
          theirs: await make(),
          comes: (...what) => comes(patienceMs, ...what),
        });
        if (why) context?.skip?.(why);
      } finally {
        for (const { close } of made) await close?.();
      }
    },
  }));
}

/** The store, each of whose operations fails when it hangs. */
function guarded(store, patienceMs) {
  const timed = async (name, args) => {
    let timer;
    const hang = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Hang(`${name} did not settle within ${patienceMs} ms`)), patienceMs);
    });
    try {
      return await Promise.race([store[name](...args), hang]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    load: (...args) => timed("load", args),
    compareAndSwap: (...args) => timed("compareAndSwap", args),
    watch: store.watch && ((...args) => store.watch(...args)),
  };
}

/** Waits for what comes by itself. */
async function comes(patienceMs, what, isSo) {
  for (let look = 0; look < patienceMs / 20; look++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`expected that ${what}, which it did not`);
}
