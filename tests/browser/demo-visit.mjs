// node demo-visit.mjs <settings>: walks through the demo page in a browser, and prints `[{ name, error? }]`.
// The settings are JSON: { browser, path, url, walks, scheme?, … }. `walks` has the names of files in this folder.
import { startBrowser } from "./demo-page.mjs";

const settings = JSON.parse(process.argv[2]);
const browser = await startBrowser(settings);
const results = [];
try {
  for (const name of settings.walks) {
    const { walk, viewport } = await import(`./demo-${name}.mjs`);
    const demo = await browser.open(settings.url, viewport);
    for (const [sentence, check] of Object.entries(walk)) {
      try {
        await check(demo, settings);
        results.push({ name: sentence });
      } catch (error) {
        results.push({ name: sentence, error: error.stack });
      }
    }
    await demo.page.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(results));
