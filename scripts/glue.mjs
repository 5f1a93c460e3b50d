// wasm-bindgen's glue as a function, so that nothing of it runs at import and each instance has glue of its own.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

/** What src/ imports from "daraja-auth-host". The glue takes it from `hostOf` of js/host.ts. */
const OF_HOST =
  "DarajaError, accessToken, attempt, call, hasFetch, readOption, safeCause, tokenRequest, unknownOption, valueAt";

/** What frees the arguments of a call where another one finds no memory: then the instance is over, with all of it. */
const FREES = /try \{([^{}]*)\} catch \(e\) \{(?:\s*if \(ptr\d\) \{[^{}]*\})*\s*throw e;\s*\}/g;

/**
 * The source of `createGlue(host)` for the module that users import.
 *
 * `imports` and `exports` are the names as scripts/shrink.mjs gives them; what the module does not import is left out.
 */
export async function clientGlue({ imports, exports }) {
  const ofGlue = imports.filter(([module]) => module === "./daraja_auth_bg.js");
  const named = ofGlue.map(([, name, short]) => `${short}: ${name}`);
  const ofHost = imports.filter((name) => !ofGlue.includes(name)).map(([, name, short]) => `${short}: host.${name}`);
  const members = [
    "Core",
    "attemptEnded",
    "classify",
    "generateToken",
    "judgeError",
    "start",
    "__wbg_set_wasm",
    ...named,
  ];
  const shorts = new Map(exports);
  const names = {
    name: "names",
    setup({ onResolve, onLoad }) {
      onLoad({ filter: /_bg\.js$/ }, ({ path }) => {
        const source = `${readFileSync(path, "utf8")}export function start() { wasm.__wbindgen_start(); }`.replace(
          FREES,
          "$1",
        );
        return { contents: source.replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${shorts.get(name) ?? name}`) };
      });
      onResolve({ filter: /^daraja-auth-host$/ }, ({ path }) => ({ path, namespace: "host" }));
      onLoad({ filter: /.*/, namespace: "host" }, () => ({ contents: `export const { ${OF_HOST} } = host;` }));
    },
  };
  const contents = `import { ${members.map((member) => member.split(": ").at(-1)).join(", ")} } from "./daraja_auth_bg.js";
    glue = { ${[...members, ...ofHost].join(", ")} };`;
  return createGlue("host", { contents, resolveDir: "pkg/raw" }, [names]);
}

/** The source of `createGlue()` for the simulator's module, with the names that wasm-bindgen gave. */
export function simulatorGlue() {
  const contents = 'import * as all from "./simulator_bg.js"; glue = { ...all };';
  return createGlue("", { contents, resolveDir: "pkg/raw" }, []);
}

async function createGlue(parameter, stdin, plugins) {
  const options = { bundle: true, write: false, format: "iife", target: "es2022", minify: true };
  const { outputFiles } = await build({ ...options, stdin, plugins });
  return `export function createGlue(${parameter}) {
    let glue;
    ${outputFiles[0].text}
    return glue;
  }`;
}
