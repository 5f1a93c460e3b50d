// The options of the command, checked together.
import { wholeNumber } from "../arguments.js";
import { UsageError } from "../failure.js";
import { isLoopback } from "../listen.js";
import { Certificate } from "./certificate.js";
import { activated, OPEN_HINT } from "./listeners.js";
import { FORMS } from "./log.js";

/** The port before the simulator's. */
export const DEFAULT_PORT = 8253;
export const DEFAULT_DRAIN_MS = 10_000;

/** The settings from the options. It throws UsageError for options that are wrong or exclude each other. */
export function settingsOf(values) {
  const { host = "127.0.0.1", socket, cert, key, log = "text", clients, apps } = values;
  if (!Object.hasOwn(FORMS, log)) {
    throw new UsageError("--log: expected text, json or none, found something else", "The default is text.");
  }
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError("--cert and --key need each other", "Both are files.");
  if (socket !== undefined && (values.port !== undefined || values.host !== undefined)) {
    throw new UsageError("--socket excludes --port and --host", "Start a second server for a second address.");
  }
  if (values["token-file"] !== undefined && apps !== undefined) {
    throw new UsageError("--token-file and --apps exclude each other", "A file holds the token of one app.");
  }
  const isNamed = clients !== undefined || apps !== undefined;
  const isEncrypted = cert !== undefined || values["insecure-network"] === true;
  const isOpen = isNamed && isEncrypted;
  if (socket === undefined && !isLoopback(host) && !isOpen) {
    throw new UsageError(`--host ${host}: other machines reach that address`, OPEN_HINT);
  }
  return {
    host,
    port: wholeNumber(values, "port", 0, 65_535) ?? DEFAULT_PORT,
    socket,
    socketMode: modeOf(values["socket-mode"]),
    sockets: socket === undefined && values.port === undefined && values.host === undefined ? activated() : [],
    isOpen,
    certificate: cert === undefined ? undefined : new Certificate({ cert, key }),
    admin: { port: wholeNumber(values, "admin-port", 0, 65_535), host: values["admin-host"] ?? host },
    proxies: values["trusted-proxy"] ?? [],
    log,
    drainMs: wholeNumber(values, "drain-ms", 0, 3_600_000) ?? DEFAULT_DRAIN_MS,
    clientsFile: clients,
    appsFile: apps,
    tokenFile: values["token-file"],
  };
}

function modeOf(text = "600") {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  throw new UsageError(
    "--socket-mode: expected three octal digits, found something else",
    "600 is for the owner only.",
  );
}
