// Keeps secrets out of the log and out of the record.

const REDACTED = "[redacted]";

/** Members of Daraja's requests and answers that are secrets, or made of one. */
const NAMES = "password|initiatorpassword|securitycredential|passkey|consumer_?secret|access_?token";
const SECRET_MEMBER = new RegExp(`^(${NAMES})$`, "i");
const IN_FORM = new RegExp(`\\b(${NAMES})=[^&\\s"\\\\]*`, "gi");
/** A string of JSON, whose end may be missing, and the colon that makes it a name. */
const LITERAL = /"((?:[^"\\]|\\.)*)(?:"(\s*:)?|\\?$)/gs;
/** What the ledger leaves of a token. */
const NUMBERED = /^\[token \d+\]$/;
/** What looks like a key or a token: a long run, or a shorter one with a digit. */
const RUN = /[\w+=~-]{24,}|(?=[+=~A-Za-z_-]*\d)[\w+=~-]{16,}/g;
/** Headers that carry credentials. */
const SECRET_HEADER = /cookie|proxy-authorization|api-?key|secret|token|password/;

/** What may not be shown of the requests to a simulator: its apps' credentials, its tokens, and what requests carry. */
export class Secrets {
  #apps;
  #ledger;

  constructor(apps, ledger) {
    this.#apps = apps.flatMap(({ consumerKey, consumerSecret }) => [consumerKey, consumerSecret]);
    this.#ledger = ledger;
  }

  /** A function that takes out of a text what a request with this header carries, and all that is known besides. */
  maskOf(authorization) {
    const credentials = authorization.replace(/^\S+\s+/, "");
    const pair = /^basic /i.test(authorization) ? Buffer.from(credentials, "base64").toString("utf8") : "";
    const [consumerKey, ...rest] = pair.split(":");
    const known = [credentials, consumerKey, rest.join(":"), ...this.#apps].filter(Boolean).flatMap(spellings);
    // The longest first: a short one may be a part of it.
    known.sort((a, b) => b.length - a.length);
    const mask = (text) => {
      const numbered = this.#ledger.mask(text);
      const without = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), numbered);
      return maskMembers(without, mask).replace(IN_FORM, `$1=${REDACTED}`);
    };
    return mask;
  }
}

/** A text in which nobody expects a key, without any that is there nevertheless. */
export const withoutKeys = (text) => text.replace(RUN, REDACTED);

/** Headers without those that carry credentials. */
export function maskedHeaders(headers, mask) {
  const masked = ([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : withoutKeys(mask(value))];
  return Object.fromEntries(Object.entries(headers).map(masked));
}

/** JSON, whole or not, without the values of its secret members; all else stays as it is written. */
function maskMembers(json, mask) {
  let member = "";
  return json.replace(LITERAL, (literal, text, colon) => {
    const value = decoded(text);
    if (colon) {
      member = value;
      return literal;
    }
    if (SECRET_MEMBER.test(member)) return NUMBERED.test(value) ? literal : JSON.stringify(REDACTED);
    // It may be JSON itself, escaped once more.
    const masked = mask(value);
    return masked === value ? literal : JSON.stringify(masked);
  });
}

function decoded(text) {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

/** How a text may stand in JSON and in a URL. */
function spellings(text) {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())];
}
