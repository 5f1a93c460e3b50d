// The names under which requests and answers have secrets: Daraja's own, and other APIs'.

const ANYWHERE = /pass[_.-]?(?:word|wd|phrase|key|code)|pwd|secret|credential/i;
const AT_THE_END =
  /tokens?$|(?:consumer|client|api|app|access|private|signing|encryption)[_.-]?key$|client[_.-]?id$|(?:^|[_.-])(?:pin|otp|cvv)$/i;
/** In camel case; "shipPin" has one, "mapping" has none. */
const LAST_WORD = /[a-z\d](?:Pin|PIN|Otp|OTP|CVV)$/;

/**
 * Whether the value of that name is a secret.
 *
 * @param {string} name
 */
export const isSecret = (name) => ANYWHERE.test(name) || AT_THE_END.test(name) || LAST_WORD.test(name);
