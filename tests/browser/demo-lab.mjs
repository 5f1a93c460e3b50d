// The walk through the failure lab and the tables below it.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

/** For each fault, the error that the package must give, and the status of Daraja's answer, if there is one. */
const FINDINGS = {
  "wrong-secret": ["ERR_DARAJA_INVALID_CREDENTIALS", 400],
  swapped: ["ERR_DARAJA_INVALID_CREDENTIALS", 400],
  "other-environment": ["ERR_DARAJA_INVALID_CREDENTIALS", 400],
  whitespace: ["ERR_DARAJA_INVALID_OPTION", undefined],
  "empty-400": ["ERR_DARAJA_INVALID_CREDENTIALS", 400],
  "basic-lost": ["ERR_DARAJA_INVALID_CREDENTIALS", 400],
  "grant-type-lost": ["ERR_DARAJA_INVALID_GRANT_TYPE", 400],
  "wrong-path": ["ERR_DARAJA_REFUSED", 404],
  redirect: ["ERR_DARAJA_REDIRECT", 302],
  "blocked-403": ["ERR_DARAJA_BLOCKED", 403],
  "blocked-503": ["ERR_DARAJA_BLOCKED", 503],
  "blocked-200": ["ERR_DARAJA_BLOCKED", 200],
  "spike-arrest": ["ERR_DARAJA_RATE_LIMITED", 429],
  quota: ["ERR_DARAJA_RATE_LIMITED", 500],
  busy: ["ERR_DARAJA_RATE_LIMITED", 500],
  "rate-limited": ["ERR_DARAJA_RATE_LIMITED", 429],
  unavailable: ["ERR_DARAJA_UNAVAILABLE", 503],
  maintenance: ["ERR_DARAJA_UNAVAILABLE", 503],
  latency: ["ERR_DARAJA_TIMEOUT", undefined],
  hang: ["ERR_DARAJA_TIMEOUT", undefined],
  cut: ["ERR_DARAJA_NETWORK", 200],
  truncated: ["ERR_DARAJA_MALFORMED_RESPONSE", 200],
  portal: ["ERR_DARAJA_MALFORMED_RESPONSE", 200],
  "wrong-type": ["a token", 200],
};

/** The fields of the error that the lab shows. */
async function fields(demo) {
  const [names, values] = [await demo.texts(".error .fields dt"), await demo.texts(".error .fields dd")];
  return Object.fromEntries(names.map((name, i) => [name, JSON.parse(values[i])]));
}

export const walk = {
  "the lab has a fault of each kind, and the first is open": async (demo) => {
    const ids = await demo.page.$$eval(".fault", (buttons) => buttons.map(({ dataset }) => dataset.id));
    assert.deepEqual(ids, Object.keys(FINDINGS));
    await demo.finding("wrong-secret");
    assert.equal(await demo.text("#lab-news"), "");
  },

  ...Object.fromEntries(
    Object.entries(FINDINGS).map(([id, [outcome, status]]) => [
      `the fault ${id} shows ${status ?? "no answer"} and ${outcome}`,
      async (demo) => {
        await demo.pick(id);
        const name = await demo.text('.fault[aria-pressed="true"]');
        assert.equal(await demo.text("#lab-news"), `${name}: ${outcome}`);
        const statuses = await demo.texts("#finding .status");
        assert.deepEqual(statuses, status === undefined ? [] : [`HTTP status ${status}`]);
        if (outcome === "a token") {
          assert.match(await demo.text("#finding"), /"accessToken": "\w{28}"/);
          return;
        }
        assert.equal(await demo.text("#finding .code"), outcome);
        assert.match(await demo.text("#finding .hint"), /^Hint .{20}/);
      },
    ]),
  ),

  "an error shows the fields that it has": async (demo) => {
    await demo.pick("rate-limited");
    assert.deepEqual(await fields(demo), { status: 429, retryable: true, retryAfterMs: 30_000, attempts: 1 });
    await demo.pick("grant-type-lost");
    const { requestId, ...rest } = await fields(demo);
    assert.match(requestId, /^[\d-]+$/);
    assert.deepEqual(rest, { status: 400, errorCode: "400.008.02", retryable: false, attempts: 1 });
    await demo.pick("blocked-403");
    assert.match((await fields(demo)).incidentId, /^\d+-\d+$/);
  },

  "the received part of a body that breaks off is shown": async (demo) => {
    await demo.pick("cut");
    assert.match(await demo.text("#finding .response pre"), /\{"access_token.* \(here it broke off\)$/s);
  },

  "the package's table has every code that a fault gives, with its hint": async (demo) => {
    const codes = await demo.texts("#codes th code");
    const expected = Object.values(FINDINGS).map(([outcome]) => outcome);
    assert.deepEqual(codes.toSorted(), [...new Set(expected)].filter((code) => code !== "a token").toSorted());
    for (const hint of await demo.texts("#codes td:nth-of-type(1)")) assert.match(hint, /.{20}/);
  },

  "the tables lead to the lab": async (demo) => {
    await demo.click('[data-fault="grant-type-lost"]');
    await demo.finding("grant-type-lost");
    assert.equal(await demo.page.evaluate(() => document.activeElement.id), "lab-title");
    await demo.clickButton("#codes tr:last-child", "See it");
    await demo.finding("truncated");
    assert.equal(await demo.page.evaluate(() => document.activeElement.id), "lab-title");
  },

  "the secret stays out of the lab": async (demo, { apps }) => {
    const { consumerSecret } = apps.find(({ environment }) => environment === "sandbox");
    await demo.pick("whitespace");
    assert.ok(!(await demo.text("#lab")).includes(consumerSecret));
    await demo.pick("wrong-secret");
    assert.match(await demo.text("#finding .request"), /Authorization: Basic ••••••••/);
  },

  ...clean,
};
