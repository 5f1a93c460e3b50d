import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build, transform } from "esbuild";
import { project, root } from "../support/packed.mjs";

const FILE_IMPORTS = ["node:crypto", "node:fs", "node:fs/promises", "node:path", "daraja-auth"];
const ENTRIES = {
  "pkg/index.js": [],
  "pkg/index.cjs": [],
  "pkg/node.js": ["./node.cjs"],
  "pkg/node.cjs": ["./index.cjs"],
  "pkg/workerd.js": ["./daraja_auth.wasm"],
  "pkg/edge-light.js": ["./daraja_auth.wasm?module"],
  "pkg/node-fetch.js": ["node:http", "node:https", "node:stream", "node:zlib"],
  "pkg/node-fetch.cjs": ["node:http", "node:https", "node:stream", "node:zlib"],
  "pkg/internal.js": [],
  "pkg/env.workerd.js": ["daraja-auth"],
  "pkg/simulator.js": ["./index.js"],
  "pkg/simulator.cjs": ["./index.cjs", "node:fs", "node:path"],
  "pkg/simulator.node.js": ["./simulator.cjs"],
  "pkg/simulator.workerd.js": ["./workerd.js", "./simulator.wasm"],
  "pkg/simulator.edge-light.js": ["./edge-light.js", "./simulator.wasm?module"],
};
/** The entry `env` lets the command line's module open the store that DARAJA_STORE names. */
const ENV_IMPORTS = ["node:path", "daraja-auth", "../bin/store.js"];
const OTHERS = ["axios", "pool", "env", "redis", "postgres", "durable-object", "dynamodb", "file", "testing"];
for (const name of OTHERS) {
  // The imports are in esbuild's order. The entries `file` and `env` are only for Node and similar runtimes.
  const imports = { file: FILE_IMPORTS, env: ENV_IMPORTS }[name] ?? ["daraja-auth"];
  for (const ending of ["js", "cjs"]) ENTRIES[`pkg/${name}.${ending}`] = imports;
}
const FILES = [
  "CHANGELOG.md",
  "README.md",
  "package.json",
  "pkg/daraja_auth.wasm",
  "pkg/index.d.cts",
  "pkg/index.d.ts",
  "pkg/node.d.ts",
  "pkg/simulator.node.d.ts",
  "pkg/node-fetch.d.cts",
  "pkg/node-fetch.d.ts",
  "pkg/simulator.d.cts",
  "pkg/simulator.d.ts",
  ...["favicon.svg", "index.html", "page.css", "page.js"].map((name) => `pkg/page/${name}`),
  "pkg/simulator.wasm",
  ...OTHERS.flatMap((name) => [`pkg/${name}.d.cts`, `pkg/${name}.d.ts`]),
  ...Object.keys(ENTRIES),
];
/** The scripts that npm would run on a user's machine: the first three at each install, the others at one from git. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
const PLACES = [root, homedir(), "/root/", "/home/", "/Users/", "\\Users\\", ".cargo/", ".rustup/"];

describe("the tarball", () => {
  let made;
  let folder;
  let files;
  let read;
  before(() => {
    made = project(`tarball-${process.pid}`);
    folder = join(made, "node_modules", "daraja-auth");
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .sort();
    read = (file) => readFileSync(join(folder, file), "latin1");
  });
  after(() => rmSync(made, { recursive: true, force: true }));

  test("contains the entries, both modules, the typings, the page, the command line, the documents and the Postman files, and nothing else", () => {
    const licences = files.filter((file) => /^LICENSE[-A-Z]*$/.test(file));
    assert.notDeepEqual(licences, []);
    const whole = ["bin", "docs", "postman"].flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        // On npm, the README shows the picture from the repository.
        .filter((file) => file !== "docs/page.png"),
    );
    assert.deepEqual(files, [...FILES, ...whole, ...licences].sort());
  });

  test("has no dependencies, and runs nothing when it is installed", () => {
    const manifest = JSON.parse(read("package.json"));
    for (const kind of ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"]) {
      assert.equal(manifest[kind], undefined, kind);
    }
    assert.deepEqual(
      Object.keys(manifest.scripts).filter((name) => INSTALL_SCRIPTS.includes(name)),
      [],
    );
  });

  test("has a file at every path its manifest names", () => {
    const { exports, main, module, types, typesVersions, bin } = JSON.parse(read("package.json"));
    const paths = [];
    const collect = (value) => (typeof value === "string" ? paths.push(value) : Object.values(value).forEach(collect));
    collect([exports, main, module, types, typesVersions, bin]);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(folder, path))),
      [],
    );
  });

  test("has pkg/internal.js for the command line only: no entry names it", () => {
    assert.ok(!JSON.stringify(JSON.parse(read("package.json")).exports).includes("internal"));
  });

  for (const [entry, imports] of Object.entries(ENTRIES)) {
    test(`has ${entry}, which imports ${imports.join() || "nothing"}, and no import.meta or top-level await`, async () => {
      const { metafile } = await build({
        entryPoints: [join(folder, entry)],
        bundle: true,
        external: ["*"],
        format: "esm",
        metafile: true,
        write: false,
        logLevel: "silent",
      });
      const [output] = Object.values(metafile.outputs);
      // Several files of the package may import the same file.
      const paths = new Set(output.imports.map(({ path }) => path));
      assert.deepEqual([...paths], imports);
      assert.ok(!read(entry).includes("import.meta"));
      // esbuild refuses a top-level await in a CommonJS module.
      await transform(read(entry), { format: "cjs", logLevel: "silent" });
    });
  }

  for (const entry of ["index", "simulator", "node-fetch", ...OTHERS]) {
    test(`keeps the names of ${entry}'s exports after minification, for stack traces`, async () => {
      for (const ending of ["js", "cjs"]) {
        const exported = Object.entries(await import(join(folder, "pkg", `${entry}.${ending}`)));
        for (const [name, value] of exported) {
          // In its own file, the `fetch` of daraja-auth/node has another name than the global function.
          const expected = name === "fetch" ? "nodeFetch" : name;
          if (typeof value === "function") assert.equal(value.name, expected, `${name} of ${entry}.${ending}`);
        }
      }
    });
  }

  test("contains no path of the machine that built it", () => {
    for (const file of files) {
      const text = read(file);
      for (const place of PLACES) assert.ok(!text.includes(place), `${file} holds ${place}`);
    }
  });

  test("has one version, in Cargo.toml, Cargo.lock, package.json, package-lock.json and CHANGELOG.md", () => {
    const text = (file) => readFileSync(join(root, file), "utf8");
    const { version } = JSON.parse(read("package.json"));
    assert.equal(text("Cargo.toml").match(/^version = "(.*)"$/m)[1], version);
    assert.equal(text("Cargo.lock").match(/^name = "daraja-auth"\nversion = "(.*)"$/m)[1], version);
    assert.equal(JSON.parse(text("package-lock.json")).packages[""].version, version);
    const released = text("CHANGELOG.md").match(/^## .*?(\d+\.\d+\.\d+\S*?)\]?(?: |$)/m);
    assert.equal(released?.[1], version, "the newest entry of CHANGELOG.md");
  });
});
