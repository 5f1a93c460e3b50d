import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createServer } from "vite";
import { startDaraja } from "../support/daraja-server.mjs";
import { needs, startChromium } from "./browsers.mjs";
import { bundlers, viteLogger } from "./bundlers.mjs";
import { address, expected, expectedInChromium, pageProject } from "./page.mjs";
import { serve } from "./site.mjs";

describe("a page in Chromium, bundled without an option for WebAssembly", needs("chromium"), () => {
  let daraja;
  let folder;
  let chromium;
  before(async () => {
    daraja = await startDaraja();
    folder = pageProject(`bundlers-${process.pid}`);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await daraja?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, bundle] of Object.entries(bundlers)) {
    test(`the page from ${name} gets a token and the expected errors, and prints nothing to the console itself`, async () => {
      const { site, warnings } = await bundle(folder);
      assert.deepEqual(warnings, []);
      const server = await serve(site);
      try {
        const { outcome, lines } = await chromium.visit(address(server.url, daraja));
        assert.deepEqual(outcome, expected);
        assert.deepEqual(lines, expectedInChromium);
      } finally {
        await server.close();
      }
    });
  }

  test("the page from Vite's dev server gets a token and the expected errors, and prints nothing to the console itself", async () => {
    const { customLogger, warnings } = viteLogger();
    const server = { host: "127.0.0.1", port: 0 };
    const vite = await createServer({ root: folder, configFile: false, customLogger, server });
    try {
      await vite.listen();
      const url = `http://127.0.0.1:${vite.httpServer.address().port}/`;
      const { outcome, lines } = await chromium.visit(address(url, daraja));
      assert.deepEqual(outcome, expected);
      assert.deepEqual(
        lines.filter((line) => !line.startsWith("debug: [vite]")),
        expectedInChromium,
      );
      assert.deepEqual(warnings, []);
    } finally {
      await vite.close();
    }
  });
});
