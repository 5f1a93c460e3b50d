// Runs several workers in workerd until standard input ends. Each worker has its own isolate. All workers share one
// namespace of Durable Objects. This file is a separate program, because miniflare needs a newer Node than the tests.
// The program's argument is JSON: { folder, modules: [{ path, contents? }], isolates, settings }.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { compatibilityDate } from "workerd";

const { folder, modules, isolates, settings } = JSON.parse(process.argv[2]);
const compatible = { compatibilityDate, modulesRoot: folder };
const [owner] = isolates;

const workers = isolates.map((name) => ({
  ...compatible,
  name,
  modules: modules.map(({ path, contents = readFileSync(join(folder, path)) }) => ({
    type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
    path: join(folder, path),
    contents,
  })),
  bindings: { settings },
  durableObjects: {
    DARAJA_TOKENS: { className: "DarajaTokenObject", useSQLite: true, ...(name !== owner && { scriptName: owner }) },
  },
}));
/** Passes each request to the isolate that its first path segment names. */
const front = {
  ...compatible,
  name: "front",
  modules: [
    {
      type: "ESModule",
      path: join(folder, "front.mjs"),
      contents: `export default {
        fetch(request, env) {
          const url = new URL(request.url);
          const [, name, ...rest] = url.pathname.split("/");
          return env[name].fetch(new Request(new URL("/" + rest.join("/"), url), request));
        },
      };`,
    },
  ],
  serviceBindings: Object.fromEntries(isolates.map((name) => [name, name])),
};

const miniflare = new Miniflare(
  convertV4MiniflareOptions({ workers: [front, ...workers], cf: false, telemetry: { enabled: false } }),
);
process.stdin.resume().once("end", () => miniflare.dispose());
console.log(`ready at ${await miniflare.ready}`);
