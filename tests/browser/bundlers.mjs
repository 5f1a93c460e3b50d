// Each bundler as its users run it: an entry, a folder to write to, and nothing about WebAssembly.
import { cpSync } from "node:fs";
import { join } from "node:path";
import nodeResolve from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { createLogger, build as viteBuild } from "vite";
import webpack from "webpack";

/** Every bundler gives its warnings, and leaves a site in `<folder>/dist`. */
export const bundlers = {
  async esbuild(folder) {
    const { warnings } = await esbuild({
      entryPoints: [join(folder, "page.js")],
      outfile: join(folder, "dist/page.js"),
      bundle: true,
      format: "esm",
      minify: true,
      absWorkingDir: folder,
      logLevel: "silent",
    });
    copyPage(folder);
    return warnings.map(({ text }) => text);
  },

  async vite(folder) {
    const { customLogger, warnings } = viteLogger();
    await viteBuild({ root: folder, configFile: false, customLogger, logLevel: "warn" });
    return warnings;
  },

  async webpack(folder) {
    const compiler = webpack({
      mode: "production",
      context: folder,
      entry: "./page.js",
      output: { path: join(folder, "dist"), filename: "page.js" },
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    copyPage(folder);
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true });
    return [...errors, ...warnings].map(({ message }) => message);
  },

  async rollup(folder) {
    const warnings = [];
    const bundle = await rollup({
      input: join(folder, "page.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => warnings.push(message),
    });
    await bundle.write({ file: join(folder, "dist/page.js"), format: "es" });
    await bundle.close();
    copyPage(folder);
    return warnings;
  },
};

const copyPage = (folder) => cpSync(join(folder, "index.html"), join(folder, "dist/index.html"));

/** A logger for Vite that keeps what it would have warned of. */
export function viteLogger() {
  const warnings = [];
  const keep = (message) => warnings.push(message);
  const customLogger = { ...createLogger("warn"), info() {}, warn: keep, warnOnce: keep, error: keep };
  return { customLogger, warnings };
}
