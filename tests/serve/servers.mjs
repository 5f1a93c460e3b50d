// Starts `daraja-auth serve` as a real process in front of a simulator in this process, and sends requests to it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { commandLine, encoded } from "../cli/cli.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

export const TOKEN_PATH = "/oauth/v1/generate?grant_type=client_credentials";
export const REMIT_PATH = "/mpesa/b2b/v1/remittax";

/**
 * The command line, with `daraja(t)`, which starts a simulated Daraja, and `serve(t, ...)`, which starts a server.
 * `name` is the test file's name.
 */
export function servers(name, files = {}) {
  const commands = commandLine(`serve-${name}`, files);
  return {
    ...commands,
    /** A simulated Daraja. The test controls its clock and its faults. */
    async daraja(t) {
      const daraja = await startSimulator(`serve-${name}`);
      t.after(() => daraja.close());
      return daraja;
    },
    /** Starts a server: `{ url, running, stop, ask, token, call, raw }`. */
    async serve(t, daraja, { args = [], env = {} } = {}) {
      const { consumerKey, consumerSecret } = daraja.app;
      const ofApp = {
        DARAJA_CONSUMER_KEY: consumerKey,
        DARAJA_CONSUMER_SECRET: consumerSecret,
        DARAJA_BASE_URL: daraja.baseUrl,
      };
      const running = commands.start(["serve", "--port", "0", ...args], { ...ofApp, ...env });
      t.after(() => running.kill("SIGKILL"));
      const [, url] = await running.until(/^(https?:\/\/\S+:\d+)\n/);
      const ask = (pair = daraja.app, path = TOKEN_PATH) =>
        fetch(url + path, { headers: { authorization: `Basic ${encoded(pair)}` } });
      const tokens = new Set();
      return {
        running,
        url,
        ask,
        async token(pair) {
          const { access_token: token } = await (await ask(pair)).json();
          tokens.add(token);
          return token;
        },
        call: (bearer, path = REMIT_PATH, init = {}) =>
          fetch(url + path, {
            method: "POST",
            body: "{}",
            ...init,
            headers: { authorization: `Bearer ${bearer}`, ...init.headers },
          }),
        /** Sends bytes, and gives everything that comes back until the connection ends. */
        raw: (text) => raw(url, text),
        /** Stops the server by a signal. Gives the lines of its log, without times. */
        async stop(signal = "SIGTERM") {
          running.kill(signal);
          assert.deepEqual(await running.ended, { code: 0, signal: null }, running.stderr);
          for (const secret of [consumerKey, consumerSecret, encoded(daraja.app), ...tokens]) {
            assert.equal((running.stdout + running.stderr).includes(secret), false, `${secret} is shown`);
          }
          const lines = running.stderr.split("\n").filter((line) => /^\d{4}-\d\d-\d\dT\S+Z /.test(line));
          return lines.map((line) => line.replace(/^\S+ /, "").replace(/ [\d.]+ ms/, ""));
        },
      };
    },
  };
}

/** Sends bytes to a server, and gives all that comes back until the connection ends. */
export async function raw(url, text) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
  socket.on("error", () => {});
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

/** Sends a request with node:http, also one that fetch would refuse. Gives the answer, with the body as text. */
export async function send(url, { body, ...options }) {
  const { pathname, search } = new URL(url);
  const outgoing = request(url, { path: pathname + search, ...options });
  outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  const { statusCode: status, headers, rawHeaders, trailers } = incoming;
  return { status, headers, rawHeaders, trailers, text };
}
