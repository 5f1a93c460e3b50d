// Preloaded into a command. It sends requests for Daraja's two hosts to the addresses in TEST_HOSTS, or makes them
// fail.
import http from "node:http";
import https from "node:https";

const hosts = JSON.parse(process.env.TEST_HOSTS);
const real = https.request;

https.request = (url, options) => {
  const { origin, pathname, search } = new URL(url);
  const there = hosts[origin];
  if (there === undefined) return real(url, options);
  const isReached = there.startsWith("http");
  const target = isReached ? `${there}${pathname}${search}` : "http://127.0.0.1:1/";
  const request = http.request(target, { ...options, agent: undefined });
  if (there === "TIMEOUT")
    request.destroy(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  else if (!isReached) request.destroy(Object.assign(new Error(`${there} ${origin}`), { code: there }));
  return request;
};
