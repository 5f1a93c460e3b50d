// What the command line needs of the manager. It imports pkg/internal.js by its path: package.json exports no such entry.
export { parseRecord, readRecord, SCHEMA } from "./manager/record.ts";
export { recordKey, sharedName } from "./manager/record-key.ts";
