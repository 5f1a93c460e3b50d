// daraja-auth status: the state of the token that servers share.
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
import { objection } from "./doctor/probes.js";
import { UsageError } from "./failure.js";
import { linesOf } from "./status/lines.js";
import { keyOf, look } from "./status/record.js";
import { openStore } from "./store.js";
import { paint } from "./terminal.js";

export const options = { json: { type: "boolean" }, ...credentialsOptions };

export const help = `Usage: daraja-auth status [options]

Shows the record of the token that your servers share through DARAJA_STORE, without the token.

  --json              prints it for programs; instants are milliseconds since the epoch
  -h, --help          prints this
${credentialsHelp}

It writes nothing, asks Daraja nothing, and needs no consumer secret.
In place of the token it shows a fingerprint: the first 8 hex digits of the SHA-256 of the stored text, which is sealed
if your program seals it.
The state is live, due (for renewal), expired, dead (an API rejected it), empty (no token yet) or none (no record).

Examples:

  DARAJA_STORE=redis://cache:6379 npx daraja-auth status
  npx daraja-auth status --json

Exit codes: 0 the record is shown, or there is none; 1 the store or the record cannot be read; 2 misused; 130 Ctrl-C.
`;

export async function run(values) {
  const found = find(values);
  printLookalikes(found);
  const store = await openStore(found);
  if (!store) {
    const hint = "It is the store that your servers share: redis://…, postgres://… or file:…";
    throw new UsageError("DARAJA_STORE: not set, and without a store no token is shared", hint);
  }
  try {
    await complete(found, ["consumerKey"]);
    const key = await keyFor(found);
    const seen = await look(store, key);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ store: store.name, client: store.client, key, ...seen }, undefined, 2)}\n`
        : linesOf(seen, { store: store.name, client: store.client, key }, paint(process.stdout)),
    );
    return 0;
  } finally {
    await store.close();
  }
}

/** The key of the record in the store. It throws if the consumer key or the target is not valid. */
async function keyFor(found) {
  const { generateToken } = await import("../pkg/node.js");
  const options = { ...optionsOf(found), consumerSecret: "not needed" };
  const error = await objection(generateToken, options);
  if (error) throw named(error, found);
  return await keyOf(baseUrlOf(found), options.consumerKey);
}
