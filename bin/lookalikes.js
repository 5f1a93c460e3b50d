// Variables whose names people use for the credentials and for the environment, and which nothing here reads.

const API = "(?:daraja|m_?pesa|safaricom)";
const CREDENTIAL = new RegExp(`consumer_?(?:key|secret)|${API}_?(?:(?:app|api|client)_?)?(?:key|secret)`, "i");
const TARGET = new RegExp(
  `^${API}_(?:api_)?(?:env|environment|mode|stage|live|sandbox|production|is_(?:live|sandbox|production)|base_?url|url|host)$`,
  "i",
);

/** The names of such variables among some; `known` are those that are read. */
export function lookalikesIn(variables, known) {
  const names = Object.keys(variables).filter((name) => !known.includes(name) && !name.startsWith("npm_"));
  return {
    credentials: names.filter((name) => CREDENTIAL.test(name)),
    target: names.filter((name) => TARGET.test(name)),
  };
}
