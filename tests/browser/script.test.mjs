import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { report } from "../runtimes/project.mjs";
import { startDaraja } from "../support/daraja-server.mjs";
import { needs, startChromium } from "./browsers.mjs";
import { address, expected, expectedInChromium, plainProject } from "./page.mjs";
import { serve } from "./site.mjs";

describe("a plain <script type=module> that imports the package's file", needs("chromium"), () => {
  let daraja;
  let folder;
  let chromium;
  before(async () => {
    daraja = await startDaraja();
    folder = plainProject(`script-${process.pid}`, daraja);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await daraja?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page of the folder under a policy that allows only these scripts, and requests to Daraja. */
  async function visit(scripts, page) {
    const policy = `default-src 'none'; script-src ${scripts}; connect-src ${daraja.baseUrl}`;
    const site = await serve(folder, { "content-security-policy": policy });
    try {
      return await chromium.visit(page(site.url));
    } finally {
      await site.close();
    }
  }

  test("works under a policy that allows 'self' and 'wasm-unsafe-eval'", async () => {
    const { outcome, lines } = await visit("'self' 'wasm-unsafe-eval'", (site) => address(site, daraja));
    assert.deepEqual(outcome, expected);
    assert.deepEqual(lines, expectedInChromium);
  });

  test("keeps every promise of the suite under that policy", async (t) => {
    const { outcome } = await visit("'self' 'wasm-unsafe-eval'", (site) => `${site}suite.html`);
    await report(t, outcome);
  });

  test("rejects, and names what is missing, under a policy without 'wasm-unsafe-eval'", async () => {
    const { outcome, lines } = await visit("'self'", (site) => `${site}blocked.html`);
    assert.equal(outcome.length, 2);
    for (const { ours, code, hint } of outcome) {
      assert.deepEqual({ ours, code }, { ours: true, code: "ERR_DARAJA_INTERNAL" });
      assert.match(hint, /'wasm-unsafe-eval'/);
    }
    // This text is Chromium's, and differs between versions.
    for (const line of lines) assert.match(line, /^error: .*Content Security Policy/s);
  });
});
