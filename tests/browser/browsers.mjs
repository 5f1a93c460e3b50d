// Real browsers: finds them, opens a page in one of them, and gives the page's outcome and console.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CHROMIUM_FLAGS = [
  ["--disable-gpu", "--disable-quic", "--no-first-run"],
  ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
].flat();

function found(override, names) {
  if (override) return override;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The path of a Node for puppeteer-core, which needs a newer one than the package, or undefined. */
function newerNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  try {
    return createRequire(import.meta.url).resolve("node-24/bin/node");
  } catch {
    return undefined;
  }
}

const paths = {
  chromium: found(process.env.CHROMIUM, ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]),
  firefox: found(process.env.FIREFOX, ["firefox-esr", "firefox"]),
};

/**
 * Options for node:test. Without the browser the test is skipped, but in CI it fails.
 *
 * `isDriven` says whether puppeteer-core drives the browser.
 */
export function needs(browser, { isDriven = browser === "firefox" } = {}) {
  const missing =
    (!paths[browser] && `no ${browser} on PATH (or in ${browser.toUpperCase()})`) ||
    (isDriven && !newerNode() && "puppeteer-core needs Node 22.12, or the optional package node-24");
  if (missing && process.env.CI === "true") throw new Error(missing);
  return { skip: missing || false, timeout: 120_000 };
}

/** The Node that runs puppeteer-core in a separate process, and the path of the browser. */
export function driver(browser) {
  return { node: newerNode(), path: paths[browser] };
}

/** Starts Chromium. `visit(url)` opens a page, and gives the JSON in `#outcome` and every line of the console. */
export async function startChromium() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: paths.chromium,
    chromiumSandbox: false,
    args: CHROMIUM_FLAGS,
  });
  return {
    async visit(url) {
      const page = await browser.newPage();
      const lines = [];
      page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => lines.push(`uncaught: ${error}`));
      try {
        await page.goto(url);
        const text = await page.waitForSelector("#outcome", { timeout: 60_000 }).catch((error) => {
          throw new Error(`${url} said nothing. Its console: ${lines.join("\n")}`, { cause: error });
        });
        return { outcome: JSON.parse(await text.textContent()), lines };
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}

/** The same visit in Firefox, over WebDriver BiDi, in a separate process. */
export async function visitInFirefox(url) {
  const script = fileURLToPath(new URL("firefox.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(newerNode(), [script, paths.firefox, url], { timeout: 100_000 });
  return JSON.parse(stdout);
}
