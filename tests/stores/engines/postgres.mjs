import { execFile } from "node:child_process";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, launch, program, unprivileged } from "./program.mjs";

const USER = "daraja";

/** A folder outside the clone, which belongs to the user that the server runs as. */
async function folderFor(name, { uid, gid }) {
  const folder = await mkdtemp(join(tmpdir(), `daraja-${name}-`));
  if (uid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/** A Postgres with one database and no passwords. With `follow` it is a standby of that Postgres. */
export async function startPostgres(settings = [], { follow } = {}) {
  const port = await freePort();
  const owner = unprivileged("postgres");
  const folder = await folderFor("postgres", owner);
  const options = { ...owner, cwd: folder, env: { PATH: process.env.PATH } };
  const init = ["-D", folder, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"];
  const copy = ["-D", folder, "-U", USER, "-h", "127.0.0.1", "-p", follow?.port, "-R", "-c", "fast", "--no-sync"];
  await promisify(execFile)(program(follow ? "pg_basebackup" : "initdb"), follow ? copy : init, options);
  const args = [
    ["-D", folder, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    ["-c", "max_connections=300", ...settings],
  ].flat();
  // SIGINT disconnects the clients. SIGTERM would wait for them.
  const how = { ...options, ready: /ready to accept (read-only )?connections/, stopBy: "SIGINT" };
  const start = () => launch(program("postgres"), args, how);
  let server = await start();
  return {
    port,
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    urlAt: (otherPort) => `postgres://${USER}@127.0.0.1:${otherPort}/postgres`,
    get pid() {
      return server.pid;
    },
    async restart(signal) {
      await server.stop(signal);
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PgBouncer in front of Postgres. It gives each transaction any free connection. */
export async function startPgbouncer(postgres) {
  const port = await freePort();
  const owner = unprivileged("postgres");
  const folder = await folderFor("pgbouncer", owner);
  const file = join(folder, "pgbouncer.ini");
  const lines = [
    "[databases]",
    `postgres = host=127.0.0.1 port=${postgres.port} user=${USER}`,
    "[pgbouncer]",
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    "auth_type = any\npool_mode = transaction\ndefault_pool_size = 4\nserver_round_robin = 1",
    "ignore_startup_parameters = extra_float_digits",
  ];
  await writeFile(file, lines.join("\n"), { mode: 0o644 });
  // SIGTERM ends PgBouncer at once before version 1.23. Later versions wait for the clients, which have ended by then.
  const server = await launch(program("pgbouncer"), [file], { ...owner, cwd: folder, ready: /process up/ });
  return {
    port,
    url: postgres.urlAt(port),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
