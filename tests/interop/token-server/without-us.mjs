// Daraja without the token server: its two hosts over TLS, with the simulator behind them.
import { createServer as createSecureServer } from "node:https";

const HOSTS = ["sandbox.safaricom.co.ke", "api.safaricom.co.ke"];

/**
 * Starts the two hosts. `answer` answers their requests.
 *
 * Gives `variables`, which lead a program to the hosts through the proxy of `daraja-auth run`, and `url`, an address over
 * http for programs that take one.
 *
 * @param {(file: string) => Promise<any>} load
 * @param {(request: Request) => Promise<Response>} answer
 */
export async function startDarajaHosts(load, answer) {
  const { Authority } = await load("bin/run/authority.js");
  const { startProxy } = await load("bin/run/proxy.js");
  const { surroundingsOf } = await load("bin/run/surroundings.js");
  const { listen, listener } = await load("bin/listen.js");
  const authority = new Authority();
  const server = createSecureServer(authority.issue(HOSTS), listener(answer));
  const proxy = await startProxy({ hosts: HOSTS, server, allowOther: false });
  const plain = await listen(answer);
  const { certificate } = authority;
  const surroundings = surroundingsOf({ url: proxy.url, certificate, env: process.env });
  return {
    variables: surroundings.variables,
    url: plain.url,
    async close() {
      surroundings.remove();
      await Promise.all([proxy.close(), plain.close()]);
      server.closeAllConnections();
    },
  };
}
