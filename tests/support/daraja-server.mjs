// A real HTTP server that answers as Daraja's token endpoint does, for tests in every runtime.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";

export const consumerKey = "Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFi";
export const consumerSecret = "canary-secret-n720GZim:ü";
export const answers = JSON.parse(readFileSync(new URL("../answers.json", import.meta.url), "utf8"));

const basic = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64")}`;
const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization" };

/**
 * Starts the server, over TLS if it gets `{ key, cert }`. The answer depends on the path, which tests choose with the
 * option `path`:
 *   /oauth/v1/generate        a new token for the right pair, the empty 400 for any other
 *   /answers/<name>           the answer of that row of answers.json, with headers for CORS
 *   /flaky/<n>/<id>/<name>    the row for the first n requests with that id, then a token
 *   /redirect/<status>/<url>  a redirect to that URL
 *   /hang                     no answer
 *   /hang-body                half a body, and then nothing more
 *   /cut                      half a body and a closed connection
 *   /endless                  a body that never ends
 *   any other path            the same as /oauth/v1/generate
 */
export async function startDaraja({ host = "127.0.0.1", secure } = {}) {
  const requests = [];
  const seen = new Map();
  let issued = 0;
  const token = (response) => {
    issued += 1;
    const body = { access_token: `c9SQxWWhmdVRlyh0zh8gZDTk${String(issued).padStart(4, "0")}`, expires_in: "3599" };
    response.writeHead(200, { ...CORS, "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const row = (response, name) => {
    const { status, headers, body, bodyRepeated } = answers.find((answer) => answer.name === name);
    response.writeHead(status, { ...CORS, ...headers }).end(bodyRepeated ? body.repeat(bodyRepeated) : body);
  };

  const server = secure ? createSecureServer(secure) : createServer();
  server.on("request", (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://daraja.test");
    if (request.method === "OPTIONS") {
      response.writeHead(204, CORS).end();
      return;
    }
    const entry = { method: request.method, url: request.url, headers: request.headers, closedEarly: false };
    requests.push(entry);
    response.on("close", () => {
      entry.closedEarly = !response.writableFinished;
    });
    const [, kind, ...rest] = pathname.split("/").map(decodeURIComponent);
    if (kind === "answers") row(response, rest[0]);
    else if (kind === "flaky") {
      const [times, id, name] = rest;
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      if (count <= Number(times)) row(response, name);
      else token(response);
    } else if (kind === "redirect") response.writeHead(Number(rest[0]), { ...CORS, location: rest[1] }).end();
    else if (kind === "hang") return;
    else if (kind === "hang-body" || kind === "cut" || kind === "endless") {
      response.writeHead(200, { ...CORS, "content-type": "application/json" });
      response.write('{"access_token":"c9SQxWW');
      if (kind === "cut") setImmediate(() => response.destroy());
      if (kind === "endless") {
        const more = () => {
          while (!response.destroyed && response.write("x".repeat(16_384)));
        };
        response.on("drain", more);
        more();
      }
    } else if (request.headers.authorization !== basic) {
      response.writeHead(400, { ...CORS, "content-type": "text/plain", "content-length": "0" }).end();
    } else if (request.method !== "GET" || searchParams.get("grant_type") !== "client_credentials") {
      row(response, "invalid-grant-type");
    } else token(response);
  });
  await new Promise((resolve) => server.listen(0, host, resolve));
  return {
    baseUrl: `${secure ? "https" : "http"}://${host}:${server.address().port}`,
    requests,
    get issued() {
      return issued;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
