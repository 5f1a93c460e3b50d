// For any answer of a server, generateToken ends with the token in the answer, or with a DarajaError that shows no
// secret.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";

const rows = JSON.parse(readFileSync(new URL("../answers.json", import.meta.url), "utf8"));
const consumerKey = "Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFi";
const consumerSecret = "canary-secret-n720GZim";
const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");
const secrets = [consumerSecret, basic, encodeURIComponent(consumerSecret)];
const echoes = [...secrets, consumerKey, `Basic ${basic}`];

export async function check(random, { generateToken, DarajaError }) {
  const row = random.pick(rows);
  const body = random.mutate(row.bodyRepeated ? row.body.repeat(row.bodyRepeated) : row.body, echoes);
  const status = random.chance(0.7) ? row.status : 200 + random.below(400);
  const headers = new Headers();
  for (const [name, value] of Object.entries(row.headers ?? {})) {
    const changed = random.chance(0.3) ? random.mutate(value, echoes) : value;
    // A changed value with other characters than printable ASCII is left out.
    if (/^[\x20-\x7e]*$/.test(changed)) headers.append(name, changed);
  }
  const isEmpty = [204, 205, 304].includes(status);
  const fetch = async () => new Response(isEmpty ? null : body, { status, headers });
  const outcome = await generateToken({ consumerKey, consumerSecret, fetch, retries: 0 }).catch((error) => error);
  if (outcome instanceof DarajaError) {
    assert.match(outcome.code, /^ERR_DARAJA_/);
    const shown = inspect(outcome, { depth: 9, showHidden: true }) + JSON.stringify(outcome) + outcome.stack;
    for (const secret of secrets) assert.ok(!shown.includes(secret), `the error shows ${secret}: ${shown}`);
    return;
  }
  assert.deepEqual(Object.keys(outcome ?? {}), ["accessToken", "expiresIn", "expiresAt"], inspect(outcome));
  // A Response removes the byte order mark, too.
  const { access_token: sent } = await new Response(body).json();
  assert.equal(outcome.accessToken, sent);
  assert.ok(Number.isInteger(outcome.expiresIn) && outcome.expiresIn > 0);
}
