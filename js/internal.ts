// The parts of js/ that the command line needs beside the entries. It imports pkg/internal.js by its path, because
// package.json does not export that file.
export { MORE_TIME, remedyFor, TRUST } from "./connection-remedy.ts";
export { didYouMean } from "./did-you-mean.ts";
export {
  isSet,
  lookalikesIn,
  meantEnvironment,
  storeSchemeOf,
  VARIABLES,
  valuesIn,
  warningOf,
} from "./env/variables.ts";
export { parseRecord, readRecord, SCHEMA } from "./manager/record.ts";
export { recordKey, sharedName } from "./manager/record-key.ts";
export { PLATFORMS } from "./stores/many-processes.ts";
