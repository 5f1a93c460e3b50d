// Runs a worker with a Durable Object in workerd until standard input ends. It is a separate program, because miniflare
// needs a newer Node than the tests. Its argument is JSON: { script, folder }. `script` is a bundled module. `folder`
// keeps the objects.
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const { script, folder } = JSON.parse(process.argv[2]);
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: true,
    script,
    compatibilityDate: "2024-01-01",
    durableObjects: { DARAJA_TOKENS: { className: "DarajaTokenObject", useSQLite: true } },
    resourcePersistencePath: folder,
    kvNamespaces: ["KV"],
    cf: false,
    telemetry: { enabled: false },
  }),
);
process.stdin.resume().once("end", () => miniflare.dispose());
console.log(`ready at ${await miniflare.ready}`);
