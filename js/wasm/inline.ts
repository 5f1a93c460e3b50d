// For runtimes that compile bytes at run time. The entry holds the module as base64.
import base64 from "#wasm/base64";
import { decodeBase64 } from "./base64.ts";

export const compile = (): WebAssembly.Module => new WebAssembly.Module(decodeBase64(base64));

/** Whether no request may wait for the promise or the timer of another one. */
export const isolated = false;
