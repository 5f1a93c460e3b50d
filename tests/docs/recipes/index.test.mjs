// The recipes as documents: each is in the index, short, and tested.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../support/packed.mjs";

const folder = join(root, "docs", "recipes");
const names = readdirSync(folder).filter((name) => name !== "README.md");
const read = (name) => readFileSync(join(folder, name), "utf8");

/** A reader has a recipe beside an editor, so a recipe has at most this many lines. */
const SCREEN = 80;

test("the index names every recipe", () => {
  for (const name of names) assert.ok(read("README.md").includes(`](${name})`), name);
});

test("each recipe fits on a screen", () => {
  for (const name of names) assert.ok(read(name).split("\n").length <= SCREEN, name);
});

test("each recipe is run by a test", () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
    .join("");
  for (const name of names.map((file) => file.slice(0, -".md".length))) {
    assert.match(tests, new RegExp(`filesOf\\("${name}"\\)|^  ${name}: `, "m"), name);
  }
});
