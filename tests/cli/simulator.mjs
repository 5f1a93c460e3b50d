// Runs `daraja-auth simulate` as a real process, and sends requests to it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { assertHidden, commandLine, encoded, shop } from "./cli.mjs";

/** A second app, which has one product. */
export const kiosk = {
  name: "Kiosk",
  consumerKey: "CanaryKeyOfTheKiosk0003",
  consumerSecret: "CanarySecretOfTheKiosk0004",
  products: ["b2c"],
};
/** The option that gives the simulator the shop and the kiosk. */
export const APPS = ["--apps", "apps.json"];

/** The command line, with `simulate(t, ...args)` for a simulator on a free port. `name` is the test file's name. */
export function simulators(name) {
  const commands = commandLine(name, { "apps.json": [shop, kiosk] });
  return {
    ...commands,
    async simulate(t, ...args) {
      const running = commands.start(["simulate", "--port", "0", ...args]);
      t.after(() => running.kill("SIGKILL"));
      const [, url] = await running.until(/^A simulated Daraja listens on (http:\S+:\d+) /m);
      const ask = (app, path = "/oauth/v1/generate?grant_type=client_credentials") =>
        fetch(url + path, { headers: { authorization: `Basic ${encoded(app)}` } });
      const tokens = [];
      return {
        running,
        url,
        ask,
        async token(app) {
          const { access_token: token } = await (await ask(app)).json();
          tokens.push(token);
          return token;
        },
        call: (bearer, path = "/mpesa/b2c/v3/paymentrequest") =>
          fetch(url + path, { method: "POST", body: "{}", headers: { authorization: `Bearer ${bearer}` } }),
        /**
         * Stops the simulator by a signal. Gives the lines of its log without the times, and with one space between two columns.
         */
        async stop(signal = "SIGTERM") {
          running.kill(signal);
          assert.deepEqual(await running.ended, { code: 0, signal: null }, running.stderr);
          assertHidden(running.stdout + running.stderr, kiosk.consumerKey, kiosk.consumerSecret, ...tokens);
          const lines = running.stdout.split("\n").filter((line) => /^\d\d:\d\d:\d\d {2}/.test(line));
          return lines.map((line) => line.slice("00:00:00  ".length).replace(/ {2,}/g, " "));
        },
      };
    },
  };
}

/** Sends a request that will get no answer, and waits until it has arrived. */
export async function hanging(url, headers) {
  const waiting = request(url, { headers: { ...headers, expect: "100-continue" } });
  waiting.flushHeaders();
  await once(waiting, "continue");
  waiting.end();
  waiting.on("error", () => {});
  return waiting;
}
