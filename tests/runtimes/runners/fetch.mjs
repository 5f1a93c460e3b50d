import { generateToken } from "daraja-auth";

const answers = [Response.json({ access_token: "mocked", expires_in: "3599" }), new Response(null, { status: 400 })];
const outcomes = [];
for (const answer of answers) {
  // The test replaces fetch after the import, and again after a call, because each call must read the global.
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
