// Loaded by node --import: sends the requests for Daraja to the server that the tests run in its place.
const { fetch } = globalThis;
const HOSTS = ["https://sandbox.safaricom.co.ke/", "https://api.safaricom.co.ke/"];

globalThis.fetch = (input, init) => {
  const host = HOSTS.find((host) => String(input).startsWith(host));
  if (!host) throw new Error("the demo's server sent a request to another host than Daraja's");
  return fetch(String(input).replace(host, `${process.env.DARAJA_STAND_IN}/`), init);
};
