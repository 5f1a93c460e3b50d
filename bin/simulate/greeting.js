// The text that `simulate` prints when it listens.
import { paint } from "../terminal.js";

/**
 * The variables that lead to the simulator, and to one of its apps.
 *
 * @param {string} url
 * @param {{ consumerKey: string, consumerSecret: string }} app
 * @returns {[string, string][]}
 */
export const variablesOf = (url, { consumerKey, consumerSecret }) => [
  ["DARAJA_BASE_URL", url],
  ["DARAJA_CONSUMER_KEY", consumerKey],
  ["DARAJA_CONSUMER_SECRET", consumerSecret],
];

/**
 * @param {string} url
 * @param {object} facts
 * @param {number} facts.seed
 * @param {readonly import("../../pkg/simulator.js").SimulatedApp[]} facts.apps
 * @param {string} [facts.file] the file of --apps
 * @param {string[]} facts.faults
 * @param {string} [facts.envFile] the file of --write-env
 */
export function greeting(url, { seed, apps, file, faults, envFile }) {
  const { bold, dim } = paint(process.stdout);
  const keys = process.stdin.isTTY ? "; here, h + Enter lists the keys" : "";
  const [first, ...others] = apps;
  // The secrets of the samples are public. Those in a file may be real, so they are not shown.
  /** @type {[string, string][]} */
  const variables = file ? [["DARAJA_BASE_URL", url]] : variablesOf(url, first);
  const credentials = file
    ? [`  ${dim(`# and the credentials of one of ${file}'s apps: ${apps.map((app) => app.name).join(", ")}`)}`]
    : [
        "",
        `This is the sample app ${first.name}. The others:`,
        ...others.map((app) => `  ${app.name}  ${app.consumerKey}  ${app.consumerSecret}`),
      ];
  return `${[
    `A simulated Daraja listens on ${bold(url)} (seed ${seed}); Ctrl-C stops it. To use it:`,
    "",
    ...(envFile === undefined
      ? exportLines(variables, process.platform)
      : [`  node --env-file=${envFile} pay.mjs`, "", `${envFile} has the variables now.`]),
    ...credentials,
    ...(file === undefined ? ["", `In a browser, this address shows the demo page${keys}.`] : []),
    ...(faults.length > 0 ? ["", `Faults that are on: ${faults.join(", ")}.`] : []),
  ].join("\n")}\n\n`;
}

/**
 * The lines that set the variables in the shells of the platform.
 *
 * @param {[string, string][]} variables
 * @param {string} platform
 */
export function exportLines(variables, platform) {
  if (platform !== "win32") return variables.map(([name, value]) => `  export ${name}=${value}`);
  return [
    "In PowerShell:",
    ...variables.map(([name, value]) => `  $env:${name} = "${value}"`),
    "In cmd:",
    ...variables.map(([name, value]) => `  set ${name}=${value}`),
  ];
}
