import { readOption } from "./options.ts";

/** Names what the environment lacks, and the remedy, for a module that a program compiles at run time. */
export function hintInternal(cause: unknown): string {
  const missing = ["WebAssembly", "TextDecoder", "TextEncoder"].find((name) => !(name in globalThis));
  // jest's environment jsdom has no TextDecoder and no TextEncoder, and --jitless leaves no WebAssembly.
  if (missing) return `There is no ${missing} here. In jest, use @jest-environment node; in Node, no --jitless.`;
  // Hosts that limit the address space (ulimit -v) refuse the 10 GB that V8 reserves for each memory.
  if (/out of memory|allocate/i.test(readOption(cause ?? {}, "message").value as string)) {
    return "WebAssembly gets no memory here. Set NODE_OPTIONS=--disable-wasm-trap-handler.";
  }
  return (
    "A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval'. An edge runtime's bundler needs the condition " +
    "workerd or edge-light. Otherwise report it."
  );
}
