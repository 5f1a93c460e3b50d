// Judges the credentials and the target that were found, before anything is sent.
import { meantEnvironment, VARIABLES } from "../credentials.js";
import { fail, ok, warn } from "./finding.js";

const QUOTE = "[\"'`\u2018-\u201f]";
const QUOTED = new RegExp(`^\\s*${QUOTE}|${QUOTE}\\s*$`);
/** Characters that look like a space, or that are not visible. */
const BLANK = "[\\s\u200b-\u200d\u2060\ufeff]";
const PADDED = new RegExp(`^${BLANK}|${BLANK}$`);
const SPACED = new RegExp(`\\S${BLANK}+\\S`);
/** Texts of tutorials and templates, and variables that no shell has expanded. */
const PLACEHOLDER =
  /^(your|my|insert|enter|replace|paste|add)[\s_-]|consumer[\s_-]?(key|secret)|change[\s_-]?me|placeholder|^<.*>$|^\$\{?\w+\}?$|^x+$|^\.{3}|^(todo|none|key|secret)$/i;
/** References that secret managers, dotenvx, sops, CI systems, Azure and AWS write in place of a secret. */
const REFERENCE = new RegExp(
  [
    /^[a-z][\w+.-]*:\/\/\S/,
    /^(?:op|vault|secrets?|secretref|ref|sops|kms|aws-?sm|ssm|gcp-?sm|sm|bws|akv|azurekeyvault|keyvault|keychain|keyring|doppler|infisical|gopass|cmd):\S/,
    /^(?:encrypted|enc):\S/,
    /^ENC\[/,
    /^@Microsoft\.\w+\(/,
    /^arn:aws[\w-]*:/,
    /^projects\/[^/]+\/secrets\//,
    /^\/run\/secrets\//,
    /^(?:process\.env|secrets|env)\.\w+$/,
    /^\$?\{\{.*\}\}$/,
    /^\{?\$?env:/,
    /^%(?:\w+|env\(.*\))%$/,
    /^\$\([\w.]+\)$/,
    /^#\{.*\}#?$/,
    /^__\w+__$/,
    /^\[(?:\[.*\]|object \w+)\]$/,
    /^!(?:Ref|GetAtt|Sub|secret)\s/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);
const WORDS = { consumerKey: "consumer key", consumerSecret: "consumer secret" };
/** The lengths of keys and secrets that Daraja is known to have issued. They are a hint, not a rule. */
const LENGTHS = [
  { key: 48, secret: 64 },
  { key: 32, secret: 16 },
];
/**
 * Judges what `find` found. `objections` are generateToken's errors for the pair and for the target.
 */
export function judgeVariables({ found, objections, hasDotenv = false, dotenv }) {
  const { credentials: lookalikes = [], target = [] } = found.lookalikes ?? {};
  const pair = ["consumerKey", "consumerSecret"];
  const findings = [
    ...pair.flatMap((option) => judgePresence(option, found[option], { lookalikes, hasDotenv, dotenv })),
    ...pair.flatMap((option) => (found[option].length > 0 ? judgeValue(option, found[option][0]) : [])),
    ...Object.keys(VARIABLES).flatMap((option) => judgeRivals(found[option] ?? [])),
    ...judgePair(found.consumerKey[0], found.consumerSecret[0]),
  ];
  const failed = findings.some(({ level }) => level === "fail");
  if (!failed && objections.pair) findings.push(objected("unusable", objections.pair));
  else if (!failed)
    findings.push(ok("variables", `${pair.map((option) => labelOf(found[option][0])).join(" and ")} can be sent`));
  findings.push(...judgeChoice(found), ...judgeLookalikes(target), judgeTarget(found, objections.target));
  return findings;
}

function judgePresence(option, [used], { lookalikes, hasDotenv, dotenv }) {
  const [name] = VARIABLES[option];
  if (used?.from === "the terminal") {
    return [warn("variables", "unset", `${name} is not set; it was asked for`, "Set it where your program runs.")];
  }
  if (used) return [];
  const kind = name.endsWith("_KEY") ? "KEY" : "SECRET";
  const similar = lookalikes.filter((lookalike) => lookalike.toUpperCase().includes(kind));
  const remedy = [
    `Set it to the app's ${WORDS[option]}, from My Apps on the Daraja portal.`,
    similar.length > 0 && `${similar.join(" and ")}: set, but not read.`,
    hasDotenv && !dotenv && "The .env in this folder does not set it, or was not read.",
    dotenv && `${dotenv} does not set it either.`,
  ];
  return [fail("variables", "unset", `${name} is not set`, remedy.filter(Boolean).join(" "))];
}

function judgeValue(option, used) {
  const { value } = used;
  const label = labelOf(used);
  const failed = (problem, what, remedy) => [fail("variables", problem, `${label} ${what}`, remedy)];
  if (value === "") return failed("empty", "is set to nothing", `Set it to the app's ${WORDS[option]}.`);
  if (/^(undefined|null)$/.test(value)) {
    return failed(
      "undefined",
      `is the text "${value}"`,
      "A program turned a missing value into text. Set the value there.",
    );
  }
  if (/^(basic|bearer)\s/i.test(value)) {
    return failed(
      "header",
      "is an Authorization header",
      `Set it to the ${WORDS[option]} alone. The header is made from key and secret.`,
    );
  }
  if (REFERENCE.test(value.trim())) {
    const remedy =
      "Start the program through the tool that fills in the value, such as op run, dotenvx run or your cloud's settings. " +
      "Or set the value itself.";
    return failed("reference", "is a reference to a secret, and nothing has put the value in its place", remedy);
  }
  if (isBase64OfText(value.trim())) {
    const remedy =
      "Decode it once: base64 --decode. In a Kubernetes manifest, stringData takes the value as it is. If it holds key " +
      "and secret together, set each in its own variable.";
    return failed("base64", "looks like the base64 of the value", remedy);
  }
  if (PLACEHOLDER.test(value)) {
    return failed("placeholder", "is a placeholder", "Put the value from My Apps on the Daraja portal in its place.");
  }
  const findings = [];
  if (QUOTED.test(value)) {
    const remedy =
      "Remove them. docker --env-file and CI settings keep quotation marks that a shell or a .env file drops.";
    findings.push(...failed("quoted", "has quotation marks around it", remedy));
  }
  if (PADDED.test(value)) {
    findings.push(
      ...failed(
        "whitespace",
        "has whitespace around it",
        "Remove the space, the line break or the invisible character.",
      ),
    );
  }
  if (hasControl(value.trim())) {
    const remedy = "Copy the value again. In a .env file, look for a quotation mark that is not closed.";
    findings.push(...failed("control-character", "has a line break or another control character in it", remedy));
  } else if (SPACED.test(value)) {
    findings.push(
      warn("variables", "inner-space", `${label} has a space in it`, "Daraja's values have none. Copy it again."),
    );
  }
  if (option === "consumerKey" && value.includes(":")) {
    findings.push(
      ...failed("colon", "has a colon in it", "It may hold key and secret together: each has its own variable."),
    );
  }
  if (/[^\s\p{ASCII}]/u.test(value.replace(new RegExp(`${BLANK}|${QUOTE}`, "g"), ""))) {
    const remedy = "Daraja's values are plain letters and digits. Copy it again.";
    findings.push(warn("variables", "no-ascii", `${label} has a character outside ASCII`, remedy));
  }
  return findings;
}

/** Warns of other values of the same option. */
function judgeRivals([used, ...rivals]) {
  if (!used || ["the command line", "the terminal"].includes(used.from)) return [];
  return rivals
    .filter(({ value }) => value !== used.value)
    .map((rival) => {
      const message = `${both(used, rival)} differ; ${used.from === rival.from ? used.name : placed(used)} is used`;
      return warn("variables", "conflict", message, "Unset the one that is not meant.");
    });
}

function judgePair(key, secret) {
  if (!key?.value || !secret?.value) return [];
  if (key.value === secret.value) {
    const remedy = "Copy both again from My Apps on the Daraja portal.";
    return [fail("variables", "same", `${labelOf(key)} and ${labelOf(secret)} are the same`, remedy)];
  }
  const findings = [];
  const prefix = ({ name }) => name.split("_")[0];
  const isMixed = key.from !== secret.from || prefix(key) !== prefix(secret);
  if (isMixed && ![key.from, secret.from].includes("the terminal")) {
    const message = `the pair is mixed: ${both(key, secret)}`;
    findings.push(warn("variables", "mixed", message, "Set both in one place, under names that begin alike."));
  }
  const isReversed = (length) => key.value.length === length.secret && secret.value.length === length.key;
  if (LENGTHS.some(isReversed)) {
    const message = "the key is as long as secrets are, and the secret as long as keys are";
    findings.push(warn("variables", "maybe-swapped", message, "Key and secret may be swapped."));
  }
  return findings;
}

/** Warns of a base URL that replaces an environment, unless the command line gave it. */
function judgeChoice({ environment: [environment], baseUrl: [baseUrl] }) {
  if (!environment || !baseUrl || baseUrl.from === "the command line") return [];
  const message = `${both(environment, baseUrl)} are both set; ${labelOf(baseUrl)} is used`;
  return [warn("target", "conflict", message, "Unset the one that is not meant.")];
}

/** Warns of variables that look as if they choose an environment, but are not read. */
function judgeLookalikes(names) {
  if (names.length === 0) return [];
  const message = `${names.join(" and ")}: set, but not read`;
  const remedy = "Set DARAJA_ENVIRONMENT to sandbox or production.";
  return [warn("target", "lookalike", message, remedy)];
}

function judgeTarget(found, objection) {
  const {
    environment: [environment],
    baseUrl: [baseUrl],
  } = found;
  if (objection) {
    const meant = environment && meantEnvironment(environment.value);
    if (!objection.message.startsWith(environment?.name)) return objected("base-url", objection);
    const finding = objected("environment", objection);
    return meant ? { ...finding, remedy: `Set it to ${meant}, in lower case and without quotation marks.` } : finding;
  }
  if (baseUrl) return ok("target", `${new URL(baseUrl.value).host}, as ${labelOf(baseUrl)} says`);
  if (environment) return ok("target", `${environment.value}, as ${labelOf(environment)} says`);
  return ok("target", "sandbox, since DARAJA_ENVIRONMENT is not set");
}

/**
 * Whether a text is the base64 of a key, of a secret, or of both. The decoded length must fit, since a key itself may
 * look like base64.
 */
function isBase64OfText(text) {
  if (!/^[\w+/-]{16,}={0,2}$/.test(text)) return false;
  const bytes = Buffer.from(text, "base64");
  const isWhole = bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  const decoded = bytes.toString("latin1").trim();
  const hasLength = LENGTHS.some(({ key, secret }) => [key, secret].includes(decoded.length));
  return isWhole && /^[\w+/=:-]+$/.test(decoded) && (hasLength || decoded.includes(":"));
}

const objected = (problem, { message, hint }) => fail("variables", problem, message, hint);

function labelOf(used) {
  return ["the environment", "the terminal", "the command line"].includes(used.from) ? used.name : placed(used);
}

const placed = ({ name, from }) => `${name} of ${from}`;

/** The names of two values, with their places if these differ. */
function both(one, other) {
  return [one, other].map((used) => (one.from === other.from ? used.name : placed(used))).join(" and ");
}

function hasControl(text) {
  return [...text].some((character) => character < " " || character === "\u007f");
}
