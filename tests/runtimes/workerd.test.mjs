// workerd, which runs Cloudflare Workers, runs the package's files without a bundler, with an old and the current date.
import { execFileSync } from "node:child_process";
import { dirname, relative } from "node:path";
import { before } from "node:test";
import { fileURLToPath } from "node:url";
import { compatibilityDate, version } from "workerd";
import { suiteProject } from "./project.mjs";
import { worksInWorkerd } from "./workers.mjs";

let folder;
let modules;
before(() => {
  folder = suiteProject("workerd", { baseUrl: "" }, ["worker.mjs"]);
  const pathOf = (name) => {
    const resolve = `console.log(import.meta.resolve("${name}"))`;
    const args = ["--conditions=workerd", "--input-type=module", "--eval", resolve];
    const entry = fileURLToPath(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim());
    return relative(folder, entry);
  };
  const [client, simulator] = [pathOf("daraja-auth"), pathOf("daraja-auth/simulator")];
  modules = [
    { path: "worker.mjs" },
    { path: "suite.mjs" },
    // workerd has no node_modules, so each bare name is a module that exports the resolved one.
    { path: "daraja-auth", contents: `export * from "./${client}";` },
    { path: "daraja-auth/simulator", contents: `export * from "../${simulator}";` },
    { path: client },
    { path: `${dirname(client)}/daraja_auth.wasm` },
    { path: simulator },
    { path: `${dirname(simulator)}/simulator.wasm` },
  ];
});

// With the old date, workerd throws on options of fetch that Node accepts, `cache` among them.
for (const date of ["2024-01-01", compatibilityDate]) {
  worksInWorkerd(`workerd (${version}), compatibility date ${date}`, () => ({ folder, modules, date }));
}
