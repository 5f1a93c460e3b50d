// Counts in a file store until it is killed. Its argument is JSON: { path, key, name }. After each swap that succeeded it
// prints a line, and then begins the next swap.
import { writeSync } from "node:fs";
import { fileStore, next } from "../contract.mjs";

const { path, key, name } = JSON.parse(process.argv[2]);
const store = fileStore(path);
writeSync(1, "ready\n");
for (;;) {
  const { record } = await store.load(key);
  const counts = JSON.parse(record?.value ?? "{}");
  counts[name] = (counts[name] ?? 0) + 1;
  const { swapped } = await store.compareAndSwap(key, record?.version ?? null, next(JSON.stringify(counts)), {
    ttlMs: 3_600_000,
  });
  if (swapped) writeSync(1, "swapped\n");
}
