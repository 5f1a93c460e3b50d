// The names of members that hold secrets in requests and answers, of Daraja and of other APIs.

const ANYWHERE = /pass[_.-]?(?:word|wd|phrase|key|code)|pwd|secret|credential/i;
const AT_THE_END =
  /tokens?$|(?:consumer|client|api|app|access|private|signing|encryption)[_.-]?key$|client[_.-]?id$|(?:^|[_.-])(?:pin|otp|cvv)$/i;
/** The last word in camel case. "shipPin" matches, "mapping" does not. */
const LAST_WORD = /[a-z\d](?:Pin|PIN|Otp|OTP|CVV)$/;

/**
 * Whether a member with this name holds a secret.
 *
 * @param {string} name
 */
export const isSecret = (name) => ANYWHERE.test(name) || AT_THE_END.test(name) || LAST_WORD.test(name);
