// node firefox.mjs <executable> <url>: opens the page in Firefox and prints its outcome and its console as JSON.
import { launch } from "puppeteer-core";

const [executablePath, url] = process.argv.slice(2);
const browser = await launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  const lines = [];
  page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => lines.push(`uncaught: ${error}`));
  await page.goto(url);
  const text = await page.waitForSelector("#outcome", { timeout: 60_000 });
  const outcome = JSON.parse(await text.evaluate((element) => element.textContent));
  process.stdout.write(JSON.stringify({ outcome, lines }));
} finally {
  await browser.close();
}
