import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/packed.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const section = (file, title) => read(file).split(`\n## ${title}\n`)[1].split("\n## ")[0];
const rows = (text) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim().split("\n");
/** Every document, also one that is not yet committed. */
const documents = git("ls-files", "--cached", "--others", "--exclude-standard", "*.md").filter((file) =>
  existsSync(join(root, file)),
);

test("docs/api.md lists the options of the core, in the same order", () => {
  const [, names] = /macro_rules! names \{\s*\(\) => \{\s*"(.*?)"/.exec(read("crates/core/src/options/mod.rs"));
  assert.deepEqual(
    rows(section("docs/api.md", "Options")).map(([name]) => name.slice(1, -1)),
    names.split(", "),
  );
});

test("docs/errors.md has a row and a section for every code, in the typings' order, and says which are retryable", () => {
  const codes = [...new Set(read("js/error.ts").match(/ERR_DARAJA_\w+/g))];
  const listed = rows(read("docs/errors.md").split("## ")[0]).filter(([code]) => code.startsWith("[`"));
  assert.deepEqual(
    listed.map(([code]) => code),
    codes.map((code) => `[\`${code}\`](#${code.toLowerCase()})`),
  );
  assert.deepEqual(
    [...read("docs/errors.md").matchAll(/^## (.*)$/gm)].map(([, title]) => title),
    codes,
  );
  const retryable = listed.filter(([, , yes]) => yes === "yes").map(([code]) => /ERR_DARAJA_(\w+)/.exec(code)[1]);
  assert.deepEqual(retryable, ["RATE_LIMITED", "UNAVAILABLE", "TIMEOUT", "NETWORK", "STORE_UNAVAILABLE"]);
});

test("docs/errors.md names each error code and gateway text that Daraja is known to send", () => {
  const sections = read("docs/errors.md").split("\n## ").slice(1).join("").toLowerCase();
  for (const { name, status, body } of JSON.parse(read("tests/answers.json"))) {
    if (status < 400 || !body.startsWith("{")) continue;
    const { errorCode = "", fault } = JSON.parse(body);
    // A code without a dot is an HTTP status.
    if (errorCode.includes(".")) assert.ok(sections.includes(errorCode), `${name}: ${errorCode}`);
    const [text = ""] = /^[A-Za-z ]+/.exec(fault?.faultstring ?? "") ?? [];
    assert.ok(sections.includes(text.trim().toLowerCase()), `${name}: ${text}`);
  }
});

test("each version in docs/api.md's table of runtimes is a package of the tests, and each row links to tests", () => {
  const manifests = ["tests/package.json", "tests/matrix/package.json"].map((path) => JSON.parse(read(path)));
  const versions = manifests
    .flatMap(({ dependencies, optionalDependencies }) => Object.values({ ...dependencies, ...optionalDependencies }))
    .map((version) => version.split("@").at(-1));
  for (const [runtime, listed, proofs] of rows(section("docs/api.md", "Runtimes"))) {
    for (const version of listed.split(", ").filter((text) => /^\d/.test(text))) {
      assert.ok(versions.includes(version), `${runtime}: ${version} is not among the tests' packages`);
    }
    assert.match(proofs, /\]\(\.\.\/tests\//, runtime);
  }
});

test("README has at most 150 lines", () => {
  assert.ok(read("README.md").trimEnd().split("\n").length <= 150);
});

test("docs/README.md names every document in its folder", () => {
  for (const name of readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "README.md")) {
    assert.ok(read("docs/README.md").includes(`](${name})`), name);
  }
});

test("every relative link in the documents leads to a path that exists, and its anchor to a heading", () => {
  for (const document of documents) {
    for (const [, target, anchor] of read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const file = target === "" ? document : join(dirname(document), target);
      assert.ok(existsSync(join(root, file)), `${document} links to ${target}`);
      if (anchor === undefined) continue;
      const anchors = [
        ...read(file)
          .replace(/^```.*?^```/gms, "")
          .matchAll(/^#+ (.*)$/gm),
      ].map(([, title]) => anchorOf(title));
      assert.ok(anchors.includes(anchor), `${document} links to ${target}#${anchor}`);
    }
  }
});

/** The anchor that GitHub and npm give a heading. */
const anchorOf = (title) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

test("every path below src, crates, js, scripts or tests that ARCHITECTURE names exists", () => {
  for (const [, name] of read("ARCHITECTURE.md").matchAll(/`((?:src|crates|js|scripts|tests)\/[\w./-]+)`/g)) {
    assert.ok(existsSync(join(root, name)), name);
  }
});

test("no source and no document has a conflict mark, a tab, or a space at the end of a line", () => {
  const tracked = git("ls-files");
  const texts = tracked.filter(
    (file) =>
      /\.(rs|m?js|cjs|md|toml|ts|cts|mts)$/.test(file) && !file.startsWith("pkg/") && existsSync(join(root, file)),
  );
  for (const file of texts) assert.doesNotMatch(read(file), /^(<<<<<<<|>>>>>>>)|\t|[ ]$/m, file);
});
