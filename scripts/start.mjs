// npm start: builds the package if it is missing, and shows it at work against a small server on this machine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./tools.mjs";

if (!existsSync(join(root, "pkg", "index.js"))) {
  run(process.execPath, ["scripts/build.mjs"]);
}
const { generateToken } = await import("../pkg/node.js");
const { consumerKey, consumerSecret, startDaraja } = await import("../tests/daraja.mjs");

const daraja = await startDaraja();
try {
  console.log(`A small server that speaks Daraja's protocol listens on ${daraja.baseUrl}\n`);
  console.log(await generateToken({ consumerKey, consumerSecret, baseUrl: daraja.baseUrl }));
  console.log("\nWith a wrong secret:\n");
  const wrong = { consumerKey, consumerSecret: "wrong", baseUrl: daraja.baseUrl };
  await generateToken(wrong).catch(({ code, message, hint }) => console.log(`${code}: ${message}\n${hint}`));
} finally {
  await daraja.close();
}
