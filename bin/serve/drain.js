// Stops a server after the calls in flight.
import { within } from "../store.js";

/**
 * Takes no further connection, waits for the calls in flight, and closes the connections that are left after `ms`.
 *
 * @param {import("node:http").Server} server
 * @param {number} ms
 */
export async function drain(server, ms) {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that becomes idle from now on is closed.
  server.keepAliveTimeout = 1;
  await within(ms, () => closed).catch(() => server.closeAllConnections());
  await closed;
}
