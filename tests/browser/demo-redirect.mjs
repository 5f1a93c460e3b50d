// Loaded by node --import. It sends requests for Daraja to the test's own server.
const { fetch } = globalThis;
const HOSTS = ["https://sandbox.safaricom.co.ke/", "https://api.safaricom.co.ke/"];

globalThis.fetch = (input, init) => {
  const host = HOSTS.find((host) => String(input).startsWith(host));
  if (!host) throw new Error("the demo's server sent a request to another host than Daraja's");
  return fetch(String(input).replace(host, `${process.env.DARAJA_STAND_IN}/`), init);
};
