// The walk that copies each code example of the demo page and runs it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { clean } from "./demo-clean.mjs";

const NODE = [process.execPath, "--input-type=module", "-"];
/** For each example, the program that runs it, with arguments that make it read standard input. */
const KINDS = { curl: ["bash", "-s"], fetch: NODE, php: ["php"], python: ["python3", "-"], package: NODE };
/** The program that each example needs on the PATH. An example without its program does not run, but in CI it fails. */
const NEEDED = { curl: "curl", php: "php", python: "python3" };

/** Copies one of the examples, as a person does. */
async function copied(demo, kind) {
  await demo.page.$eval(`#code input[value="${kind}"]`, (radio) => radio.parentElement.click());
  const code = await demo.copy("#code", "the code");
  assert.equal(code, await demo.text("#code-text"));
  return code;
}

/** Runs an example in a project with the package, with an app's keys in its environment. Gives its output. */
function run(kind, code, { consumerKey, consumerSecret }, root) {
  const env = { ...process.env, DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
  const [program, ...args] = KINDS[kind];
  const { stdout, stderr, status } = spawnSync(program, args, { input: code, cwd: root, env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

export const walk = {
  "each code example is copied, names the variables that hold the keys, and contains no secret": async (
    demo,
    { apps, place },
  ) => {
    for (const kind of Object.keys(KINDS)) {
      const code = await copied(demo, kind);
      assert.ok(code.includes(place), code);
      for (const name of ["DARAJA_CONSUMER_KEY", "DARAJA_CONSUMER_SECRET"]) assert.ok(code.includes(name), code);
      for (const { consumerKey, consumerSecret } of apps) {
        assert.ok(!code.includes(consumerKey) && !code.includes(consumerSecret));
      }
    }
  },

  "the copied code runs as a program, and its token ends the page's token": async (demo, settings) => {
    const [app] = settings.apps;
    const isInCi = process.env.CI === "true";
    const isHere = (program) => isInCi || program === undefined || spawnSync(program, ["--version"]).status === 0;
    const kinds = Object.keys(KINDS).filter((kind) => isHere(NEEDED[kind]));
    for (const [i, kind] of kinds.entries()) {
      // The tokens that the examples get count too.
      const number = 2 * i + 1;
      await demo.generate(number);
      assert.match(await demo.use(number), /^Accepted/);
      const printed = run(kind, await copied(demo, kind), app, settings.root);
      assert.match(printed, /[A-Za-z0-9]{28}/);
      assert.match(printed, /3599/);
      await demo.page.waitForSelector(`[data-number="${number + 1}"]`);
      assert.deepEqual((await demo.states()).slice(0, 2), [`Token ${number + 1}: Live`, `Token ${number}: Dead`]);
      assert.match(await demo.use(number), /^Rejected: HTTP 404 · 404\.001\.03/);
    }
  },

  ...clean,
};
