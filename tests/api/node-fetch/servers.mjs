// Real servers: one of node:http, one over TLS, and one that writes bytes as a test says.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { certificate } from "../../support/certificate.mjs";

/** Serves over HTTP until the test ends. Gives the URL, and the open connections. */
export function serve(t, answer) {
  return listen(t, createServer(answer), "http");
}

/** Serves over TLS, with a certificate that clients do not trust by default. */
export function serveSecurely(t, answer) {
  const { key, cert } = certificate();
  return listen(t, createSecureServer({ key, cert }, answer), "https");
}

/** Answers each piece of data that arrives with these bytes, and then calls `after`, which ends the connection. */
export async function serveBytes(t, text, after = (socket) => socket.end()) {
  const requests = [];
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      requests.push(String(data));
      socket.write(Buffer.from(text, "latin1"), () => after(socket));
    });
  });
  return Object.assign(await listen(t, server, "http"), { requests });
}

async function listen(t, server, scheme) {
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `${scheme}://127.0.0.1:${server.address().port}/`, sockets };
}
