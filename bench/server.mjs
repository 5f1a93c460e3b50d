// The tests' Daraja server in a process of its own, so that its work is nobody's time but the network's.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(import.meta.url);

/** Starts the server; it ends with this process at the latest. */
export async function startServer() {
  const child = fork(file, ["serve"], { stdio: "inherit" });
  const baseUrl = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the benchmark's server did not start")));
  });
  return { baseUrl, close: () => child.kill() };
}

if (process.argv[1] === file && process.argv[2] === "serve") {
  const { startDaraja } = await import("../tests/daraja.mjs");
  const daraja = await startDaraja();
  // It remembers every request for the tests; here that would only grow.
  setInterval(() => daraja.requests.splice(0), 1000);
  process.once("disconnect", () => process.exit());
  process.send(daraja.baseUrl);
}
