// Starts the packed `daraja-auth simulate` as a process.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run, serve } from "../support/child.mjs";
import { project } from "../support/packed.mjs";

/** Installs the package in a new project, which is named after the test file. */
export function installed(name) {
  const folder = project(name, { "package.json": { private: true } });
  const modules = join(folder, "node_modules", "daraja-auth");
  const program = join(modules, "bin", "daraja-auth.js");
  let records = 0;
  return {
    folder,
    modules,
    /** What a command prints. */
    async prints(...args) {
      const { stdout } = await run(process.execPath, [program, ...args], { cwd: folder });
      return stdout;
    },
    /**
     * Serves the simulator, with the arguments given, until the test ends: `{ url, app }`, its first sample app.
     *
     * `requests()` stops it and gives its requests and how they ended, as `{ request, response, outcome }`.
     */
    async simulate(t, ...args) {
      const record = join(folder, `record-${++records}.jsonl`);
      const ready = /on (http:\S+) .* DARAJA_CONSUMER_KEY=(\S+).* DARAJA_CONSUMER_SECRET=(\S+)\n/s;
      const command = [program, "simulate", "--port", "0", "--record", record, ...args];
      const { match, stop } = await serve(process.execPath, command, { ready, cwd: folder });
      const [, url, consumerKey, consumerSecret] = match;
      let stopping;
      const stopOnce = () => (stopping ??= stop());
      t.after(stopOnce);
      return {
        url,
        app: { consumerKey, consumerSecret },
        async requests() {
          await stopOnce();
          const lines = readFileSync(record, "utf8").split("\n").slice(0, -1);
          return lines.map((line) => JSON.parse(line));
        },
      };
    },
  };
}
