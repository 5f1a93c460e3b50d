// The programs with which the benchmark of `serve` compares it. Each is its own process: node serve-programs.mjs NAME
// [URL].
import { Agent, createServer, request } from "node:http";

const programs = {
  /** A minimal Daraja: it always grants the same token, and accepts all other requests. */
  daraja() {
    const grant = JSON.stringify({ access_token: "c9SQxWWhmdVRlyh0zh8gZDTkubVF", expires_in: "3599" });
    const answer = JSON.stringify({
      ResponseCode: "0",
      ResponseDescription: "Accept the service request successfully.",
    });
    return (incoming, outgoing) => {
      incoming.resume();
      incoming.once("end", () => {
        const body = incoming.url.startsWith("/oauth/") ? grant : answer;
        outgoing.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
      });
    };
  },
  /** A minimal reverse proxy in Node: it pipes, and keeps connections open. */
  proxy(url) {
    const { hostname: host, port } = new URL(url);
    const agent = new Agent({ keepAlive: true });
    return (incoming, outgoing) => {
      const { method, url: path, headers } = incoming;
      const forwarded = request({ host, port, agent, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(outgoing);
      });
      forwarded.on("error", () => outgoing.destroy());
      incoming.pipe(forwarded);
    };
  },
};

const [name, url] = process.argv.slice(2);
const server = createServer(programs[name](url));
// This is longer than a round of the benchmark, because a connection that closes during a call would be an error.
server.keepAliveTimeout = 65_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
