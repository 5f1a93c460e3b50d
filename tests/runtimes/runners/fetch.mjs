import { generateToken } from "daraja-auth";

const answers = [Response.json({ access_token: "mocked", expires_in: "3599" }), new Response(null, { status: 400 })];
const outcomes = [];
for (const answer of answers) {
  // Replaced after the import, and replaced again after a call: the global is looked up at each.
  globalThis.fetch = async () => answer;
  const call = generateToken({ consumerKey: "key", consumerSecret: "secret" });
  outcomes.push(
    await call.then(
      ({ accessToken }) => accessToken,
      ({ code }) => code,
    ),
  );
}
console.log(...outcomes);
