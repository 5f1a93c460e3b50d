// A Daraja that grants tokens and records every other request, byte for byte.
import { once } from "node:events";
import { createServer } from "node:http";

/** Its first token. The later tokens have other numbers. */
export const LIVE = "c9SQxWWhmdVRlyh0zh8gZDTk0001";

/**
 * Starts it. `answer(request, response, body)` answers all requests but those for a token. `requests` has the method,
 * URL, headers, trailers and body of each of them.
 */
export async function startUpstream(t, answer = (_, response) => response.end("{}")) {
  const requests = [];
  let granted = 0;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (request.url.includes("/oauth/")) {
      response.setHeader("content-type", "application/json");
      granted += 1;
      const token = LIVE.slice(0, -4) + String(granted).padStart(4, "0");
      response.end(JSON.stringify({ access_token: token, expires_in: "3599" }));
      return;
    }
    const { method, url, rawHeaders, headers, trailers } = request;
    requests.push({ method, url, rawHeaders, headers, trailers, body });
    answer(request, response, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${server.address().port}`;
  return {
    app: { consumerKey: "KeyOfTheForwardTest", consumerSecret: "SecretOfTheForwardTest" },
    baseUrl: `http://${host}`,
    host,
    requests,
  };
}
