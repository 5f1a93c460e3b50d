// daraja-auth/node and the token server behind a proxy, on each Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { certificate } from "../support/certificate.mjs";
import { run } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { nodes, on } from "../support/runtimes.mjs";

const listening = (server) =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

/** Whether the agents of this version of Node support proxies. */
function knowsProxies(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

describe("behind a proxy", () => {
  const { key, cert, file } = certificate();
  const direct = createServer((_, response) => response.end("direct"));
  const secure = createSecureServer({ key, cert }, (_, response) => response.end("through a tunnel"));
  // The proxy answers a plain request itself. It connects each tunnel to the server over TLS.
  const proxy = createServer((_, response) => response.end("through the proxy"));
  proxy.on("connect", ({ url }, socket) => {
    assert.equal(url, "daraja.test:443");
    const onward = connect(secure.address().port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => {});
  });
  let cwd;
  let env;
  let here;
  before(async () => {
    const [port, ofProxy] = [await listening(direct), await listening(proxy), await listening(secure)];
    here = `http://127.0.0.1:${port}/`;
    const address = `http://127.0.0.1:${ofProxy}`;
    const names = ["proxied.mjs", "forwarded.mjs"];
    const runner = (name) => readFileSync(new URL(`runners/${name}`, import.meta.url), "utf8");
    cwd = project("proxy", Object.fromEntries(names.map((name) => [name, runner(name)])));
    // The tester's own variables, in lower case, would come first.
    const none = { http_proxy: undefined, https_proxy: undefined, no_proxy: undefined, NO_PROXY: undefined };
    env = { ...none, HTTP_PROXY: address, HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS: file };
  });
  after(() => {
    for (const server of [direct, proxy, secure]) {
      server.closeAllConnections();
      server.close();
    }
  });

  for (const node of nodes) {
    const { version, path } = node;
    const asks = async (urls, more) => {
      const { stdout, stderr } = await run(path, ["proxied.mjs", ...urls], { cwd, env: { ...env, ...more } });
      assert.equal(stderr, "");
      return stdout.trim().split("\n");
    };
    if (knowsProxies(version)) {
      test(`Node ${version} uses the proxy that the variables name, except for this machine`, on(node), async () => {
        assert.deepEqual(await asks(["http://daraja.test/", "https://daraja.test/", here]), [
          "through the proxy",
          "through a tunnel",
          "direct",
        ]);
      });
      for (const name of ["HTTPS_PROXY", "https_proxy"]) {
        test(`On Node ${version} the token server forwards by the proxy in ${name}`, on(node), async () => {
          const others = { ...env, HTTP_PROXY: undefined, HTTPS_PROXY: undefined, [name]: env.HTTPS_PROXY };
          const { stdout, stderr } = await run(path, ["forwarded.mjs"], { cwd, env: others });
          assert.deepEqual([stdout, stderr], ["through a tunnel", ""]);
        });
      }
      test(`Node ${version} connects directly to the hosts in NO_PROXY`, on(node), async () => {
        const [outcome] = await asks(["http://daraja.test/"], { NO_PROXY: "daraja.test" });
        assert.match(outcome, /^(ENOTFOUND|EAI_AGAIN)$/);
      });
    } else {
      test(`Node ${version} does not support proxies, and connects directly`, on(node), async () => {
        const [outcome] = await asks(["http://daraja.test/"]);
        assert.match(outcome, /^(ENOTFOUND|EAI_AGAIN)$/);
      });
    }
  }
});
