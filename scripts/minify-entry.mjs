// Minifies the entries of the package with terser, which can keep some names and shorten others.
import { minify } from "terser";

/** The exports of the entries. Errors and stack traces show these names. A test finds a missing one. */
const EXPORTED = [
  ...["DarajaError", "TokenManager", "generateToken", "isTokenRejected", "memoryStore", "Simulator"],
  ...["redisStore", "postgresStore", "createTableSql", "durableObjectStore", "DarajaTokenObject", "dynamodbStore"],
  ...["fileStore", "storeConformance", "withDaraja", "nodeFetch", "fromEnv", "TokenPool"],
];

/**
 * Properties of the main entry that only its own JavaScript reads: the module, a store and a user do not. For workers
 * their names become one or two letters, which saves 400 bytes after gzip.
 */
const INTERNAL = [
  // The glue.
  ...["__destroy_into_raw", "__wbg_ptr", "__wbg_set_wasm", "ManagerCore", "attemptEnded", "judgeError"],
  ...["closedError", "lateError", "optionNames", "openCore"],
  // The methods of ManagerCore.
  ...["beginAccept", "beginGet", "beginReport", "beginRevalidate", "forgetFailure", "isAcceptedAfterRejection"],
  ...["live", "requestFor", "takeEvent", "stepAttempted", "stepBegun", "stepLoaded", "stepNotSent", "stepStoreFailed"],
  ...["stepSwapped", "stepUnreadable", "stepWoke"],
  // The functions that the module imports from js/host.ts, and what they make.
  ...["darajaError", "attempt", "hasFetch", "readOption", "safeCause", "tokenRequest", "unknownOption", "valueAt"],
  ...["storedRecord", "generate", "fail", "failAsBefore", "liveToken", "tokenEvent", "authorization"],
  ...["failure", "keepRecordMs", "renewalWaitMs", "storeTimeoutMs"],
  // The objects of the rest of js/.
  ...["acquire", "aborts", "begin", "classify", "clock", "enter", "freshness", "freshByMonotonic", "freshByWall"],
  ...["isClosed", "isFresh", "isRejected", "isShared", "isStale", "isUsableDuringRenewal", "isWhole", "joinKey"],
  ...["markStale", "moment", "patienceMs", "renewInMs", "schedule", "secrets", "tokenDuringRenewal"],
  ...["tracksRejections", "calls", "home", "methods", "stored", "what"],
];

/**
 * Minifies the output of esbuild. Node prints the source line of an uncaught error before its message, so lines are
 * short, and the names of the exports stay.
 *
 * The entries of workers need neither, because the tools of their users bundle and minify them anyway. That saves 430
 * bytes.
 *
 * @param {string} code
 * @param {{ format?: import("esbuild").Format, forWorkers: boolean, isMain: boolean }} entry
 */
export async function minifyEntry(code, { format, forWorkers, isMain }) {
  const properties = isMain && { regex: new RegExp(`^(${INTERNAL.join("|")})$`) };
  const { code: result = "" } = await minify(code, {
    module: format === "esm",
    ecma: 2022,
    mangle: forWorkers ? { toplevel: true, properties } : { toplevel: true, reserved: EXPORTED },
    // These options save 88 bytes for workers. They make the other entries larger.
    compress: forWorkers
      ? { hoist_funs: true, lhs_constants: false, unsafe_methods: true }
      : // In CommonJS, compressing would drop the line `0 && (module.exports = …)`, which tells Node the exports' names.
        format === "esm",
    format: forWorkers ? {} : { max_line_len: 160 },
  });
  return result;
}
