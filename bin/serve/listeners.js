// Where a server listens: an address, a Unix socket, or sockets that systemd has opened.
import { chmodSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { Failure, UsageError } from "../failure.js";
import { isLoopback, listenFailure, reachable } from "../listen.js";

/** systemd's first socket: sd_listen_fds(3). */
const FIRST_FD = 3;

/** The sockets that systemd opened for this process: their file descriptors, and their names (FileDescriptorName=). */
export function activated(env = process.env, pid = process.pid) {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = "" } = env;
  if (LISTEN_PID !== String(pid)) return [];
  const names = LISTEN_FDNAMES.split(":");
  return Array.from({ length: Number(LISTEN_FDS) || 0 }, (_, i) => ({ fd: FIRST_FD + i, name: names[i] ?? "" }));
}

export async function listenOnAddress(server, { host, port, scheme = "http" }) {
  await listening(server, { host, port }, (error) => listenFailure(error, host, port));
  const { address, family, port: bound } = server.address();
  return reachable(`http://${family === "IPv6" ? `[${address}]` : address}:${bound}`).replace("http:", `${scheme}:`);
}

/** Listens on a Unix socket with these permissions, and returns its path. */
export async function listenOnSocket(server, path, mode) {
  await removeStale(path);
  // The socket has this mode from the start.
  const before = process.umask(0o777 & ~mode);
  try {
    await listening(server, { path }, (error) => unusable(path, error));
  } finally {
    process.umask(before);
  }
  chmodSync(path, mode);
  return `unix:${path}`;
}

/** Listens on a socket of systemd's. One that other machines reach is refused, unless `isOpen` allows it. */
export async function listenOnFd(server, fd, isOpen) {
  await listening(server, { fd }, (error) => new Failure(error.code, `systemd's socket ${fd} cannot be used`, ""));
  const address = server.address();
  if (address === null || typeof address === "string") return `unix:${address ?? fd}`;
  if (!isOpen && !isLoopback(address.address)) {
    throw new UsageError(`systemd's socket listens on ${address.address}, which other machines reach`, OPEN_HINT);
  }
  return `${address.address}:${address.port}`;
}

export const OPEN_HINT =
  "Name the clients with --clients or --apps, and give --cert and --key, or --insecure-network where something else does TLS.";

async function listening(server, where, failure) {
  await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    const failed = (error) => reject(failure(error));
    server.once("error", failed);
    server.listen(where, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

/** Removes a socket that a stopped process has left. A socket that answers, or another kind of file, is an error. */
async function removeStale(path) {
  let kind;
  try {
    kind = statSync(path);
  } catch {
    return;
  }
  if (!kind.isSocket()) throw new Failure("EEXIST", `${path} is not a socket`, "Choose another path for --socket.");
  const isLive = await new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
  if (isLive) throw unusable(path, { code: "EADDRINUSE" });
  rmSync(path, { force: true });
}

function unusable(path, { code }) {
  const why = {
    EADDRINUSE: "is in use",
    EACCES: "is in a folder that is not writable",
    ENOENT: "is in a folder that does not exist",
  }[code];
  return new Failure(
    code,
    `the socket ${path} ${why ?? `cannot be used (${code})`}`,
    "Choose another path for --socket.",
  );
}
