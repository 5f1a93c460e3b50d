// Preloaded into a command: sends what goes to Daraja's two hosts to where TEST_HOSTS says, or lets it fail there.
const hosts = JSON.parse(process.env.TEST_HOSTS);
const real = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const { origin, pathname, search } = new URL(input);
  const there = hosts[origin];
  if (there === undefined) return real(input, init);
  if (there === "TIMEOUT") throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
  if (!there.startsWith("http")) {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error(`${there} ${origin}`), { code: there }) });
  }
  return real(`${there}${pathname}${search}`, init);
};
