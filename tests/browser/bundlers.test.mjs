import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer } from "vite";
import { startDaraja } from "../daraja.mjs";
import { needs, startChromium, visitInFirefox } from "./browsers.mjs";
import { bundlers, viteLogger } from "./bundlers.mjs";
import { address, expected, expectedInChromium, pageProject } from "./page.mjs";
import { serve } from "./site.mjs";

describe("a page bundled without a word about WebAssembly", () => {
  let daraja;
  let folder;
  before(async () => {
    daraja = await startDaraja();
    folder = pageProject(`bundlers-${process.pid}`);
  });
  after(async () => {
    await daraja?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function bundled(name) {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    assert.deepEqual(await bundlers[name](folder), [], `${name} warns of nothing`);
    return serve(join(folder, "dist"));
  }

  describe("in Chromium", needs("chromium"), () => {
    let chromium;
    before(async () => {
      chromium = await startChromium();
    });
    after(() => chromium?.close());

    for (const name of Object.keys(bundlers)) {
      test(`${name}: gets its token and its errors, and logs nothing of its own`, async () => {
        const site = await bundled(name);
        try {
          const { outcome, lines } = await chromium.visit(address(site.url, daraja));
          assert.deepEqual(outcome, expected);
          assert.deepEqual(lines, expectedInChromium);
        } finally {
          await site.close();
        }
      });
    }

    test("Vite's dev server: gets its token and its errors, and logs nothing of its own", async () => {
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

  test("esbuild's bundle in Firefox: the same, and an empty console", needs("firefox"), async () => {
    const site = await bundled("esbuild");
    try {
      const { outcome, lines } = await visitInFirefox(address(site.url, daraja));
      assert.deepEqual(outcome, expected);
      assert.deepEqual(lines, []);
    } finally {
      await site.close();
    }
  });
});
