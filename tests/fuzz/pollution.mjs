// Values on Object.prototype, as a careless merge leaves them, do not change the requests of a manager.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const ORIGIN = "https://sandbox.safaricom.co.ke";
/** The names in the built code that may be names of properties. They are computed, so that no name is forgotten. */
const NAMES = namesIn(["index.js", "simulator.js"]);
/** Names that JavaScript itself or Node's Response reads from Object.prototype. No program works with these. */
const NOT_OURS = new Set(
  "return throw next get set cause headers body status statusText signal duplex then toString valueOf".split(" "),
);

function namesIn(files) {
  const text = files.map((file) => readFileSync(new URL(`../../pkg/${file}`, import.meta.url), "utf8")).join("");
  const found = [...text.matchAll(/[.{,]\s*([a-zA-Z_]\w{1,30})\b/g)].map(([, name]) => name);
  return [...new Set(found)].filter((name) => !(name in {}));
}

export async function check(random, { TokenManager, Simulator }) {
  const simulator = new Simulator();
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const expected = `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`;
  const sent = [];
  // These objects are made first, so that the values affect the package and not this test.
  const granted = JSON.stringify({ access_token: "c9SQxWWhmdVRlyh0zh8gZDTkubVF", expires_in: "3599" });
  const answers = [granted, '{"ok":true}'].map((body) => new Response(body, { status: 200 }));
  const fetch = async (url, init) => {
    sent.push([`${url}`, init.method, init.headers.Authorization ?? init.headers.authorization]);
    return answers[sent.length - 1];
  };
  const names = Array.from({ length: 1 + random.below(4) }, () => random.pick(NAMES)).filter(
    (name) => !NOT_OURS.has(name),
  );
  const value = random.pick(["https://evil.example", -1, true, { deadlineMs: -1 }, [], () => "evil"]);
  const plain = Object.prototype;
  for (const name of names) plain[name] = value;
  let outcome;
  try {
    const tokens = new TokenManager({ consumerKey, consumerSecret, fetch, retries: 0 });
    const response = await tokens.fetch("/mpesa/x", { method: "POST", body: "{}" });
    outcome = response.status;
    tokens.close();
  } catch (error) {
    outcome = error;
  } finally {
    for (const name of names) delete plain[name];
  }
  assert.equal(outcome, 200, `with ${names.join(", ")}: ${outcome?.stack ?? outcome}`);
  assert.deepEqual(sent, [
    [`${ORIGIN}/oauth/v1/generate?grant_type=client_credentials`, "GET", expected],
    [`${ORIGIN}/mpesa/x`, "POST", "Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF"],
  ]);
}
