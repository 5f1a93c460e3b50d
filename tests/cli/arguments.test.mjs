// The arguments of `daraja-auth`, and the errors for wrong arguments.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { root } from "../support/packed.mjs";
import { commandLine, shop } from "./cli.mjs";

const { load, run } = commandLine("arguments");
const commands = ["token", "simulate", "doctor", "status", "serve", "run"];
const { version } = JSON.parse(readFileSync(new URL("package.json", `file://${root}/`), "utf8"));

/** Checks for a misuse: nothing on stdout, the code and the sentence on stderr, and exit code 2. */
async function misused(args, sentence, hint, env) {
  const { code, stdout, stderr } = await run(args, env);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, stderr);
  const [first, second] = stderr.split("\n");
  assert.equal(first, `ERR_DARAJA_INVALID_OPTION: ${sentence}`);
  assert.match(second, hint);
}

test("without a command it prints the help on stderr, and the exit code says misuse", async () => {
  const { code, stdout, stderr } = await run([]);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  assert.match(stderr, /^Usage: daraja-auth <command>/);
});

for (const args of [["--help"], ["-h"], ["help"]]) {
  test(`${args} prints the help, which names each command`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.deepEqual(
      [...stdout.matchAll(/^ {2}(\w+) {3,}/gm)].map(([, name]) => name),
      commands,
    );
  });
}

for (const flag of ["--version", "-v"]) {
  test(`${flag} prints the package's version`, async () => {
    assert.deepEqual(await run([flag]), { code: 0, stdout: `${version}\n`, stderr: "" });
  });
}

for (const command of commands) {
  test(`the help of ${command} lists its options, no other, and its exit codes`, async () => {
    const { code, stdout, stderr } = await run([command, "--help"]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    const listed = [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
    const { options } = await load(`bin/${command}.js`);
    assert.deepEqual(listed.sort(), ["help", ...Object.keys(options)].sort());
    assert.match(stdout.replaceAll("\n", " "), / Exit codes: 0 .*; 1 .*; 2 .*\. $/);
    // The options come before the examples. Only a line that is one long word has more than 80 characters.
    assert.match(stdout, /\n {2}-h, --help .*\nExamples:\n\n {2}\S.*daraja-auth /s);
    const long = stdout.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "));
    assert.deepEqual(long, []);
    assert.deepEqual(await run(["help", command]), { code, stdout, stderr });
    assert.deepEqual(await run([command, "-h", "--nonsense"]), { code, stdout, stderr });
  });
}

test("help credentials names every variable, and the help of every command but simulate refers to it", async () => {
  const { code, stdout, stderr } = await run(["help", "credentials"]);
  assert.deepEqual([code, stderr], [0, ""]);
  for (const name of Object.values((await load("bin/credentials.js")).VARIABLES).flat())
    assert.ok(stdout.includes(name));
  for (const command of commands) {
    const { stdout: help } = await run([command, "--help"]);
    if (command !== "simulate") assert.match(help, /daraja-auth help credentials says/);
  }
});

test("a help fits the width of the terminal, but lines to paste are not wrapped", async () => {
  const { layOut } = await load("bin/wrap.js");
  const { help } = await load("bin/doctor.js");
  for (const width of [40, 60, 80, 120]) {
    const lines = layOut(help, width).split("\n");
    assert.deepEqual(
      lines.filter((line) => line.length > width && !line.startsWith("  npx")),
      [],
    );
    assert.ok(lines.includes("  npx daraja-auth doctor --environment production --json"));
  }
  assert.equal(layOut("  --a  b c\n\nA b\nc.\n", 80), "  --a  b c\n\nA b c.\n");
});

test("an unknown command is a misuse, and the error suggests a similar command if there is one", async () => {
  await misused(["tokn"], "unknown command tokn; did you mean token?", /--help lists the commands/);
  await misused(["help", "dcotor"], "unknown command dcotor; did you mean doctor?", /--help lists the commands/);
  await misused(["refresh"], "unknown command refresh", /--help lists the commands/);
  await misused(["constructor"], "unknown command constructor", /--help lists the commands/);
});

test("an option before the command is a misuse", () =>
  misused(["--json", "token"], "a command is expected before the options", /--help lists the commands/));

test("an unknown option is a misuse, and the error suggests a similar option if there is one", async () => {
  const hint = /^daraja-auth \w+ --help lists its options\.$/;
  await misused(["token", "--jsno"], "unknown option --jsno; did you mean --json?", hint);
  await misused(["doctor", "--enviroment=sandbox"], "unknown option --enviroment; did you mean --environment?", hint);
  await misused(
    ["simulate", "--token-lifetme"],
    "unknown option --token-lifetme; did you mean --token-lifetime?",
    hint,
  );
  await misused(["simulate", "-x"], "unknown option -x", hint);
  await misused(["token", "--wholly-else"], "unknown option --wholly-else", hint);
});

test("an option without its value is a misuse, and so is a switch with a value", async () => {
  const hint = /^daraja-auth \w+ --help lists its options\.$/;
  await misused(["token", "--dotenv"], "--dotenv needs a value", hint);
  await misused(["token", "--dotenv="], "--dotenv needs a value", hint);
  await misused(["token", "--environment", "--json"], "--environment needs a value", hint);
  await misused(["token", "--json=yes"], "--json takes no value", hint);
});

for (const [what, args] of Object.entries({
  "a consumer key as an option": ["token", "--consumer-key", shop.consumerKey],
  "a consumer secret after an equals sign": ["token", `--consumer-secret=${shop.consumerSecret}`],
  "a secret as the option --secret": ["doctor", "--secret", shop.consumerSecret],
  "a password": ["token", "--password", shop.consumerSecret],
})) {
  test(`${what} is a misuse, and the error does not repeat it`, () =>
    misused(args, `unknown option ${args[1].split("=")[0]}`, /never taken as an argument: other users/));
}

test("a key and a secret as arguments are a misuse, and the error does not repeat them", async () => {
  const why = /never taken as an argument: other users/;
  const { consumerKey, consumerSecret } = shop;
  await misused(["token", consumerKey, consumerSecret], "token takes no arguments but options", why);
  await misused(["simulate", consumerSecret], "simulate takes no arguments but options", why);
  await misused([consumerKey], "unknown command [not shown: it may be a secret]", /--help/);
  await misused(["token", `--${consumerKey}`], "unknown option [not shown: it may be a secret]", /./);
  await misused(["token", `-${consumerKey}`], "unknown option -C", /./);
});

test("an unknown environment is a misuse, and the error does not repeat it", async () => {
  const sentence = "--environment: expected sandbox or production, found something else";
  await misused(["token", "--environment", shop.consumerSecret], sentence, /another host is given with --base-url/);
});

test("options that exclude each other are a misuse", async () => {
  const target = ["--environment", "sandbox", "--base-url", "http://127.0.0.1:1"];
  await misused(["token", ...target], "--environment and --base-url exclude each other", /chooses the Daraja/);
  await misused(["token", "--json", "--header"], "--json and --header exclude each other", /accessToken/);
  for (const name of ["--try-production", "--probe-supersession"]) {
    await misused(["doctor", "--no-token", name], `${name} and --no-token exclude each other`, /asks for tokens/);
  }
});

test("a value that is out of range, or is not a whole number, is a misuse, and the error does not repeat it", async () => {
  for (const [option, value, range] of [
    ["--port", "65536", "0 to 65535"],
    ["--port", "8o80", "0 to 65535"],
    ["--token-lifetime", "0", "1 to 86400"],
    ["--seed", "4294967296", "0 to 4294967295"],
    ["--grace", "1.5", "0 to 86400000"],
  ]) {
    const sentence = `${option}: expected a whole number from ${range}, found something else`;
    await misused(["simulate", option, value], sentence, /^Write it in digits\.$/);
  }
});
