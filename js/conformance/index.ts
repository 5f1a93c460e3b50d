// The tests that every store must pass, for any test runner.
import type { TokenStore } from "daraja-auth";
import { hasMethods, invalidOption, kindOf } from "../stores/invalid-option.ts";
import { TimeoutError, unique } from "./assert.ts";
import { TESTS } from "./tests.ts";

/** A store, and how its test may break the connection between the store and its engine. */
export interface StoreUnderTest {
  /** The store. */
  store: TokenStore;
  /** Lets the store's next request reach the engine and loses the reply. Without this function, a test is skipped. */
  loseReply?: (() => unknown) | undefined;
  /**
   * Breaks the store's connections for good. Each later operation must fail. Without this function, a test is skipped.
   */
  cut?: (() => unknown) | undefined;
  /** Called when the test is over. */
  close?: (() => unknown) | undefined;
}

/** The options of {@link storeConformance}. */
export interface ConformanceOptions {
  /**
   * How long an operation, or an event that the test waits for, may take before it counts as hung. Default: 30000 ms.
   */
  patienceMs?: number | undefined;
}

/** One of the tests that {@link storeConformance} gives. */
export interface ConformanceTest {
  /** What it proves, as a sentence, such as "200 concurrent creates have one winner". */
  name: string;
  /**
   * Rejects with an error that says what was expected and what was found. It accepts the test's context, of node:test
   * or vitest, and marks the test as skipped if the store lacks the feature. It works without a context too.
   */
  run(context?: unknown): Promise<void>;
}

/**
 * The tests that every TokenStore must pass, for any test runner.
 *
 * Each test calls `makeStore` twice and expects two stores over the same data, as two instances of a program have them.
 * Make each store with its own client, or always give the same store. Keys are random, and records expire in a minute.
 * Run the tests against the real engine, because they check what it does when 200 requests come at once.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if `makeStore` is not a function.
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
      "storeConformance(() => store) is enough. It is better if each call makes a store with a client of its own.",
    );
  }
  return Object.entries(TESTS).map(([name, check]) => ({
    name,
    // The function has no named parameters: some runners think that a test with a parameter takes a callback.
    run: async (...[context]: [context?: unknown]) => {
      const key = `daraja-auth:conformance:${unique()}`;
      const made: StoreUnderTest[] = [];
      const make = async () => {
        const result = await makeStore();
        const underTest = hasMethods(result, "compareAndSwap")
          ? { store: result as TokenStore }
          : (result as StoreUnderTest);
        made.push(underTest);
        return { ...underTest, store: withTimeLimit(underTest.store, patienceMs) };
      };
      try {
        const ours = await make();
        const theirs = await make();
        const reason = await check({
          key,
          ours,
          theirs,
          eventually: (what, isSo) => eventually(patienceMs, what, isSo),
        });
        if (typeof reason === "string") (context as { skip?: (reason: string) => void } | undefined)?.skip?.(reason);
      } finally {
        for (const { close } of made) await close?.();
      }
    },
  }));
}

/** Wraps a store so that an operation fails if it does not settle in time. */
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

/** Waits until a condition is true, such as that a record has expired. */
async function eventually(patienceMs: number, what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < patienceMs / 20; look++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: expected within ${patienceMs} ms, found that it did not happen`);
}
