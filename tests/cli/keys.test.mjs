// daraja-auth simulate on a terminal: the keys that work while it runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine, needsTerminal } from "./cli.mjs";

const { onTerminal } = commandLine("keys");

test(
  "a letter and Enter inject a fault, clear faults, expire all tokens, print the help, and quit",
  needsTerminal(),
  async (t) => {
    const running = onTerminal(["simulate", "--port", "0"]);
    t.after(() => running.kill("SIGKILL"));
    const [, url] = await running.until(/listens on (http:\S+:\d+)/);
    await running.until(/h \+ Enter lists the keys/);
    const type = async (text, said) => {
      running.type(`${text}\r`);
      await running.until(said);
    };
    const status = async () => (await fetch(`${url}/mpesa/b2c/v3/paymentrequest`)).status;
    await type("h", /^ {2}f FAULT \+ Enter .*^ {2}q \+ Enter {8}quits$/ms);
    await type("f spike-arrest:rate=1", /^The fault is on: spike-arrest:rate=1$/m);
    assert.equal(await status(), 429);
    await type("c", /^All faults are cleared\.$/m);
    assert.equal(await status(), 404);
    await type("f", /^Which one\? For example: f spike-arrest$/m);
    await type("f nonsense", /^Not injected: kind is not valid$/m);
    await type("e", /^Every token has expired: the clock was moved by 3599 seconds\.$/m);
    await type("x", /^h \+ Enter lists the keys\.$/m);
    await type("q", /Stopped after 2 requests/);
    assert.deepEqual(await running.ended, { code: 0, signal: null });
  },
);
