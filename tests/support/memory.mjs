// The memory of this process after garbage collections.
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** The memory in use: V8's heap, and the memory outside of it, such as the module's. */
export async function usedMemory() {
  for (let i = 0; i < 5; i++) {
    await setTimeout(10);
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
