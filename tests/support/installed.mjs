// Imports the packed package as a user's program does, and checks how its calls end.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { consumerKey, consumerSecret } from "./daraja-server.mjs";
import { project } from "./packed.mjs";

/** Imports the package's entries from a new project, which is named after the test file. */
export function installed(name) {
  const source = 'export * from "daraja-auth";\nexport * from "daraja-auth/simulator";\n';
  const folder = project(`node-${name}`, { "index.mjs": source });
  return import(pathToFileURL(join(folder, "index.mjs")).href);
}

export const credentials = { consumerKey, consumerSecret };
export const encoded = Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");
export const accessToken = "c9SQxWWhmdVRlyh0zh8gZDTkubVF";

/** Daraja's answer with a token. */
export const granted = (expiresIn = "3599") => Response.json({ access_token: accessToken, expires_in: expiresIn });

/** Gives the error with which a promise rejects. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  return assert.fail(`expected a rejection, got ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
}

/** Checks that a promise rejects with a DarajaError of that code, message and further fields, and gives it. */
export async function rejects(promise, code, message, fields = {}) {
  const error = await rejection(promise);
  const { name, code: actualCode, message: actualMessage } = error ?? {};
  assert.deepEqual({ name, code: actualCode, message: actualMessage }, { name: "DarajaError", code, message });
  assert.ok(error instanceof Error);
  assert.match(error.hint, /\.$/);
  for (const [field, value] of Object.entries(fields)) assert.deepEqual(error[field], value, field);
  return error;
}

/** Lets pending promises and callbacks run. It does not wait for timers or for the network. */
export async function settled() {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}
