// Measures what is downloaded: the tarball, the entries and the module, and what a bundle takes.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { packed } from "../tests/support/packed.mjs";
import { printSizes } from "./table.mjs";

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

export async function benchSizes({ folder }) {
  const size = (name, ...files) => {
    const all = files.map((file) => readFileSync(join(folder, "node_modules/daraja-auth/pkg", file)));
    const sum = (of) => all.reduce((total, bytes) => total + of(bytes), 0);
    return { name, raw: sum((bytes) => bytes.length), gzip: sum(gzipped) };
  };
  const bundle = async (name, contents) => {
    const options = { bundle: true, write: false, minify: true, format: "esm", logLevel: "silent" };
    const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: folder } });
    return { name, raw: outputFiles[0].contents.length, gzip: gzipped(outputFiles[0].contents) };
  };
  const tarball = statSync(packed()).size;
  printSizes("Sizes, the same on every machine", [
    { ...size("the default entry", "index.js"), budget: 48 * 1024 },
    { ...size("the workerd entry and its module", "workerd.js", "daraja_auth.wasm"), budget: 40 * 1024 },
    size("the CommonJS entry", "index.cjs"),
    size("the module alone", "daraja_auth.wasm"),
    size("daraja-auth/node", "node-fetch.js"),
    await bundle("a bundle with generateToken alone", 'export { generateToken } from "daraja-auth";'),
    await bundle("a bundle with TokenManager, too", 'export { generateToken, TokenManager } from "daraja-auth";'),
    { name: "the packed tarball", raw: tarball, gzip: tarball, budget: 600_000 },
  ]);
}
