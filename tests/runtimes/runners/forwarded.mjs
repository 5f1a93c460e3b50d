// Sends a request by the token server's connections, and prints the answer.
import { request } from "node:https";
import { Connections } from "./node_modules/daraja-auth/bin/serve/connections.js";

const connections = new Connections("https:");
const outgoing = request("https://daraja.test/", { agent: connections.agent }, (response) => {
  response.once("end", () => connections.close()).pipe(process.stdout);
});
outgoing.once("error", ({ code }) => console.log(code)).end();
