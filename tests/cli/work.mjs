// Measures the work of a function by the blocks of code that it enters. The speed of the machine does not change it.
//
// Import this before the code that is measured, because V8 counts only in functions that it compiles afterwards.
import { Session } from "node:inspector/promises";

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** Runs `run`, and counts how often it enters a block in the files whose address contains `part`. */
export async function blocksEntered(part, run) {
  // This sets the counters to 0.
  await session.post("Profiler.takePreciseCoverage");
  run();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const functions = result.filter(({ url }) => url.includes(part)).flatMap((script) => script.functions);
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}
