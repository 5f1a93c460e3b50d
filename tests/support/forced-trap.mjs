// Causes a trap in one call into or out of the package's module, whose imports and exports it wraps. It must be imported
// before the package starts its module. It has no imports, so that it runs in every runtime.

/** (module (func (export "trap") unreachable)) */
const bytes = "0061736d0100000001040160000003020100070801047472617000000a05010300000b";
const { Module, Instance } = WebAssembly;
const { trap } = new Instance(new Module(Uint8Array.from(bytes.match(/../g), (hex) => parseInt(hex, 16)))).exports;

let trapsAt;

/** From now on, the first call for which `matches(kind, args)` holds traps. The kind is "export" or "import". */
export function trapAt(matches) {
  trapsAt = matches;
}

/** Whether a requested trap has not happened yet. */
export const isPending = () => trapsAt !== undefined;

// The functions of the shipped module have no names, so tests recognize them by their arguments.
export const anExport = (kind) => kind === "export";
export const anImport = (kind) => kind === "import";

const guard = (kind, functions) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      const run = (...args) => {
        if (!trapsAt?.(kind, args)) return value(...args);
        trapsAt = undefined;
        return trap();
      };
      return [name, run];
    }),
  );

WebAssembly.Instance = class {
  constructor(module, imports) {
    // The imports of the package's module are in "a". The simulator's module is not changed.
    const isOurs = Object.keys(imports).includes("a");
    const guarded = new Proxy(imports, { get: (all, name) => guard("import", all[name]) });
    const { exports } = new Instance(module, isOurs ? guarded : imports);
    this.exports = isOurs ? guard("export", exports) : exports;
  }
};
