// The agents, which keep connections open between requests.
import type { Agent, AgentOptions } from "node:http";

/** An idle connection is closed after this time, as Node's own agent does. */
const IDLE_CONNECTION_MS = 5_000;
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

const agents = new Map<string, Agent>();

/**
 * Gives the agent for an address.
 *
 * It uses the proxy that the usual variables name, from Node 22.21 and 24.5 on. An older Node ignores the option. A
 * server on this machine gets no proxy: without TLS, a proxy would read the credentials.
 */
export function agentFor(url: URL, Agent: new (options: AgentOptions) => Agent): Agent {
  const isDirect = LOOPBACK.test(url.hostname);
  const key = `${url.protocol}${isDirect}`;
  const known = agents.get(key);
  if (known) return known;
  const proxyEnv = isDirect ? {} : proxyVariables();
  const agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS, proxyEnv });
  agents.set(key, agent);
  return agent;
}

/** Takes only these variables, because an agent shows its options when it is logged. */
function proxyVariables(): NodeJS.ProcessEnv {
  const set = PROXY_VARIABLES.filter((name) => process.env[name]);
  return Object.fromEntries(set.map((name) => [name, process.env[name]]));
}
