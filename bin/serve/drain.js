// The end of a server: calls in flight end, for a while.
import { within } from "../store.js";

/**
 * Takes no further connection, waits for the calls in flight, and cuts what is left when the time is up.
 *
 * @param {import("node:http").Server} server
 * @param {number} ms
 */
export async function drain(server, ms) {
  const closed = new Promise((resolve) => server.close(resolve));
  // Node 18 and before need it; later ones do it in close().
  server.closeIdleConnections();
  // Each answer from now on closes its connection.
  server.keepAliveTimeout = 1;
  await within(ms, () => closed).catch(() => server.closeAllConnections());
  await closed;
}
