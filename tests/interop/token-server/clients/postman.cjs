// newman runs our Postman collection: it gets a token and uses it, again and again.
const { join } = require("node:path");
const newman = require("newman");

const folder = join(__dirname, "..", "..", "..", "..", "postman");
const { DARAJA_URL, DARAJA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET, CALLS } = process.env;
const values = { baseUrl: DARAJA_URL, consumerKey: DARAJA_CONSUMER_KEY, consumerSecret: DARAJA_CONSUMER_SECRET };
const options = {
  collection: join(folder, "daraja-auth.postman_collection.json"),
  environment: join(folder, "sandbox.postman_environment.json"),
  envVar: Object.entries(values).map(([key, value]) => ({ key, value })),
  folder: ["Get a token", "Use the token"],
  iterationCount: Number(CALLS),
};
newman.run(options, (error, { run }) => {
  if (error) throw error;
  const counts = { accepted: 0, refused: 0, failed: 0 };
  for (const { item, response, assertions } of run.executions) {
    if (item.name !== "Use the token") continue;
    if (String(response?.stream).includes("404.001.03")) counts.refused += 1;
    else counts[assertions.some(({ error }) => error) ? "failed" : "accepted"] += 1;
  }
  console.log(JSON.stringify(counts));
});
