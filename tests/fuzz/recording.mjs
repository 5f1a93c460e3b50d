// For any body, the text that `daraja-auth simulate` shows and records has no secret, and is not much longer than the
// body. The command makes the text within seconds.
import assert from "node:assert/strict";
import { Ledger } from "../../bin/simulate/ledger.js";
import { Secrets } from "../../bin/simulate/secrets.js";

const KEY = "Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFi";
const SECRET = "s3cretOfTheShop7GZim4x9QkLw2";
const PASSWORD = "hunter2-of-mpesa";
const NAMES = ["password", "Password", "passwd", "pwd", "pin", "secretKey", "SecurityCredential", "access_token", "x"];
/** Far more time than any text needs on a busy machine. An algorithm of quadratic time would need minutes. */
const LIMIT_MS = 5_000;

/** A body with a secret, in one of the forms that clients send, and the secret. */
function bodyOf(random) {
  const name = random.pick(NAMES);
  const hidden = name === "x" ? SECRET : random.pick([SECRET, PASSWORD]);
  const value = random.chance(0.5) ? { [name]: hidden } : { a: random.json([], 2), inner: { [name]: hidden } };
  const form = random.below(5);
  if (form === 0) return { body: JSON.stringify(value), hidden };
  if (form === 1) return { body: JSON.stringify(JSON.stringify(value)), hidden };
  if (form === 2)
    return { body: `${encodeURIComponent(name)}=${encodeURIComponent(hidden)}&b=${random.text()}`, hidden };
  if (form === 3) {
    const nested = "[".repeat(random.below(5_000));
    return { body: `${nested}${JSON.stringify(value)}`, hidden };
  }
  return { body: `${random.text(200).repeat(random.below(200))}${SECRET}`, hidden: SECRET };
}

export async function check(random) {
  const secrets = new Secrets([{ consumerKey: KEY, consumerSecret: SECRET }], new Ledger());
  const basic = Buffer.from(`${KEY}:${SECRET}`).toString("base64");
  const { body, hidden } = bodyOf(random);
  const authorization = random.pick([`Basic ${basic}`, `Bearer ${random.text()}`, ""]);
  const began = performance.now();
  const shown = secrets.maskOf(authorization)(body);
  assert.ok(performance.now() - began < LIMIT_MS, `${body.length} characters took over ${LIMIT_MS} ms`);
  assert.ok(!shown.includes(hidden), `${hidden} is shown in ${shown}`);
  assert.ok(shown.length <= 2 * body.length + 40_000, `${body.length} characters became ${shown.length}`);
}
