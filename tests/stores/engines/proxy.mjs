// The network between a client and its engine. A test can break it.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Forwards a port of loopback. */
export async function startProxy(port) {
  const sockets = new Set();
  /** What happens to the traffic: "forward", "lose" (a reply, with its connection), or "silence". */
  let mode = "forward";
  /** How many replies still pass before the one that is lost. */
  let passing = 0;
  /** By how much replies are delayed. */
  let delayMs = 0;

  const server = createServer((client) => {
    const engine = connect(port, "127.0.0.1");
    let isAsked = false;
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (bytes) => {
      isAsked = true;
      if (mode !== "silence") engine.write(bytes);
    });
    engine.on("data", (bytes) => {
      if (mode === "silence") return;
      const isReply = isAsked;
      isAsked = false;
      if (mode === "lose" && isReply && passing-- === 0) {
        mode = "forward";
        client.destroy();
      } else if (delayMs > 0) setTimeout(() => client.write(bytes), delayMs);
      else client.write(bytes);
    });
  });

  async function listen(at) {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
  }
  await listen(0);
  const { port: own } = server.address();

  return {
    port: own,
    /** Loses a reply after its request was carried out. `later` is how many replies still pass before it. */
    loseReply(later = 0) {
      mode = "lose";
      passing = later;
    },
    /** From now on nothing passes in either direction, and connections stay open. */
    silence() {
      mode = "silence";
    },
    /** Delays the replies by that many milliseconds. */
    slow(ms) {
      delayMs = ms;
    },
    /** Breaks every connection, and refuses new ones. */
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    /** Forwards again, also after cut(). Connections that are still open are broken. */
    async restore() {
      mode = "forward";
      delayMs = 0;
      for (const socket of sockets) socket.destroy();
      if (!server.listening) await listen(own);
    },
    async stop() {
      const closed = server.listening && once(server, "close");
      this.cut();
      await closed;
    },
  };
}
