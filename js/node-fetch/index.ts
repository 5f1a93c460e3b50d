export { fetch } from "./fetch.ts";
export type { NodeFetchInit } from "./request.ts";
