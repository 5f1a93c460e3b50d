import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { startDaraja } from "../support/daraja-server.mjs";
import { needs, visitInFirefox } from "./browsers.mjs";
import { bundlers } from "./bundlers.mjs";
import { address, expected, pageProject } from "./page.mjs";
import { serve } from "./site.mjs";

test(
  "esbuild's bundle in Firefox gets a token and the expected errors, and the console has no message",
  needs("firefox"),
  async (t) => {
    const folder = pageProject(`firefox-${process.pid}`);
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const daraja = await startDaraja();
    t.after(() => daraja.close());
    const { site } = await bundlers.esbuild(folder);
    const server = await serve(site);
    t.after(() => server.close());
    const { outcome, lines } = await visitInFirefox(address(server.url, daraja));
    assert.deepEqual(outcome, expected);
    assert.deepEqual(lines, []);
  },
);
