// Serves a function of the shape of fetch, such as a Simulator's, over HTTP on Node.
import { createServer } from "node:http";
import { Readable } from "node:stream";

/** Listens on a host and port (0: a free one), and gives the address and the way to stop. */
export async function serve(fetch, { host = "127.0.0.1", port = 0 } = {}) {
  const server = createServer(listener(fetch));
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address();
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A listener for node:http that lets `fetch` answer.
 *
 * A body that breaks off cuts the connection; a client that hangs up aborts the request's signal.
 */
export function listener(fetch) {
  return async (incoming, outgoing) => {
    const hangUp = new AbortController();
    outgoing.once("close", () => hangUp.abort());
    const request = requestOf(incoming, hangUp.signal);
    if (!request) {
      outgoing.writeHead(400).end();
      return;
    }
    try {
      const response = await fetch(request);
      // Not writeHead: without a body, Node then says so by Content-Length: 0, as Daraja does.
      outgoing.statusCode = response.status;
      outgoing.setHeaders(response.headers);
      if (response.body) await write(response.body, outgoing);
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  };
}

/** The request, or undefined for one that fetch could never send: a method or an address that it refuses. */
function requestOf(incoming, signal) {
  const hasBody = !["GET", "HEAD"].includes(incoming.method);
  const body = hasBody ? { body: Readable.toWeb(incoming), duplex: "half" } : {};
  const base = `http://${incoming.headers.host ?? "localhost"}`;
  try {
    const headers = new Headers();
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
    }
    // Relative to the base, a path that begins with two slashes would name another host.
    const url = incoming.url.startsWith("/") ? new URL(base + incoming.url) : new URL(incoming.url, base);
    return new Request(url, { method: incoming.method, headers, signal, ...body });
  } catch {
    return undefined;
  }
}

async function write(body, outgoing) {
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    // Where the body breaks off next, only what has left this process arrives.
    await new Promise((resolve) => outgoing.write(chunk, resolve));
  }
}
