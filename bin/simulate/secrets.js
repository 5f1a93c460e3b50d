// Keeps secrets out of the log and out of the record.

const REDACTED = "[redacted]";

/** Names under which Daraja's requests and answers, and other APIs', have secrets, or what is made of one. */
const NAMES =
  "\\w*password|security_?credential|pass_?key|(?:consumer|client|api|app)[_-]?key|[\\w-]*secret|client[_-]?id|(?:\\w+_)?token|access_?token";
const SECRET_NAME = new RegExp(`^(?:${NAMES})$`, "i");
const IN_FORM = new RegExp(`\\b(${NAMES})=[^&\\s"\\\\]*`, "gi");
/** Of JSON: a string, whose end may be missing, and the colon that makes it a name; a bracket; a number or a word. */
const PART = /"((?:[^"\\]|\\.)*)(?:"(\s*:)?|\\?$)|[[{]|[\]}]|[^\s"[\]{},:]+/gs;
/** What the ledger leaves of a token. */
const NUMBERED = /^\[token \d+\]$/;
/** The value of a header Authorization, wherever it stands. */
const AUTHORIZATION = /\b(basic|bearer)\s+[\w+/=~.-]{16,}/gi;
/** What looks like a key, and what a colon joins to it; identifiers of Daraja's have something else in between. */
const KEY = /(?=[A-Za-z]*\d)[0-9A-Za-z]{24,}=*(?::[^\s"'&,;]+)?/g;
/** What looks like a key or a token where nobody expects one: a long run, or a shorter one with a digit. */
const RUN = /[\w+=~-]{24,}|(?=[+=~A-Za-z_-]*\d)[\w+=~-]{16,}/g;
/** Shorter ones are no credentials of Daraja's, and stand in other words. */
const MIN_LENGTH = 8;

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
    const known = [credentials, consumerKey, rest.join(":"), ...this.#apps]
      .filter(({ length }) => length >= MIN_LENGTH)
      .flatMap(spellings);
    // The longest first: a short one may be a part of it.
    known.sort((a, b) => b.length - a.length);
    const mask = (text) => {
      const numbered = this.#ledger.mask(text);
      const without = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), numbered);
      return maskMembers(without, mask)
        .replace(IN_FORM, `$1=${REDACTED}`)
        .replace(AUTHORIZATION, `$1 ${REDACTED}`)
        .replace(KEY, REDACTED);
    };
    return mask;
  }
}

/** A text in which nobody expects a key, without any that is there nevertheless. */
export const withoutKeys = (text) => text.replace(RUN, REDACTED);

/** Whether what goes by that name is a secret. */
export const isSecret = (name) => SECRET_NAME.test(name);

/** JSON, whole or not, without the values of its secret members; all else stays as it is written. */
function maskMembers(json, mask) {
  let isHidden = false;
  /** How many brackets are open in a hidden value. */
  let depth = 0;
  return json.replace(PART, (part, text, colon) => {
    if ("[{".includes(part)) {
      if (isHidden) depth++;
      return part;
    }
    if ("]}".includes(part)) {
      if (depth > 0) depth--;
      isHidden = depth > 0;
      return part;
    }
    const value = text === undefined ? part : decoded(text);
    if (colon) {
      if (depth === 0) isHidden = isSecret(value);
      return part;
    }
    if (!isHidden) {
      if (text === undefined) return part;
      // It may be JSON itself, escaped once more.
      const masked = mask(value);
      return masked === value ? part : JSON.stringify(masked);
    }
    isHidden = depth > 0;
    return NUMBERED.test(value) ? part : JSON.stringify(REDACTED);
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
