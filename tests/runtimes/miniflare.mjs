// Runs a worker in workerd until standard input ends. It is a separate program, because miniflare needs a newer Node
// than the tests. Its argument is JSON: { folder, modules: [{ path, contents? }], settings, date? }.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { compatibilityDate } from "workerd";

const { folder, modules, settings, date } = JSON.parse(process.argv[2]);
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: modules.map(({ path, contents = readFileSync(join(folder, path)) }) => ({
      type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: join(folder, path),
      contents,
    })),
    modulesRoot: folder,
    compatibilityDate: date ?? compatibilityDate,
    bindings: { settings },
    cf: false,
    telemetry: { enabled: false },
  }),
);
process.stdin.resume().once("end", () => miniflare.dispose());
console.log(`ready at ${await miniflare.ready}`);
