// The walk through the demo page whose server has a wrong secret.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

export const walk = {
  "Daraja's refusal is shown as it was received, with the error of the package": async (demo) => {
    await demo.click("#generate");
    await demo.until(() => document.querySelector("#news").textContent.startsWith("No token"));
    assert.equal(await demo.text("#news"), "No token: ERR_DARAJA_INVALID_CREDENTIALS");
    assert.match(await demo.text(".traffic .response"), /HTTP status 400.*\(the body is empty\)/s);
    assert.equal(await demo.text(".traffic .error .code"), "ERR_DARAJA_INVALID_CREDENTIALS");
    assert.match(await demo.text(".traffic .error .hint"), /the other environment/);
    assert.deepEqual(await demo.states(), []);
  },

  "the secret is in nothing that the page received": async (demo, { secrets }) => {
    const all = [...(await demo.received()), await demo.page.content()].join("\n");
    assert.ok(all.includes("ERR_DARAJA_INVALID_CREDENTIALS"));
    for (const secret of secrets) assert.ok(!all.includes(secret));
  },

  ...clean,
};
