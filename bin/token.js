// daraja-auth token: an access token on stdout, and nothing else.

import {
  baseUrlOf,
  complete,
  help as credentialsHelp,
  options as credentialsOptions,
  find,
  named,
  optionsOf,
  printLookalikes,
} from "./credentials.js";
import { UsageError } from "./failure.js";
import { sharedToken } from "./shared-token.js";
import { openStore } from "./store.js";
import { warn } from "./terminal.js";

export const options = { json: { type: "boolean" }, header: { type: "boolean" }, ...credentialsOptions };

export const help = `Usage: daraja-auth token [options]

Prints an access token, and nothing else, on stdout.

  --json              prints {"accessToken","expiresIn","expiresAt"}: seconds, and milliseconds since the epoch
  --header            prints Authorization: Bearer …, for curl -H
  -h, --help          prints this
${credentialsHelp}

Each token that Daraja grants ends the one before it, also the one that your servers use.
With DARAJA_STORE it prints the token that they share, and asks Daraja only if they would.
It cannot read a token that your program seals.

Examples:

  curl -H "Authorization: Bearer $(npx daraja-auth token)" …
  npx daraja-auth token --environment production --json

Exit codes: 0 the token is on stdout; 1 refused or failed; 2 misused, nothing was sent; 130 Ctrl-C.
`;

export async function run(values) {
  if (values.json && values.header) {
    throw new UsageError("--json and --header exclude each other", "The JSON has the token as accessToken.");
  }
  const found = find(values);
  printLookalikes(found);
  const store = await openStore(found);
  let token;
  try {
    token = await obtain(found, store);
  } catch (error) {
    throw named(error, found);
  } finally {
    await store?.close();
  }
  const { accessToken } = token;
  const text = values.json
    ? JSON.stringify(token)
    : values.header
      ? `Authorization: Bearer ${accessToken}`
      : accessToken;
  return new Promise((resolve) => process.stdout.write(`${text}\n`, (error) => resolve(error ? 1 : 0)));
}

async function obtain(found, store) {
  const host = baseUrlOf(found)?.host ?? "Daraja";
  const client = store?.client ? ` (by ${store.client})` : "";
  const otherwise = `If it has none, or one that is due, ${host} grants one, which ends all others.`;
  warn(
    store
      ? `Asking ${store.name}${client} for the shared token. ${otherwise}`
      : `Asking ${host} for a token. The token in use there, if there is one, stops working.`,
  );
  await complete(found);
  const options = optionsOf(found);
  if (store) return (await sharedToken(store, options)).token;
  const { generateToken } = await import("../pkg/node.js");
  return generateToken(options);
}
