import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { printSizes } from "./table.mjs";

export function benchSizes({ folder }) {
  const size = (name, ...files) => {
    const all = files.map((file) => readFileSync(join(folder, "node_modules/daraja-auth/pkg", file)));
    const sum = (of) => all.reduce((total, bytes) => total + of(bytes), 0);
    return { name, raw: sum((bytes) => bytes.length), gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length) };
  };
  printSizes("Sizes, the same on every machine", [
    { ...size("the default entry", "index.js"), budget: 24 * 1024 },
    { ...size("the workerd entry and its module", "workerd.js", "daraja_auth.wasm"), budget: 18 * 1024 },
    size("the CommonJS entry", "index.cjs"),
    size("the module alone", "daraja_auth.wasm"),
  ]);
}
