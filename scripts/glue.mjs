// wasm-bindgen's glue as a function, so that nothing of it runs at import and each instance of a module has its own.
//
// The glue of `--target bundler` has one variable for the instance. Were it shared, an object of an instance that a trap
// has ended would be given back to the instance after it, whose memory it is not in.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const HOST = "daraja-auth-host";
/** What src/ imports from it: `hostOf` of js/host.ts gives an object with these. */
const OF_HOST = `
  DarajaError, accessToken, attempt, call, hasFetch, readOption, safeCause, tokenRequest, unknownOption, valueAt,
  storedRecord, load, write, generate, wait, complete, fail, failAsBefore, liveToken, tokenEvent`;
/** What src/ exports, as js/instance.ts uses it. */
const EXPORTS = [
  "ManagerCore",
  "attemptEnded",
  "closedError",
  "generateToken",
  "judgeError",
  "lateError",
  "optionNames",
  "__wbg_set_wasm",
];

/**
 * Gives the source of `createGlue(host)`, for the module that users import. `host` has the functions of
 * "daraja-auth-host", which src/ declares.
 *
 * The result has wasm-bindgen's exports, and `imports` for WebAssembly.Instance. The names of the imports and exports of
 * the module are those that scripts/optimize-wasm.mjs gave them.
 */
export function clientGlue({ imports, exports }) {
  const shortOf = new Map(exports);
  const plugin = {
    name: "short names",
    setup({ onResolve, onLoad }) {
      onLoad({ filter: /_bg\.js$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        return { contents: text.replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${shortOf.get(name) ?? name}`) };
      });
      onResolve({ filter: new RegExp(`^${HOST}$`) }, () => ({ path: HOST, namespace: HOST }));
      onLoad({ filter: /.*/, namespace: HOST }, () => ({ contents: `export const { ${OF_HOST} } = host;` }));
    },
  };
  const members = imports.map(([from, name, short]) => `${short}: ${from === HOST ? "host" : "glue"}.${name}`);
  // Each is named, so that esbuild leaves out the rest.
  const contents = `
    import * as glue from "./daraja_auth_bg.js";
    exported = {
      ${EXPORTS.map((name) => `${name}: glue.${name}`).join(", ")},
      imports: { a: { ${members.join(", ")} } },
      start: (exports) => exports.${shortOf.get("__wbindgen_start")}(),
    };`;
  return createGlue({ contents, resolveDir: "target/raw" }, [plugin]);
}

/** Gives the source of `createGlue()` for the simulator's module, which has the names that wasm-bindgen gave. */
export function simulatorGlue() {
  const source = readFileSync("target/raw/simulator_bg.js", "utf8");
  const names = [...source.matchAll(/^export (?:function|class|const|let) (\w+)/gm)].map(([, name]) => name);
  // By name: for a namespace, esbuild writes a loop that also finds what stands on Object.prototype, and fails for it.
  const contents = `import { ${names.join(", ")} } from "./simulator_bg.js"; exported = { ${names.join(", ")} };`;
  return createGlue({ contents, resolveDir: "target/raw" }, []);
}

async function createGlue(stdin, plugins) {
  /** @type {import("esbuild").BuildOptions} */
  const options = { bundle: true, write: false, format: "iife", target: "es2022", minify: true };
  const { outputFiles } = await build({ ...options, stdin, plugins });
  return `export function createGlue(host) {
    let exported;
    ${outputFiles[0].text}
    return exported;
  }`;
}
