// Makes projects of the recipes in docs/recipes. Each block of code with a name in the line before becomes a file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project, root } from "../../support/packed.mjs";

const folder = join(root, "docs", "recipes");
const documentOf = (name) => readFileSync(join(folder, `${name}.md`), "utf8");

/** The blocks of code in a recipe, in order: `code`, and `file` if the line before has a file name. */
export function blocksOf(name) {
  const blocks = [...documentOf(name).matchAll(/(?:^([^\n]*)\n\n)?```(\w+)\n(.*?)```/gms)];
  return blocks.map(([, before = "", language, code]) => ({
    language,
    code,
    file: /`([\w./-]+\.\w+)`/.exec(before)?.[1],
  }));
}

/** The files of a recipe, as text by name. */
export const filesOf = (name) =>
  Object.fromEntries(
    blocksOf(name)
      .filter(({ file }) => file)
      .map(({ file, code }) => [file, code]),
  );

/** `payment.js`, which the recipes with a server in JavaScript use. */
export const payment = filesOf("README")["payment.js"];

/** Makes a project of ES modules with the files. */
export const recipeProject = (name, files) =>
  project(`recipe-${name}`, { "package.json": { private: true, type: "module" }, ...files });

/** The variables that a recipe reads. */
export const variablesOf = ({ app, baseUrl }) => ({
  DARAJA_CONSUMER_KEY: app.consumerKey,
  DARAJA_CONSUMER_SECRET: app.consumerSecret,
  DARAJA_BASE_URL: baseUrl,
});

/** Orders a payment at a URL, and gives the status and the body of the answer. */
export async function pay(url, body = { phone: "254712345678", amount: 1 }) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}

/** Gives a function. Each of its calls says how the simulator's requests since the last call ended. */
export function outcomesOf({ simulator }) {
  let seen = 0;
  return () => {
    const latest = simulator.requests.slice(seen).map(({ outcome }) => outcome);
    seen += latest.length;
    return latest;
  };
}
