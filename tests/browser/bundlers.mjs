// Runs each bundler as its users do: with an entry and an output folder, and without an option for WebAssembly.
import { cpSync } from "node:fs";
import { join } from "node:path";
import nodeResolve from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { createLogger, build as viteBuild } from "vite";
import webpack from "webpack";

/** The bundlers. Each builds the page of a folder into its own site, and gives `{ site, warnings }`. */
export const bundlers = {
  async esbuild(folder) {
    const site = siteWithPage(folder, "esbuild");
    const { warnings } = await esbuild({
      entryPoints: [join(folder, "page.js")],
      outfile: join(site, "page.js"),
      bundle: true,
      format: "esm",
      minify: true,
      absWorkingDir: folder,
      logLevel: "silent",
    });
    return { site, warnings: warnings.map(({ text }) => text) };
  },

  async vite(folder) {
    const { customLogger, warnings } = viteLogger();
    const outDir = join(folder, "vite");
    await viteBuild({ root: folder, build: { outDir }, configFile: false, customLogger, logLevel: "warn" });
    return { site: outDir, warnings };
  },

  async webpack(folder) {
    const site = siteWithPage(folder, "webpack");
    const compiler = webpack({
      mode: "production",
      context: folder,
      entry: "./page.js",
      output: { path: site, filename: "page.js" },
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true });
    return { site, warnings: [...errors, ...warnings].map(({ message }) => message) };
  },

  async rollup(folder) {
    const site = siteWithPage(folder, "rollup");
    const warnings = [];
    const bundle = await rollup({
      input: join(folder, "page.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => warnings.push(message),
    });
    await bundle.write({ file: join(site, "page.js"), format: "es" });
    await bundle.close();
    return { site, warnings };
  },
};

function siteWithPage(folder, name) {
  cpSync(join(folder, "index.html"), join(folder, name, "index.html"));
  return join(folder, name);
}

/** A logger for Vite that keeps the warnings. */
export function viteLogger() {
  const warnings = [];
  const keep = (message) => warnings.push(message);
  const customLogger = { ...createLogger("warn"), info() {}, warn: keep, warnOnce: keep, error: keep };
  return { customLogger, warnings };
}
