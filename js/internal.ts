// The parts of the package that only the command line uses. It imports pkg/internal.js by path, because package.json
// does not export it.
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
