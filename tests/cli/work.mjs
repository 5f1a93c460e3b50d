// Counts what a function does, in blocks of code that were entered: the same on every machine, however busy it is.
//
// Import this before the code that is measured: V8 counts only in functions that it compiles afterwards.
import { Session } from "node:inspector/promises";

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** How often a block was entered, in all files whose address has `part` in it, while `run` ran. */
export async function blocksEntered(part, run) {
  // Taking the coverage sets the counters to 0.
  await session.post("Profiler.takePreciseCoverage");
  run();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const functions = result.filter(({ url }) => url.includes(part)).flatMap((script) => script.functions);
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}
