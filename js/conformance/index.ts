// What every store must do, as named tests for any runner.
import type { TokenStore } from "daraja-auth";
import { hasMethods, invalidOption, kindOf } from "../stores/invalid-option.ts";
import { TimeoutError, unique } from "./assert.ts";
import { TESTS } from "./tests.ts";

/** A store, and how its test may break what lies between it and its engine. */
export interface StoreUnderTest {
  /** The store. */
  store: TokenStore;
  /** Lets the store's next request reach the engine and loses the reply. Without it, a test is skipped. */
  loseReply?: (() => unknown) | undefined;
  /** Breaks the store's connections for good: whatever it is asked from here on must become an error. Likewise. */
  cut?: (() => unknown) | undefined;
  /** Called when the test is over. */
  close?: (() => unknown) | undefined;
}

/** The options of {@link storeConformance}. */
export interface ConformanceOptions {
  /** How long an operation, or something that comes by itself, may take before it counts as hung; 30000 ms if absent. */
  patienceMs?: number | undefined;
}

/** One of the tests that {@link storeConformance} gives. */
export interface ConformanceTest {
  /** The sentence that it proves, such as "200 concurrent creates have one winner". */
  name: string;
  /**
   * Rejects with an error that says what was expected and what was found. It takes the test's context, of node:test or
   * vitest, to mark it as skipped where the store has not what it is about; it needs none.
   */
  run(context?: unknown): Promise<void>;
}

/**
 * The tests that every TokenStore must pass, for whichever test runner you have.
 *
 * Each test calls `makeStore` twice and expects two stores over the same data, as two instances of a program have them;
 * make each with a client of its own, or always give the same one. Keys are random, and records expire within a minute.
 * Run them against the real engine: what matters is what happens when 200 ask at once.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when `makeStore` is no function.
 *
 * @example
 * ```js
 * import { test } from "node:test"; // or from "vitest", or jest's global
 * import { storeConformance } from "daraja-auth/testing";
 * import { myStore } from "./my-store.js";
 *
 * for (const { name, run } of storeConformance(() => myStore(process.env.MY_ENGINE))) test(name, run);
 * ```
 */
export function storeConformance(
  makeStore: () => TokenStore | StoreUnderTest | Promise<TokenStore | StoreUnderTest>,
  options: ConformanceOptions = {},
): ConformanceTest[] {
  const { patienceMs = 30_000 } = options;
  if (typeof makeStore !== "function") {
    throw invalidOption(
      `makeStore: expected a function that makes a store, found ${kindOf(makeStore)}`,
      "storeConformance(() => store) is enough; better, each call makes one with a client of its own.",
    );
  }
  return Object.entries(TESTS).map(([name, check]) => ({
    name,
    // A function without named parameters: some runners take one that has a parameter for a test with a callback.
    run: async (...[context]: [context?: unknown]) => {
      const key = `daraja-auth:conformance:${unique()}`;
      const made: StoreUnderTest[] = [];
      const make = async () => {
        const given = await makeStore();
        const underTest = hasMethods(given, "compareAndSwap")
          ? { store: given as TokenStore }
          : (given as StoreUnderTest);
        made.push(underTest);
        return { ...underTest, store: withTimeLimit(underTest.store, patienceMs) };
      };
      try {
        const ours = await make();
        const theirs = await make();
        const why = await check({ key, ours, theirs, eventually: (what, isSo) => eventually(patienceMs, what, isSo) });
        if (typeof why === "string") (context as { skip?: (why: string) => void } | undefined)?.skip?.(why);
      } finally {
        for (const { close } of made) await close?.();
      }
    },
  }));
}

/** Wraps a store so that an operation that does not settle fails. */
function withTimeLimit(store: TokenStore, ms: number): TokenStore {
  const timed = async <T>(name: string, operation: () => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimeoutError(`${name} did not settle within ${ms} ms`)), ms);
    });
    try {
      return await Promise.race([operation(), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
  const { watch } = store;
  return {
    load: (...args) => timed("load", () => store.load(...args)),
    compareAndSwap: (...args) => timed("compareAndSwap", () => store.compareAndSwap(...args)),
    ...(watch && { watch: (...args) => watch.apply(store, args) }),
  };
}

/** Waits until a condition holds that comes true by itself. */
async function eventually(patienceMs: number, what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < patienceMs / 20; look++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`expected that ${what}, which it did not`);
}
