// Loads each of Node's own modules when it is first needed.

/**
 * Loads a module without its ES namespace.
 *
 * A namespace reads every export, and the export `WebSocket` of node:http is a getter that loads undici. Node has
 * getBuiltinModule since 20.16 and 22.3. In older versions node:http has no such getter.
 */
const load = <Module>(name: string, older: () => Promise<Module>): Module | Promise<Module> =>
  (process.getBuiltinModule?.(name) as Module | undefined) ?? older();

export const builtin = {
  http: () => load("node:http", () => import("node:http")),
  https: () => load("node:https", () => import("node:https")),
  stream: () => load("node:stream", () => import("node:stream")),
  zlib: () => load("node:zlib", () => import("node:zlib")),
};
