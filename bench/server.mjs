// The tests' Daraja server in its own process, so that its work is not in the measured time of the client.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(import.meta.url);

/**
 * Starts the server, over HTTP at `baseUrl` and over TLS at `secureUrl`, with the certificate in the file `ca`. It ends
 * with this process at the latest.
 */
export async function startServer() {
  const child = fork(file, ["serve"], { stdio: "inherit" });
  const addresses = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the benchmark's server did not start")));
  });
  return { ...addresses, close: () => child.disconnect() };
}

if (process.argv[1] === file && process.argv[2] === "serve") {
  const { startDaraja } = await import("../tests/support/daraja-server.mjs");
  const { certificate } = await import("../tests/support/certificate.mjs");
  const secure = certificate();
  const servers = [await startDaraja(), await startDaraja({ secure })];
  // The server remembers all requests for the tests. Here that memory would only grow.
  setInterval(() => {
    for (const { requests } of servers) requests.splice(0);
  }, 1000);
  process.once("disconnect", () => process.exit());
  process.send({ baseUrl: servers[0].baseUrl, secureUrl: servers[1].baseUrl, ca: secure.file });
}
