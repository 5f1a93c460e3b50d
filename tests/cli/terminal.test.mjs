// On a terminal: questions whose answers are not shown, the warning, and colours.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { assertHidden, commandLine, needsTerminal } from "./cli.mjs";

const options = needsTerminal();
const { onTerminal } = commandLine("terminal");
const pair = { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
const ESCAPE = "\u001b";
const KEY = /Daraja consumer key \(it is not shown\): $/;
const SECRET = /Daraja consumer secret \(it is not shown\): $/;
let daraja;
let to;
before(async () => {
  daraja = await startDaraja();
  to = { DARAJA_BASE_URL: daraja.baseUrl };
});
after(() => daraja.close());

const next = () => `c9SQxWWhmdVRlyh0zh8gZDTk${String(daraja.issued + 1).padStart(4, "0")}`;

/**
 * Types each text when the terminal shows its prompt. Gives the command's exit code and output, and checks that no secret
 * is shown.
 */
async function typing(running, ...steps) {
  for (const [prompt, text] of steps) {
    await running.until(prompt, "stderr");
    running.type(text);
  }
  const { code } = await running.ended;
  assertHidden(running.stderr);
  return { code, stdout: running.stdout, shown: running.stderr };
}

test(
  "token asks for missing credentials, does not show the answers, and prints only the token on stdout",
  options,
  async () => {
    const expected = next();
    const running = onTerminal(["token"], to);
    const { code, stdout, shown } = await typing(running, [KEY, `${consumerKey}\r`], [SECRET, `${consumerSecret}\r`]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: `${expected}\n` });
    assert.match(shown, /consumer key \(it is not shown\): \r\nDaraja consumer secret \(it is not shown\): \r\n$/);
  },
);

test("if the key is set, token asks only for the secret", options, async () => {
  const expected = next();
  const running = onTerminal(["token"], { ...to, MPESA_CONSUMER_KEY: consumerKey });
  const { code, stdout, shown } = await typing(running, [SECRET, `${consumerSecret}\r`]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `${expected}\n` });
  assert.doesNotMatch(shown, /consumer key/);
});

test("one paste answers both questions, even with spaces and the marks of a bracketed paste", options, async () => {
  const expected = next();
  const paste = `${ESCAPE}[200~ ${consumerKey} \r\n\t${consumerSecret}\r\n${ESCAPE}[201~`;
  const { code, stdout } = await typing(onTerminal(["token"], to), [KEY, paste]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `${expected}\n` });
});

test("backspace and Ctrl-U correct an answer, and arrow keys change nothing", options, async () => {
  const expected = next();
  const running = onTerminal(["token"], { ...to, DARAJA_CONSUMER_KEY: consumerKey });
  const typed = `nonsense\u0015\u007f${consumerSecret}é\u007fx\b${ESCAPE}[D${ESCAPE}OA\r`;
  const { code, stdout } = await typing(running, [SECRET, typed]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `${expected}\n` });
});

test("at either question, Ctrl-C ends token with the exit code that shells expect", options, async () => {
  const before = daraja.requests.length;
  const first = await typing(onTerminal(["token"], to), [KEY, "abc\u0003"]);
  assert.deepEqual([first.code, first.stdout], [130, ""]);
  const second = await typing(onTerminal(["token"], to), [KEY, `${consumerKey}\r`], [SECRET, "\u0003"]);
  assert.deepEqual([second.code, second.stdout], [130, ""]);
  assert.equal(daraja.requests.length, before);
});

test("Ctrl-D, or Enter alone, is a misuse that says what was not entered", options, async () => {
  const refusal = (what) =>
    new RegExp(`ERR_DARAJA_INVALID_OPTION.*: no consumer ${what} was entered\r\nSet DARAJA_CONSUMER_KEY`);
  const none = await typing(onTerminal(["token"], to), [KEY, "\u0004"]);
  assert.deepEqual([none.code, none.stdout], [2, ""]);
  assert.match(none.shown, refusal("key"));
  const half = await typing(onTerminal(["token"], to), [KEY, `${consumerKey}\r`], [SECRET, "\r"]);
  assert.deepEqual([half.code, half.stdout], [2, ""]);
  assert.match(half.shown, refusal("secret"));
});

test("however the command ends, the terminal then echoes and reads whole lines again", options, async () => {
  for (const [text, expected] of [
    ["\u0003", 130],
    ["\u0004", 2],
    [`${consumerKey}\r`, 0],
  ]) {
    const running = onTerminal(["token"], { ...to, DARAJA_CONSUMER_SECRET: consumerSecret }, { stty: true });
    const { code, shown } = await typing(running, [KEY, text]);
    assert.equal(code, expected, shown);
    assert.match(shown, /[^-]icanon\b.*[^-]echo\b/s);
  }
});

test("token warns that the token in use stops working", options, async () => {
  const { code, stdout, shown } = await typing(onTerminal(["token"], { ...to, ...pair }));
  assert.deepEqual([code, stdout.length], [0, 29]);
  const { host } = new URL(daraja.baseUrl);
  const warning = `Asking ${host} for a token. The token in use there, if there is one, stops working.`;
  assert.equal(shown, `${ESCAPE}[33m${warning}${ESCAPE}[0m\r\n`);
});

test("there are colours on a terminal, but not with NO_COLOR or on a dumb terminal", options, async () => {
  const args = ["token", "--base-url", daraja.baseUrl];
  const refused = { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: "wrong" };
  const { shown } = await typing(onTerminal(args, refused));
  assert.ok(shown.includes(`${ESCAPE}[31mERR_DARAJA_INVALID_CREDENTIALS${ESCAPE}[0m: `), shown);
  for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
    const plain = await typing(onTerminal(args, { ...refused, ...env }));
    assert.equal(plain.code, 1);
    assert.ok(!plain.shown.includes(ESCAPE), plain.shown);
  }
  const empty = await typing(onTerminal(args, { ...refused, NO_COLOR: "" }));
  assert.ok(empty.shown.includes(ESCAPE), "an empty NO_COLOR counts as not set");
});

test("doctor asks for missing credentials, and says that they are not set", options, async () => {
  const running = onTerminal(["doctor"], to, { all: true });
  const { code, shown } = await typing(running, [KEY, `${consumerKey}\r`], [SECRET, `${consumerSecret}\r`]);
  assert.equal(code, 0, shown);
  assert.ok(
    shown.includes(`${ESCAPE}[33mwarn${ESCAPE}[0m  variables     DARAJA_CONSUMER_KEY is not set; it was asked for`),
    shown,
  );
  assert.match(shown, /Verdict.*: .*all is well.*: Daraja grants a token, with \d warnings\.\r\n$/);
});

test("after the doctor's questions are answered, Ctrl-C is a signal again", options, async (t) => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => {
    silent.close();
    silent.closeAllConnections();
  });
  const asked = once(silent, "request");
  const running = onTerminal(
    ["doctor"],
    { DARAJA_BASE_URL: `http://127.0.0.1:${silent.address().port}` },
    { all: true },
  );
  const ended = typing(running, [KEY, `${consumerKey}\r`], [SECRET, `${consumerSecret}\r`]);
  await asked;
  running.type("\u0003");
  assert.equal((await ended).code, 130);
});

test("run passes on a signal that no terminal sends", options, async () => {
  const program = `
    process.once("SIGUSR2", () => process.exit(7));
    process.kill(process.ppid, "SIGUSR2");
    setTimeout(() => process.exit(1), 10_000);`;
  const { ended } = onTerminal(["run", "--", process.execPath, "-e", program], { ...to, ...pair });
  assert.equal((await ended).code, 7);
});

test("simulate has a coloured log on a terminal, and ends on Ctrl-C", options, async () => {
  const running = onTerminal(["simulate", "--port", "0"], {}, { all: true });
  const [, url] = await running.until(/listens on \S*(http:\S+:\d+)/, "stderr");
  assert.equal((await fetch(`${url}/oauth/v1/generate`)).status, 400);
  await running.until(/wrong-scheme/, "stderr");
  running.type("\u0003");
  assert.equal((await running.ended).code, 0);
  assert.ok(running.stderr.includes(`${ESCAPE}[33m400${ESCAPE}[0m`), running.stderr);
  assert.match(running.stderr, /Stopped after 1 request: 1 wrong-scheme\r\n$/);
});
