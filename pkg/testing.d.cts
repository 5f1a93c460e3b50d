import { TokenStore } from 'daraja-auth';

/** A store, and how its test may break the connection between the store and its engine. */
interface StoreUnderTest {
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
interface ConformanceOptions {
    /**
     * How long an operation, or an event that the test waits for, may take before it counts as hung. Default: 30000 ms.
     */
    patienceMs?: number | undefined;
}
/** One of the tests that {@link storeConformance} gives. */
interface ConformanceTest {
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
declare function storeConformance(makeStore: () => TokenStore | StoreUnderTest | Promise<TokenStore | StoreUnderTest>, options?: ConformanceOptions): ConformanceTest[];

export { storeConformance };
export type { ConformanceOptions, ConformanceTest, StoreUnderTest };
