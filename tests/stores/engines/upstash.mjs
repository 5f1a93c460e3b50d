// The part of Upstash's REST interface that @upstash/redis uses, in front of a real Redis. A command is a JSON array, a
// pipeline is an array of commands, and strings come back in base64.
import { once } from "node:events";
import { createServer } from "node:http";

export const token = "upstash-test-token";

const encoded = (value) => {
  if (Array.isArray(value)) return value.map(encoded);
  return typeof value === "string" ? Buffer.from(value).toString("base64") : value;
};

/** `client` is an ioredis client of the real Redis. */
export async function startUpstash(client) {
  const run = async (command) => {
    try {
      return { result: encoded(await client.call(...command)) };
    } catch (error) {
      return { error: error.message };
    }
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const answer = (status, value) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: "Unauthorized" });
    const given = JSON.parse(body);
    if (request.url === "/pipeline") return answer(200, await Promise.all(given.map(run)));
    const outcome = await run(given);
    answer(outcome.error ? 400 : 200, outcome);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
