import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launch, program } from "./program.mjs";

/** A Redis that keeps every acknowledged write over a restart and a kill -9. */
export async function startRedis(settings = []) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "daraja-redis-"));
  const args = [
    ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    ["--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0", ...settings],
  ].flat();
  const start = () => launch(program("redis-server"), args, { ready: /Ready to accept connections/ });
  let server = await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid;
    },
    async restart(signal) {
      await server.stop(signal);
      server = await start();
    },
    async stop() {
      // A Redis that still writes its first file ignores SIGTERM.
      await server.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
