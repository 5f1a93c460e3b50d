// The page that every bundler builds and every browser opens, and its expected outcome.
import { readdirSync, readFileSync } from "node:fs";
import { suiteProject } from "../runtimes/project.mjs";
import { answers, consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { project } from "../support/packed.mjs";

const folder = new URL("page/", import.meta.url);
const source = (name) => readFileSync(new URL(name, folder), "utf8");
const pages = Object.fromEntries(readdirSync(folder).map((name) => [name, source(name)]));

/** A folder with the page's sources and the packed package. */
export const pageProject = (name) =>
  project(name, { ...pages, "package.json": { type: "module" }, "public/favicon.ico": "" });

/** The same pages without a bundler, and without an import map, which a strict policy forbids. */
export function plainProject(name, daraja) {
  const file = (name) => JSON.stringify(`./node_modules/daraja-auth/pkg/${name}.js`);
  const plain = Object.entries(pages).map(([path, text]) => [
    path,
    text.replace('"daraja-auth"', file("index")).replace('"daraja-auth/simulator"', file("simulator")),
  ]);
  const settings = { baseUrl: daraja.baseUrl, consumerKey, consumerSecret, answers: answers.map(asPagesSeeIt) };
  return suiteProject(name, daraja, [], {
    ...Object.fromEntries(plain),
    "settings.mjs": `export default ${JSON.stringify(settings)};\n`,
  });
}

/**
 * Browsers hide the status of a redirect from a page. They hide Retry-After of another origin too: CORS does not expose
 * it.
 */
function asPagesSeeIt(answer) {
  const { retryAfterMs, ...expect } = answer.expect;
  return { ...answer, expect: expect.code === "ERR_DARAJA_REDIRECT" ? { ...expect, status: undefined } : expect };
}

/** The page's address. It contains the address of Daraja. */
export function address(site, { baseUrl }) {
  const redirect = answers.find(({ expect }) => expect.code === "ERR_DARAJA_REDIRECT").name;
  const told = { baseUrl, consumerKey, consumerSecret, redirect: `/answers/${encodeURIComponent(redirect)}` };
  return `${site}#${encodeURIComponent(JSON.stringify(told))}`;
}

export const expected = {
  fields: ["accessToken", "expiresIn", "expiresAt"],
  accessToken: "c9SQxWWhmdVRlyh0zh8gZDTk",
  expiresIn: 3599,
  frozen: true,
  wrongSecret: { ours: true, code: "ERR_DARAJA_INVALID_CREDENTIALS", status: 400 },
  silence: { ours: true, code: "ERR_DARAJA_TIMEOUT" },
  // A page is never shown a redirect's status.
  redirect: { ours: true, code: "ERR_DARAJA_REDIRECT" },
  aborted: { isTheReason: true },
};

/**
 * The line that Chromium prints for an answer with an error status. The page gets one such answer, for a wrong secret.
 */
export const expectedInChromium = [
  "error: Failed to load resource: the server responded with a status of 400 (Bad Request)",
];
