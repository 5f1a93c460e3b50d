// daraja-auth doctor: finds out why there is no token.
import {
  BASE_URLS,
  baseUrlOf,
  complete,
  help as credentialsHelp,
  options as credentialsOptions,
  find,
  named,
  optionsOf,
} from "./credentials.js";
import { isRefused, judgeCredentials, judgeElsewhere, judgeSwap } from "./doctor/credentials.js";
import { skip } from "./doctor/finding.js";
import { judgeMachine, wasmHere } from "./doctor/machine.js";
import { judgeClock, judgeNetwork } from "./doctor/network.js";
import { attempt, businessCall, network, objection, sharing, surroundings } from "./doctor/probes.js";
import { Report } from "./doctor/report.js";
import { judgeRestraint, judgeShared, judgeStore } from "./doctor/store.js";
import { judgeSupersession } from "./doctor/supersession.js";
import { judgeVariables } from "./doctor/variables.js";
import { UsageError } from "./failure.js";
import { isLoopback } from "./listen.js";
import { canAsk } from "./prompt.js";
import { sharedToken } from "./shared-token.js";

export const options = {
  json: { type: "boolean" },
  "no-token": { type: "boolean" },
  "try-production": { type: "boolean" },
  "probe-supersession": { type: "boolean" },
  ...credentialsOptions,
};

export const help = `Usage: daraja-auth doctor [options]

Finds out why there is no token.

  --no-token            checks everything else; asks for no token, so it ends none
  --try-production      if the sandbox refuses the pair, tries it on production; that ends the token in use there
  --probe-supersession  finds out whether a new token ends the last; only on the sandbox or on loopback
  --json                prints a report for programs; asks nothing on the terminal
  -h, --help            prints this
${credentialsHelp}

It looks at the variables, the network, the firewall and the clock, and then asks Daraja for a token.
That ends the token in use there, also the one that your servers use; --no-token asks for none.
With DARAJA_STORE it checks the store, too. Then it asks Daraja only if your servers would.
It never prints a secret or a token.

Examples:

  npx daraja-auth doctor --no-token
  npx daraja-auth doctor --environment production --json

Exit codes: 0 all is well, perhaps with warnings; 1 something failed; 2 misused; 130 Ctrl-C.
`;

export async function run(values) {
  const found = find(values);
  refuse(values, found);
  const report = new Report(process.stdout, values.json ?? false);
  const around = surroundings();
  const wasm = wasmHere();
  report.add(judgeMachine({ ...around, wasm }));
  // The requests below need the package's module.
  if (wasm !== "there") {
    report.add([skip("credentials", "no token was asked for, because of the above")]);
    return report.end(undefined) ? 0 : 1;
  }
  if (canAsk() && !values.json) await complete(found);

  const daraja = await import("../pkg/node.js");
  const { generateToken } = daraja;
  const objections = await objectionsTo(generateToken, found);
  report.add(judgeVariables({ ...around, found, objections, dotenv: values.dotenv }));
  const baseUrl = objections.target ? undefined : baseUrlOf(found);
  if (baseUrl) {
    const facts = await network(generateToken, baseUrl);
    report.add([...judgeNetwork(baseUrl.host, facts), ...judgeClock(facts)]);
  }
  const { store, ...shared } = await sharing(found, baseUrl);
  try {
    report.add(judgeStore({ ...shared, platform: around.platform }));
    if (report.hasFailed) report.add([skip("credentials", "no token was asked for, because of the above")]);
    else if (values["no-token"]) report.add([skip("credentials", "no token was asked for, as --no-token says")]);
    else if (store && baseUrl) await askForShared(store, { found, baseUrl, report });
    else await askForTokens(daraja, { values, found, baseUrl, report });
  } finally {
    await store?.close();
  }
  const { environment = "sandbox" } = optionsOf(found);
  const target = baseUrl && { ...(found.baseUrl.length === 0 && { environment }), host: baseUrl.host };
  return report.end(target) ? 0 : 1;
}

/** Refuses options that exclude each other or the target, before anything is sent. */
function refuse(values, found) {
  const demanding = ["try-production", "probe-supersession"].find((name) => values[name]);
  if (demanding && values["no-token"]) {
    throw new UsageError(
      `--${demanding} and --no-token exclude each other`,
      "The first asks for tokens, the second for none.",
    );
  }
  if (demanding && found.store.length > 0) {
    const hint = "It asks for tokens outside the store, and each one ends the token that is in use.";
    throw new UsageError(`--${demanding} and DARAJA_STORE exclude each other`, hint);
  }
  const baseUrl = baseUrlOf(found);
  const isHarmless = !baseUrl || baseUrl.origin === BASE_URLS.sandbox || isLoopback(baseUrl.hostname);
  if (values["probe-supersession"] && !isHarmless) {
    const hint = "It ends the token in use twice, and calls a business API. Use --environment sandbox.";
    throw new UsageError(`--probe-supersession: only on the sandbox or on loopback, and this is ${baseUrl.host}`, hint);
  }
}

/** The errors of generateToken for the target and for the pair, without a request. */
async function objectionsTo(generateToken, found) {
  const { consumerKey, consumerSecret, ...target } = optionsOf(found);
  const to = async (options) => {
    const error = await objection(generateToken, options);
    return error && named(error, found);
  };
  const pair = await to({ consumerKey, consumerSecret });
  return { pair, target: await to({ consumerKey: "key", consumerSecret: "secret", ...target }) };
}

/** Gets the token as servers do, so that no token in use ends. */
async function askForShared(store, { found, baseUrl: { host }, report }) {
  report.note(
    "credentials",
    `asking ${store.name} for the shared token; if it has none, or one that is due, ${host} grants one`,
  );
  const { grant, error } = await attempt((options) => sharedToken(store, options), optionsOf(found));
  if (grant && !grant.isAsked) return report.add(judgeShared(store.name));
  report.add(judgeCredentials(host, { grant: grant?.token, error }));
  if (isRefused({ error })) report.add(judgeRestraint());
}

/** Asks for a token. If the pair is refused, looks for the reason. With --probe-supersession, probes that, too. */
async function askForTokens(daraja, { values, found, baseUrl, report }) {
  const { generateToken } = daraja;
  const given = optionsOf(found);
  const { host } = baseUrl;
  report.note("credentials", `asking ${host} for a token; the one in use there, if there is one, stops working`);
  const result = await attempt(generateToken, given);
  report.add(judgeCredentials(host, result));

  if (isRefused(result)) {
    report.note("swap", "trying them the other way round");
    const swapped = { ...given, consumerKey: given.consumerSecret, consumerSecret: given.consumerKey };
    const swap = await attempt(generateToken, swapped);
    const names = [found.consumerKey[0].name, found.consumerSecret[0].name];
    report.add(judgeSwap(names, swap));
    if (!swap.grant && !given.baseUrl) report.add(await lookElsewhere(generateToken, { values, found, report }));
  }
  if (!values["probe-supersession"]) return;
  if (!result.grant) report.add([skip("supersession", "not probed: there is no token")]);
  else report.add(await probe(daraja, given, baseUrl, result.grant, report));
}

/** Tries the other environment, but production only with --try-production. */
async function lookElsewhere(generateToken, { values, found, report }) {
  const given = optionsOf(found);
  const { environment: chosen = "sandbox" } = given;
  const other = chosen === "sandbox" ? "production" : "sandbox";
  const how = found.environment[0]?.name ?? "DARAJA_ENVIRONMENT";
  const isAllowed = other === "sandbox" || values["try-production"];
  if (!isAllowed) return judgeElsewhere({ chosen, other, how });
  report.note("environment", `trying them on ${other}; if it accepts them, the token in use there stops working`);
  return judgeElsewhere({ chosen, other, how }, await attempt(generateToken, { ...given, environment: other }));
}

async function probe(daraja, given, baseUrl, grant, report) {
  report.note("supersession", "asking for a second token, and calling a business API with both");
  const first = await businessCall(daraja, baseUrl, grant.accessToken);
  const { grant: next, error } = await attempt(daraja.generateToken, given);
  if (error) return [skip("supersession", `not known: ${error.message}`)];
  const firstAgain = await businessCall(daraja, baseUrl, grant.accessToken);
  return judgeSupersession({ first, firstAgain, second: await businessCall(daraja, baseUrl, next.accessToken) });
}
