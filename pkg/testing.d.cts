import { TokenStore } from 'daraja-auth';

/** A store, and how its test may break what lies between it and its engine. */
interface StoreUnderTest {
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
interface ConformanceOptions {
    /** How long an operation, or something that comes by itself, may take before it counts as hung; 30000 ms if absent. */
    patienceMs?: number | undefined;
}
/** One of the tests that {@link storeConformance} gives. */
interface ConformanceTest {
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
declare function storeConformance(makeStore: () => TokenStore | StoreUnderTest | Promise<TokenStore | StoreUnderTest>, options?: ConformanceOptions): ConformanceTest[];

export { storeConformance };
export type { ConformanceOptions, ConformanceTest, StoreUnderTest };
