// The fetch of daraja-auth/node gets tokens and makes a business call, by import and by require. Nothing loads undici.
import { createRequire } from "node:module";
import { generateToken, TokenManager } from "daraja-auth";
import { fetch } from "daraja-auth/node";
import settings from "./settings.mjs";

const { answers, ...valid } = settings;
const required = createRequire(import.meta.url)("daraja-auth/node");
for (const given of [fetch, required.fetch]) {
  await generateToken({ ...valid, fetch: given });
  const tokens = new TokenManager({ ...valid, fetch: given });
  const init = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
  const response = await tokens.fetch("/answers/json-400-without-code", init);
  console.log(response.status, typeof (await response.json()));
  tokens.close();
}
// The list of Node's own modules that it has loaded.
console.log(process.moduleLoadList.filter((name) => /undici|webcrypto/.test(name)));
