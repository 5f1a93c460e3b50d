#!/usr/bin/env node
// The command line: finds the command, and turns its result into an exit code.
import { readFileSync } from "node:fs";
import { didYouMean } from "../pkg/internal.js";
import { read, shown } from "./arguments.js";
import { Failure, Interrupted, UsageError } from "./failure.js";
import { print, printError } from "./terminal.js";
import { layOut, widthOf } from "./wrap.js";

const COMMANDS = {
  token: () => import("./token.js"),
  simulate: () => import("./simulate.js"),
  doctor: () => import("./doctor.js"),
  status: () => import("./status.js"),
  serve: () => import("./serve.js"),
  run: () => import("./run.js"),
};

const HELP = `Usage: daraja-auth <command> [options]

Access tokens for Safaricom's Daraja (M-PESA) API.

  token       prints an access token
  simulate    serves a simulated Daraja on this machine
  doctor      finds out why there is no token
  status      shows the state of the token that your servers share
  serve       serves one live token to programs in any language
  run         runs a program, and makes it use the live token

  daraja-auth <command> --help  what a command does, and its options
  daraja-auth help credentials  where key, secret and store are found
  daraja-auth --version         the version of this package

Examples:

  npx daraja-auth simulate
  npx daraja-auth doctor --no-token
  curl -H "Authorization: Bearer $(npx daraja-auth token)" …

Exit codes: 0 done; 1 refused or failed; 2 misused, nothing was sent.
`;

const SEE_HELP = "daraja-auth --help lists the commands.";

/** @param {string[]} argv */
async function main([name, ...args]) {
  if (name === undefined) {
    process.stderr.write(layOut(HELP, widthOf(process.stderr)));
    return 2;
  }
  if (["--version", "-v"].includes(name)) return writeOut(`${version()}\n`);
  if (["--help", "-h", "help"].includes(name)) return writeHelp(await helpOf(args[0]));
  const command = await load(name);
  // The arguments after -- are the command line of the program that `run` starts.
  const end = name === "run" && args.includes("--") ? args.indexOf("--") : args.length;
  const own = args.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) return writeHelp(command.help);
  return command.run(read(name, own, command.options), args.slice(end + 1));
}

function load(name) {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]();
  if (name.startsWith("-")) throw new UsageError("a command is expected before the options", SEE_HELP);
  throw new UsageError(`unknown command ${shown(name)}${didYouMean(name, Object.keys(COMMANDS))}`, SEE_HELP);
}

async function helpOf(topic) {
  if (topic === undefined) return HELP;
  return (topic === "credentials" ? await import("./help-credentials.js") : await load(topic)).help;
}

const writeHelp = (text) => writeOut(layOut(text, widthOf(process.stdout)));

function writeOut(text) {
  process.stdout.write(text);
  return 0;
}

function version() {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

/** Prints an error that a command threw, and returns its exit code. */
function exitCodeOf(error) {
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof Failure || error?.name === "DarajaError") {
    printError(error);
    return error.exitCode ?? (error.code === "ERR_DARAJA_INVALID_OPTION" ? 2 : 1);
  }
  // This is a bug of the command. The message could quote a secret, so only the lines of the stack are printed.
  const places = String(error?.stack)
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  const sentence = `daraja-auth failed (${error?.name}). Please report it with these lines:`;
  print([`ERR_DARAJA_INTERNAL: ${sentence}`, ...places].join("\n"));
  return 1;
}

process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ { code }) => {
  // The reader has stopped reading, as `head` does. The command decides what that means.
  if (code === "EPIPE") return;
  print(`${code}: stdout cannot be written`);
  process.exit(1);
});
process.stderr.on("error", () => {});

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf);
