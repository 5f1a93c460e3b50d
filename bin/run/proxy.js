// The proxy between a program and Daraja. It decrypts TLS for Daraja's hosts, and for no other host.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { connect } from "node:net";

/** axios 0 sends an https request to the proxy unencrypted, as if it were http. */
const UNENCRYPTED = /^https:\/\/([\w.-]{1,253})(?::443)?\//i;
const TARGET = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\]):(\d{1,5})$/i;
/** A tunnel that carries no byte for this long is closed. */
const IDLE_MS = 600_000;

/**
 * Starts the proxy on a free port of loopback. For `hosts`, `server` answers in Daraja's place. Requests to other hosts
 * are refused, or passed through encrypted if `allowOther` is set.
 *
 * @param {{ hosts: string[], server: any, allowOther: boolean, refused?: (target: string) => void }} given
 */
export async function startProxy({ hosts, server, allowOther, refused = () => {} }) {
  // Other users of this machine can reach the port too, so the proxy wants a password.
  const password = randomBytes(18).toString("base64url");
  const expected = Buffer.from(`Basic ${Buffer.from(`run:${password}`).toString("base64")}`);
  /** @type {Set<import("node:net").Socket>} */
  const open = new Set();
  const keep = (/** @type {import("node:net").Socket} */ socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket)).on("error", () => socket.destroy());
  };

  const isAllowed = (/** @type {{ headers: import("node:http").IncomingHttpHeaders }} */ { headers }) => {
    const given = Buffer.from(headers["proxy-authorization"] ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  const proxy = createServer((incoming, outgoing) => {
    const [, host = ""] = UNENCRYPTED.exec(incoming.url ?? "") ?? [];
    // The request came over loopback, as a tunnel's bytes do, so it is safe without TLS.
    if (hosts.includes(host.toLowerCase()) && isAllowed(incoming)) server.emit("request", incoming, outgoing);
    else outgoing.writeHead(403).end("This proxy takes only CONNECT, and https requests to Daraja's host.\n");
  });
  proxy.on("connection", keep);
  proxy.on("connect", (/** @type {any} */ { url, headers }, socket, head) => {
    socket.on("error", () => socket.destroy());
    const end = (/** @type {string} */ line, /** @type {string[]} */ ...more) =>
      socket.end([`HTTP/1.1 ${line}`, ...more, "Content-Length: 0", "", ""].join("\r\n"));
    if (!isAllowed({ headers })) {
      return end("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="daraja-auth run"');
    }
    const [, host, port] = TARGET.exec(url) ?? [];
    if (host === undefined || Number(port) > 65_535) return end("400 Bad Request");
    const established = () => socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (hosts.includes(host.toLowerCase()) && port === "443") {
      established();
      if (head.length > 0) socket.unshift(head);
      server.emit("connection", socket);
      return;
    }
    if (!allowOther) {
      refused(host);
      return end("403 Forbidden");
    }
    tunnel(
      /** @type {import("node:net").Socket} */ (socket),
      head,
      { host: host.replace(/^\[|\]$/g, ""), port: Number(port) },
      { keep, established, end },
    );
  });
  proxy.listen(0, "127.0.0.1");
  await new Promise((resolve) => proxy.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (proxy.address());
  return {
    url: `http://run:${password}@127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/**
 * Passes encrypted bytes through.
 *
 * @param {import("node:net").Socket} socket
 * @param {Buffer} head
 * @param {{ host: string, port: number }} target
 * @param {object} actions
 * @param {(socket: import("node:net").Socket) => void} actions.keep
 * @param {() => void} actions.established
 * @param {(line: string) => void} actions.end
 */
function tunnel(socket, head, target, { keep, established, end }) {
  const other = connect(target);
  keep(other);
  other.once("connect", () => {
    established();
    if (head.length > 0) other.write(head);
    other.pipe(socket).pipe(other);
  });
  other.once("error", () => (other.bytesRead > 0 ? socket.destroy() : end("502 Bad Gateway")));
  other.once("close", () => socket.destroy());
  socket.once("close", () => other.destroy());
  for (const each of [socket, other]) each.setTimeout(IDLE_MS, () => each.destroy());
}
