/** What to do where a module fails or cannot start. */
export const REMEDY =
  "A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval', an edge runtime's bundler the condition " +
  "workerd or edge-light. Otherwise please report it.";
