// The stores as the tests import them, and how the tests run the conformance suite over one.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { project } from "../support/packed.mjs";

export { rejection } from "../support/installed.mjs";

const ENTRIES = ["", "/redis", "/postgres", "/dynamodb", "/file", "/testing"];
const source = ENTRIES.map((entry) => `export * from "daraja-auth${entry}";\n`).join("");
// A process that a test starts imports the same files as the test.
if (!process.env.DARAJA_STORES) {
  const folder = project(`stores-${process.pid}`, { "index.mjs": source });
  process.env.DARAJA_STORES = join(folder, "index.mjs");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}

/** The packed package's stores, their conformance suite, and TokenManager. */
export const {
  TokenManager,
  createTableSql,
  dynamodbStore,
  fileStore,
  memoryStore,
  postgresStore,
  redisStore,
  storeConformance,
} = await import(pathToFileURL(process.env.DARAJA_STORES).href);

/** Runs every test of the suite. A test may be skipped for one of these reasons only, and each reason must occur. */
export function keepsTheContract(makeStore, reasons = []) {
  const given = new Set();
  for (const { name, run } of storeConformance(makeStore)) {
    test(name, () => run({ skip: (why) => given.add(why) }));
  }
  after(() => assert.deepEqual([...given].sort(), [...reasons].sort()));
}

export const NO_CLOCK = "the store has no clock";
export const NO_WATCH = "the store has no watch";
/** There is no network between the store and its engine. */
export const NO_NETWORK = ["makeStore gives no loseReply", "makeStore gives no cut"];

/** A record to write, with a version like those that a TokenManager makes. */
export function next(value) {
  return { version: crypto.randomUUID().replaceAll("-", ""), value };
}
