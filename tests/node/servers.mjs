// Real servers: one of node:http, one over TLS, and one that writes bytes as a test says.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Serves over HTTP until the test ends; gives the URL. */
export function serve(t, answer) {
  return listen(t, createServer(answer), "http");
}

/** Serves over TLS, with a certificate that nobody trusts. */
export function serveSecurely(t, answer) {
  const { key, cert } = certificate();
  return listen(t, createSecureServer({ key, cert }, answer), "https");
}

/** Answers each connection with these bytes once a request has come, and then does what `after` says. */
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

let made;
/** A key and a certificate for 127.0.0.1, made once; `file` has the certificate. */
export function certificate() {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), "daraja-certificate-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [key, file] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...args, "-keyout", key, "-out", file, ...subject], { stdio: "ignore" });
  made = { key: readFileSync(key), cert: readFileSync(file), file };
  return made;
}
